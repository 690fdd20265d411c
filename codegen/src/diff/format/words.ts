/** Texts that several formats share. */
import { CLASSES, type ChangeClass } from "../rules.js";
import type { Report } from "../report.js";

/** Headings of the classes. */
export const TITLES: Readonly<Record<ChangeClass, string>> = {
  breaking: "Breaking",
  behaviour: "Behaviour",
  addition: "Additions",
  docs: "Docs",
};

/** Explanation of a class, for first-time readers. */
export const MEANINGS: Readonly<Record<ChangeClass, string>> = {
  breaking: "code stops compiling, or calls that were accepted fail",
  behaviour: "the same calls have another effect",
  addition: "new things only",
  docs: "labels and order only",
};

/** Whether the advice of a change requires action. */
export function isCallToAct(kind: ChangeClass): boolean {
  return kind === "breaking" || kind === "behaviour";
}

export const NOTHING = "Nothing that a caller can notice has changed.";

/** E.g. `2 breaking, 1 behaviour, 3 additions`; classes without a change are omitted. */
export function counts({ summary }: Report): string {
  const parts = CLASSES.filter((kind) => summary[kind] > 0).map((kind) =>
    count(kind, summary[kind]),
  );
  return parts.length === 0 ? "no open change" : parts.join(", ");
}

function count(kind: ChangeClass, many: number): string {
  return `${many} ${kind}${kind === "addition" && many !== 1 ? "s" : ""}`;
}

export function plural(many: number, word: string): string {
  return `${many} ${word}${many === 1 ? "" : "s"}`;
}
