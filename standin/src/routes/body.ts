/** JSON bodies. */
import { ValidationError } from "../http/errors.js";
import { readBody } from "../http/multipart.js";
import { parsePythonJson, plainValue } from "../http/python-json.js";
import type { Context } from "../http/route.js";

/** The server reads a body of any other type as text. */
function isJson(contentType = ""): boolean {
  return /^application\/(?:[\w.-]+\+)?json$/i.test(contentType.split(";")[0]?.trim() ?? "");
}

/** The body as an object, or a 422 as in the real server's validation. Fractions are `PythonFloat`s. */
export async function readJsonObject(context: Context): Promise<Record<string, unknown>> {
  const text = (await readBody(context.body)).toString("utf8");
  if (text === "") {
    throw new ValidationError([
      { type: "missing", loc: ["body"], msg: "Field required", input: null },
    ]);
  }
  let value: unknown = text;
  try {
    if (isJson(context.req.headers["content-type"])) value = parsePythonJson(text);
  } catch {
    const ctx = { error: "Expecting value" };
    throw new ValidationError([
      { type: "json_invalid", loc: ["body", 0], msg: "JSON decode error", input: {}, ctx },
    ]);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const msg = "Input should be a valid dictionary or object to extract fields from";
    throw new ValidationError([
      { type: "model_attributes_type", loc: ["body"], msg, input: plainValue(value) },
    ]);
  }
  return value as Record<string, unknown>;
}
