/**
 * Which host names and IP addresses belong to this machine or a private network, where an address from a
 * stranger must not lead. Pure.
 */

/** Networks that are not public, as IPv4 prefixes (IANA special-purpose registry). */
const PRIVATE_V4: readonly (readonly [number, number])[] = (
  [
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.0.2.0", 24],
    ["192.88.99.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
    ["224.0.0.0", 3],
  ] as const
).map(([address, bits]) => [v4(address) as number, bits]);

/** Whether an IP address, in any notation that a URL allows, is outside the public internet. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const ipv4 = v4(bare);
  if (ipv4 !== undefined) return isPrivateV4(ipv4);
  const groups = v6(bare);
  // An address that cannot be parsed is not trusted.
  if (!groups) return true;
  const [first = 0, second = 0] = groups;
  const tail = (((groups[6] ?? 0) << 16) | (groups[7] ?? 0)) >>> 0;
  const zeros = groups.slice(0, 5).every((group) => group === 0);
  // IPv4 in IPv6: mapped, compatible (including `::1` and `::`), translated (NAT64), and 6to4.
  if (zeros && (groups[5] === 0xffff || groups[5] === 0)) return isPrivateV4(tail);
  // Each network lays out the rest of 64:ff9b::/32 itself, so the target cannot be derived from the address.
  if (first === 0x64 && second === 0xff9b)
    return groups.slice(2, 6).some((group) => group !== 0) || isPrivateV4(tail);
  if (first === 0x2002) return isPrivateV4(((second << 16) | (groups[2] ?? 0)) >>> 0);
  // Only 2000::/3 is assigned; within it, 2001::/23 (Teredo and more) and the documentation range are not
  // public.
  return (
    first >>> 13 !== 1 ||
    (first === 0x2001 && (second < 0x200 || second === 0xdb8)) ||
    first === 0x3fff
  );
}

/** Suffixes of names that only a home or company network resolves, if any. */
const LOCAL_NAME =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/i;

/** Whether a URL's host is a private IP address, or a name that never leaves the machine or its network. */
export function isPrivateHost(host: string): boolean {
  if (/^\[|^[\d.]+$/.test(host)) return isPrivateAddress(host);
  const name = host.replace(/\.$/, "");
  return LOCAL_NAME.test(name) || !name.includes(".");
}

function isPrivateV4(address: number): boolean {
  return PRIVATE_V4.some(
    ([net, bits]) => Math.floor(address / 2 ** (32 - bits)) === Math.floor(net / 2 ** (32 - bits)),
  );
}

function v4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part < 256)
    ? parts.reduce((sum, part) => sum * 256 + part, 0)
    : undefined;
}

/** The eight groups of an IPv6 address. */
function v6(text: string): number[] | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const last = dotted && v4(dotted[2] as string);
  if (dotted && last === undefined) return undefined;
  const hex = dotted
    ? `${dotted[1]}${((last as number) >>> 16).toString(16)}:${((last as number) & 0xffff).toString(16)}`
    : text;
  if (!/^[\da-f:]+$/i.test(hex)) return undefined;
  const [left = "", right, ...more] = hex.split("::");
  if (more.length > 0) return undefined;
  const numbers = (side: string): number[] =>
    side === "" ? [] : side.split(":").map((group) => parseInt(group, 16));
  const before = numbers(left);
  const after = right === undefined ? [] : numbers(right);
  const gap = 8 - before.length - after.length;
  if (right === undefined ? gap !== 0 : gap < 1) return undefined;
  const groups = [...before, ...Array<number>(gap).fill(0), ...after];
  return groups.every((group) => group <= 0xffff) ? groups : undefined;
}
