/** `x-visionatrix`: hostile texts in place of names, and invalid shapes. */
import { oneFlow } from "../support/documents.js";
import type { HostileCase } from "./case.js";
import { texts } from "./texts.js";

function described(
  name: string,
  flow: unknown,
  outcome: string,
  parameter: unknown = {},
): HostileCase {
  return {
    name,
    document: oneFlow(
      { prompt: { type: "string", "x-visionatrix": parameter } },
      { form: { "x-visionatrix": flow } },
    ),
    outcome,
  };
}

const output = { node: 9, kind: "image" };

/** The attacks of the other texts, as title, tag and version. */
const attacks = texts.flatMap(({ name, document }): HostileCase[] => {
  const { paths } = JSON.parse(document) as {
    paths: Record<
      string,
      { put: { requestBody: { content: Record<string, { schema: { title: string } }> } } }
    >;
  };
  const text =
    Object.values(paths)[0]?.put.requestBody.content["multipart/form-data"]?.schema.title;
  if (text === undefined) throw new Error("a case without its text");
  return [
    described(
      name,
      { title: text, tags: [text, `${text}x`], version: text, outputs: [output] },
      "accepted",
    ),
  ];
});

export const facts: readonly HostileCase[] = [
  ...attacks,
  described("members that nobody knows", { title: "a", evil: "*/", __proto__: 1 }, "accepted"),
  described("facts that are no object", "title", "schema_unknown"),
  described("facts that are null", null, "schema_unknown"),
  described("a title that is a number", { title: 7 }, "schema_unknown"),
  described("a title with half a character", { title: "\ud800" }, "text_not_unicode"),
  described("tags that are a text", { tags: "a" }, "schema_unknown"),
  described("a tag that is an object", { tags: [{}] }, "schema_unknown"),
  described("a tag with half a character", { tags: ["\udc00"] }, "text_not_unicode"),
  described("an empty tag", { tags: [""] }, "schema_unknown"),
  described("a version that is a list", { version: [] }, "schema_unknown"),
  described("a flag that is a text", { hidden: "true" }, "schema_unknown"),
  described("outputs that are an object", { outputs: {} }, "schema_unknown"),
  described("an output that is a text", { outputs: ["9"] }, "schema_unknown"),
  described(
    "an output of a kind that is not known",
    { outputs: [{ node: 9, kind: "*/ x" }] },
    "schema_unknown",
  ),
  described(
    "an output of a kind that objects inherit",
    { outputs: [{ node: 9, kind: "constructor" }] },
    "schema_unknown",
  ),
  described(
    "an output with a text for its node",
    { outputs: [{ node: "9", kind: "image" }] },
    "schema_unknown",
  ),
  described(
    "an output with a fraction for its node",
    { outputs: [{ node: 0.5, kind: "image" }] },
    "schema_unknown",
  ),
  described("an output below 0", { outputs: [{ node: -1, kind: "image" }] }, "schema_unknown"),
  described(
    "an output with a node beyond a double",
    { outputs: [{ node: 1e300, kind: "image" }] },
    "schema_unknown",
  ),
  described("two outputs of one node", { outputs: [output, output] }, "schema_unknown"),
  described("parameter flags that are a text", {}, "schema_unknown", "advanced"),
  described("a parameter flag that is a number", {}, "schema_unknown", { hidden: 1 }),
];
