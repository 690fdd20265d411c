/** File names on disk: filled from patterns, and safe on every platform. Pure. */

/** Longest name in UTF-8 bytes that every common file system accepts, with room for a suffix. */
const MAX_NAME_BYTES = 200;

/** Names that Windows reserves for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\.|$)/i;

/** Turns a name into a single path component on every platform; never empty, `.` or `..`. */
export function safeName(name: string): string {
  const clean = name
    .replace(/^.*[/\\]/s, "")
    // Control and format characters, lone surrogates, and characters that Windows forbids.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu, "_")
    .replace(/^\s+|[\s.]+$/g, "");
  const safe =
    RESERVED.test(clean) || /^\.*$/.test(clean) ? `_${clean.replace(/^\.+/, "")}` : clean;
  return cut(safe, /\.[A-Za-z0-9]{1,8}$/.exec(safe)?.[0] ?? "");
}

/** Values of a pattern's placeholders. */
export type NameFields = Readonly<
  Record<"flow" | "task" | "node" | "index" | "seed" | "name" | "ext", string>
>;

/**
 * Fills a pattern such as `{flow}/{task}-{seed}`. A slash in the pattern makes a folder; a slash in a value
 * does not. The extension is appended when the pattern has no `{ext}`.
 * @returns path components, each safe
 * @throws TypeError for an unknown placeholder
 */
export function fillPattern(pattern: string, fields: NameFields): string[] {
  const whole = pattern.includes("{ext}") ? pattern : `${pattern}.{ext}`;
  return whole
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) =>
      safeName(
        segment.replace(/\{(\w+)\}/g, (_, key: string) => {
          if (!Object.hasOwn(fields, key))
            throw new TypeError(
              `there is no {${key}}; a pattern may hold ${Object.keys(fields)
                .map((known) => `{${known}}`)
                .join(" ")}`,
            );
          return fields[key as keyof NameFields].replace(/[/\\]/g, "_");
        }),
      ),
    );
}

/** Shortens a name to what file systems accept, and keeps its suffix. */
function cut(name: string, suffix: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(name).length <= MAX_NAME_BYTES) return name;
  let stem = "";
  let bytes = suffix.length;
  for (const char of name.slice(0, name.length - suffix.length)) {
    bytes += encoder.encode(char).length;
    if (bytes > MAX_NAME_BYTES) break;
    stem += char;
  }
  return stem.replace(/[\s.]+$/, "") + suffix;
}
