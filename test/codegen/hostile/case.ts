import { oneFlow } from "../support/documents.js";

/** A malicious description, and the expected outcome. */
export interface HostileCase {
  readonly name: string;
  readonly document: string;
  /** `accepted`, or the code of the error that refuses it. */
  readonly outcome: string;
}

/** Puts a text into every place of a form where we keep text of a description. */
export function everywhere(name: string, text: string): HostileCase {
  return {
    name,
    document: oneFlow(
      {
        [text]: { type: "string", title: text, description: text },
        label: { type: "string", description: text },
        worth: { type: "string", default: text },
        pick: {
          type: "string",
          enum: [text, `${text}${text}`, "plain"],
          default: text,
          description: text,
        },
        file: {
          anyOf: [
            { type: "string", format: "binary", title: text },
            { type: "string", description: text },
          ],
          contentMediaType: text,
          description: text,
        },
        annotated: {
          type: "boolean",
          "x-note": text,
          examples: [text],
          $comment: text,
          title: text,
        },
      },
      { required: ["label"], form: { title: text, description: text } },
    ),
    outcome: "accepted",
  };
}

/** One parameter with that schema. */
export function schema(name: string, parameter: object, outcome: string): HostileCase {
  return { name, document: oneFlow({ a: parameter }), outcome };
}

/** A document given as text. */
export function raw(name: string, document: string, outcome: string): HostileCase {
  return { name, document, outcome };
}

/** One flow with that id. */
export function flowId(
  id: string,
  outcome = "accepted",
  name = `flow id ${JSON.stringify(id)}`,
): HostileCase {
  return { name, document: oneFlow({ prompt: { type: "string" } }, { id }), outcome };
}
