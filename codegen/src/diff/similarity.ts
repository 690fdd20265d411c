/** Similarity of two names, texts, or parameters: numbers from 0 to 1, symmetric. */
import type { ParameterModel } from "../model/flow.js";

/** Similarity of two names: by their words, or by their letters if that gives more. */
export function nameLikeness(a: string, b: string): number {
  if (a === b) return 1;
  return Math.max(overlap(words(a), words(b)), overlap(letterPairs(a), letterPairs(b)));
}

/** Shared members of two lists, as a fraction of all members; two empty lists are equal. */
export function overlap(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 1;
  const counts = new Map<string, number>();
  for (const item of a) counts.set(item, (counts.get(item) ?? 0) + 1);
  let shared = 0;
  for (const item of b) {
    const left = counts.get(item) ?? 0;
    if (left === 0) continue;
    counts.set(item, left - 1);
    shared += 1;
  }
  return (2 * shared) / (a.length + b.length);
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Only this much of a text is compared, so that long texts cost no more. */
const LONGEST = 64;

function letterPairs(text: string): string[] {
  const letters = text.slice(0, LONGEST).toLowerCase();
  return Array.from({ length: Math.max(0, letters.length - 1) }, (_, index) =>
    letters.slice(index, index + 2),
  );
}

/** Similarity of what two parameters accept. Different kinds have none; any two texts are rather similar. */
export function shapeLikeness(a: ParameterModel, b: ParameterModel): number {
  if (a.kind !== b.kind) return isNumber(a) && isNumber(b) ? 0.8 * limitsLikeness(a, b) : 0;
  const preset = a.default === b.default ? 1 : 0;
  switch (a.kind) {
    case "choice":
      return 0.85 * overlap(a.choices ?? [], b.choices ?? []) + 0.15 * preset;
    case "number":
    case "integer":
      return limitsLikeness(a, b);
    case "file":
      return a.accept === b.accept ? 0.9 : 0.5;
    case "text":
    case "boolean":
      return a.default !== undefined && a.default === b.default ? 1 : 0.7;
  }
}

function isNumber({ kind }: ParameterModel): boolean {
  return kind === "number" || kind === "integer";
}

function limitsLikeness(a: ParameterModel, b: ParameterModel): number {
  const equal = (["min", "max", "step", "default"] as const).filter((key) => a[key] === b[key]);
  return 0.2 + 0.2 * equal.length;
}
