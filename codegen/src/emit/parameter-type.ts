/** The TypeScript type of a parameter that is not a choice. */
import type { ParameterModel } from "../model/flow.js";
import { code, type Code } from "../safe/code.js";

const FILES: ReadonlyMap<string, Code> = new Map([
  ["image/*", code`FileInput<"image">`],
  ["video/*", code`FileInput<"video">`],
  ["audio/*", code`FileInput<"audio">`],
]);

/** One of a few types, all defined here. (A choice is the union of its texts, which the template writes.) */
export function parameterType({
  kind,
  default: preset,
  accept = "",
}: Pick<ParameterModel, "kind" | "default" | "accept">): Code {
  switch (kind) {
    case "choice":
      return code`string`;
    case "text":
      // A text with a numeric default also accepts numbers; it is sent as text.
      return typeof preset === "number" ? code`string | number` : code`string`;
    case "boolean":
      return code`boolean`;
    case "number":
    case "integer":
      return code`number`;
    case "file":
      return FILES.get(accept) ?? code`FileInput`;
  }
}
