/** Prefix codes for the WebP writer. */

/** A code word, with its bits in the order in which they are written. */
export interface CodeWord {
  readonly bits: number;
  readonly length: number;
}

const MAX_LENGTH = 15;

interface Node {
  readonly weight: number;
  readonly symbols: readonly number[];
}

function lengthsFor(counts: readonly number[], floor: number): number[] {
  const lengths = counts.map(() => 0);
  let nodes: Node[] = counts.flatMap((count, symbol) =>
    count === 0 ? [] : [{ weight: Math.max(count, floor), symbols: [symbol] }],
  );
  while (nodes.length > 1) {
    nodes.sort((a, b) => b.weight - a.weight);
    const last = nodes.pop();
    const other = nodes.pop();
    if (last === undefined || other === undefined) break;
    const symbols = [...last.symbols, ...other.symbols];
    for (const symbol of symbols) lengths[symbol] = (lengths[symbol] ?? 0) + 1;
    nodes = [...nodes, { weight: last.weight + other.weight, symbols }];
  }
  return lengths;
}

/** Code lengths of at most 15 bits; rare symbols are treated as less rare until they fit. */
export function codeLengths(counts: readonly number[]): number[] {
  for (let floor = 1; ; floor *= 2) {
    const lengths = lengthsFor(counts, floor);
    if (Math.max(...lengths) <= MAX_LENGTH) return lengths;
  }
}

function reverse(value: number, length: number): number {
  let out = 0;
  for (let k = 0; k < length; k += 1) out |= ((value >> k) & 1) << (length - 1 - k);
  return out;
}

/** The canonical code with these lengths. */
export function codeWords(lengths: readonly number[]): CodeWord[] {
  const words: CodeWord[] = lengths.map(() => ({ bits: 0, length: 0 }));
  let code = 0;
  for (let length = 1; length <= MAX_LENGTH; length += 1) {
    for (const [symbol, own] of lengths.entries()) {
      if (own !== length) continue;
      words[symbol] = { bits: reverse(code, length), length };
      code += 1;
    }
    code <<= 1;
  }
  return words;
}
