/** Texts of a description, and the error for an unknown shape. */
import { CodegenError } from "../errors.js";
import type { Place } from "../json/pointer.js";
import { preview } from "../json/value.js";

/** A text that can be sent and stored; a lone surrogate can be neither. */
export function readText(place: Place): string {
  const value = place.value as string;
  if (!isWellFormed(value)) {
    throw new CodegenError("text_not_unicode", "A text holds half of a surrogate pair.", {
      pointer: place.pointer,
      value: preview(value),
      hint: "Such a text cannot be sent; ask the flow's author to fix it.",
    });
  }
  return value;
}

/** The error for a shape with an unknown meaning. */
export function unknownShape(place: Place, message: string): CodegenError {
  return new CodegenError("schema_unknown", message, {
    pointer: place.pointer,
    value: preview(place.value),
    hint: "Update vix-codegen; if the newest version says the same, report the flow's schema.",
  });
}

/** `String.prototype.isWellFormed`, which is missing from the compiler's ES2022 library. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
