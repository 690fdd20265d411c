/** Compares the files that a file parameter accepts. */
import type { Facet } from "./facet.js";

export const mediaFacet: Facet = (old, now) => {
  if (old.kind !== "file" || now.kind !== "file" || old.accept === now.accept) return [];
  return [
    {
      rule: takesAll(now.accept, old.accept) ? "param-media-widened" : "param-media-changed",
      before: old.accept ?? null,
      after: now.accept ?? null,
    },
  ];
};

/** Whether `wide` includes every file of the media type `narrow`; no type means all files. */
function takesAll(wide: string | undefined, narrow: string | undefined): boolean {
  if (wide === undefined || wide === "*/*") return true;
  if (narrow === undefined || !wide.endsWith("/*")) return false;
  return narrow.startsWith(wide.slice(0, -1));
}
