/** `$ref`: resolved only within the document. Nothing is ever fetched or read because of one. */
import { CodegenError } from "../errors.js";
import { type Place, pointerKeys } from "../json/pointer.js";
import { isObject, preview, quote, type Json } from "../json/value.js";

/** The value of a place, with its `$ref` chain resolved, if any. */
export function resolve(root: Place, place: Place): Place {
  const seen = new Set<string>();
  let here = place;
  for (;;) {
    const { value } = here;
    if (!isObject(value) || !value.has("$ref")) return here;
    const target = follow(root, here.at("$ref"));
    if (seen.has(target.pointer)) {
      throw new CodegenError("ref_cyclic", "A $ref leads back to itself.", {
        pointer: here.at("$ref").pointer,
        value: preview(value.get("$ref")),
        hint: "The document is invalid; ask its author to fix it.",
      });
    }
    seen.add(target.pointer);
    here = value.size === 1 ? target : mergeSiblings(target, value);
  }
}

/** Resolves every `$ref` below a place once, so that a broken one is an error even if it is unused. */
export function checkReferences(root: Place, place: Place): void {
  const { value } = place;
  if (Array.isArray(value)) value.forEach((_, index) => checkReferences(root, place.at(index)));
  if (!isObject(value)) return;
  for (const [key, member] of value) {
    if (key === "$ref" && typeof member === "string") follow(root, place.at(key));
    else checkReferences(root, place.at(key));
  }
}

/** OpenAPI 3.1 allows sibling keywords of `$ref`; they extend the target and override it. */
function mergeSiblings(target: Place, value: ReadonlyMap<string, Json>): Place {
  if (!isObject(target.value)) return target;
  const merged = new Map(target.value);
  for (const [key, member] of value) if (key !== "$ref") merged.set(key, member);
  return target.with(merged);
}

function follow(root: Place, ref: Place): Place {
  const { value, pointer } = ref;
  if (typeof value !== "string") {
    throw new CodegenError("ref_invalid", "A $ref is not a string.", {
      pointer,
      value: preview(value),
      hint: "The document is invalid; ask its author to fix it.",
    });
  }
  if (!value.startsWith("#")) {
    throw new CodegenError("ref_foreign", "A $ref points outside the document.", {
      pointer,
      value: quote(value),
      hint: "Only references within the document are followed. Bundle it into one document first.",
    });
  }
  const keys = pointerKeys(value.slice(1));
  let here: Place | undefined = keys === undefined ? undefined : root;
  for (const key of keys ?? []) here = here?.at(key);
  if (here?.value === undefined) {
    throw new CodegenError("ref_dangling", "A $ref points to nothing.", {
      pointer,
      value: quote(value),
      hint: "The document is incomplete; pull it again or ask its author to fix it.",
    });
  }
  // A place reached by a pointer keeps the canonical pointer, however the reference spells it.
  return here;
}
