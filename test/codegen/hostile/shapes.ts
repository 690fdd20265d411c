/** Invalid numbers, enums, references and whole documents. */
import { oneFlow } from "../support/documents.js";
import { raw, schema, type HostileCase } from "./case.js";

const number = (text: string, key = "maximum"): string =>
  oneFlow({ a: { type: "number", marker: 1 } }).replace('"marker":1', `"${key}":${text}`);

const reference = (ref: unknown, components: object = {}): string => {
  const document = JSON.parse(oneFlow({ a: { $ref: ref } })) as Record<string, unknown>;
  return JSON.stringify({ ...document, components: { schemas: components } });
};

const form = (media: string): string =>
  oneFlow({ a: { type: "string" } }).replace("multipart/form-data", media);

const VALID = oneFlow({ a: { type: "string", description: "A" } });

export const numbers: readonly HostileCase[] = [
  raw("beyond the range", number("1e999"), "accepted"),
  raw("beyond the range, below", number("-1e999", "minimum"), "accepted"),
  raw("beyond 2^53 with lost digits", number("9007199254740993"), "accepted"),
  raw("beyond 2^53 as a default", number("18446744073709551617", "default"), "number_inexact"),
  raw("maximum below all doubles", number("-1e999"), "number_inexact"),
  raw("minimum above all doubles", number("1e999", "minimum"), "number_inexact"),
  raw("step beyond 2^53", number("9007199254740993", "multipleOf"), "number_inexact"),
  schema("boolean whose default is a number", { type: "boolean", default: 2 }, "schema_unknown"),
  raw("2^53 exactly", number("9007199254740992"), "accepted"),
  raw("as a server writes 2^64", number("1.8446744073709552e+19"), "accepted"),
  raw("1e21", number("1e21"), "accepted"),
  raw("-0", number("-0", "minimum"), "accepted"),
  raw("-0.0 as a default", number("-0.0", "default"), "accepted"),
  raw("too small to be anything", number("1e-400", "minimum"), "accepted"),
  raw("smallest", number("5e-324", "multipleOf"), "accepted"),
  raw("negative", number("-3.5", "default"), "accepted"),
  raw("step of zero", number("0", "multipleOf"), "accepted"),
  raw("negative step", number("-1", "multipleOf"), "schema_unknown"),
  raw("NaN", number("NaN"), "json_syntax"),
  raw("Infinity", number("Infinity"), "json_syntax"),
  raw("hexadecimal", number("0x10"), "json_syntax"),
  raw("leading zero", number("012"), "json_syntax"),
  raw("plus sign", number("+1"), "json_syntax"),
  schema(
    "limit as a text",
    { type: "number", maximum: "1); process.exit(1); (" },
    "schema_unknown",
  ),
  schema("limit as an object", { type: "number", minimum: { valueOf: 1 } }, "schema_unknown"),
  schema("minimum above maximum", { type: "number", minimum: 2, maximum: 1 }, "schema_unknown"),
  schema(
    "number whose default is code",
    { type: "number", default: "1;process.exit(1)" },
    "schema_unknown",
  ),
  schema(
    "number whose default is hexadecimal",
    { type: "number", default: "0x10" },
    "schema_unknown",
  ),
  schema("integer with a fraction as default", { type: "integer", default: 1.5 }, "schema_unknown"),
  schema("limits of a text", { type: "string", maximum: 3 }, "schema_unknown"),
];

export const enums: readonly HostileCase[] = [
  schema("empty", { type: "string", enum: [] }, "schema_unknown"),
  schema("repeated", { type: "string", enum: ["a", "b", "a"] }, "accepted"),
  schema("of mixed types", { type: "string", enum: ["a", 1, null] }, "schema_unknown"),
  schema("of objects", { type: "string", enum: [{ toString: "x" }] }, "schema_unknown"),
  schema("that is no list", { type: "string", enum: "a" }, "schema_unknown"),
  schema("that is an object", { type: "string", enum: { length: 1, 0: "a" } }, "schema_unknown"),
  schema(
    "of 5,000 choices",
    { type: "string", enum: Array.from({ length: 5_000 }, (_, i) => `choice ${i}`) },
    "accepted",
  ),
  schema("with a half pair", { type: "string", enum: ["\ud83d"] }, "text_not_unicode"),
  schema("with an empty text", { type: "string", enum: ["", " "] }, "accepted"),
  schema(
    "whose default is none of them",
    { type: "string", enum: ["a"], default: "b" },
    "accepted",
  ),
  schema(
    "whose default is an object",
    { type: "string", enum: ["a"], default: { a: 1 } },
    "schema_unknown",
  ),
  schema("const", { type: "string", const: "*/" }, "schema_unknown"),
  schema("pattern", { type: "string", pattern: "^(a+)+$" }, "schema_unknown"),
  schema("format", { type: "string", format: "*/ evil" }, "schema_unknown"),
  schema("boolean with a text as default", { type: "boolean", default: "true" }, "accepted"),
  schema("text with a list as default", { type: "string", default: ["a"] }, "schema_unknown"),
];

export const references: readonly HostileCase[] = [
  raw("to a file", reference("file:///etc/passwd"), "ref_foreign"),
  raw("to a path", reference("../../../etc/passwd"), "ref_foreign"),
  raw("to an absolute path", reference("/etc/passwd#/a"), "ref_foreign"),
  raw("to a host", reference("http://169.254.169.254/latest/meta-data"), "ref_foreign"),
  raw("to a host without a scheme", reference("//evil.example/x.json#/a"), "ref_foreign"),
  raw(
    "to a host, at a response",
    VALID.replace('"responses":{}', '"responses":{"200":{"$ref":"https://evil.example/x"}}'),
    "ref_foreign",
  ),
  raw("dangling", reference("#/components/schemas/nothing"), "ref_dangling"),
  raw(
    "dangling, at a response",
    VALID.replace('"responses":{}', '"responses":{"200":{"$ref":"#/nothing"}}'),
    "ref_dangling",
  ),
  raw(
    "to a member of Object.prototype",
    reference("#/components/schemas/constructor"),
    "ref_dangling",
  ),
  raw("to __proto__", reference("#/__proto__"), "ref_dangling"),
  raw("to a name, not a pointer", reference("#anchor"), "ref_dangling"),
  raw("badly escaped", reference("#/%E0%A4%A"), "ref_dangling"),
  raw("not a text", reference({ evil: 1 }), "ref_invalid"),
  raw("a number", reference(7), "ref_invalid"),
  raw(
    "to itself",
    reference("#/components/schemas/a", { a: { $ref: "#/components/schemas/a" } }),
    "ref_cyclic",
  ),
  raw(
    "in a circle of two",
    reference("#/components/schemas/a", {
      a: { $ref: "#/components/schemas/b" },
      b: { $ref: "#/components/schemas/a" },
    }),
    "ref_cyclic",
  ),
  raw(
    "to itself, spelt in another way",
    reference("#/components/schemas/a", { a: { $ref: "#/components/schemas/%61" } }),
    "ref_cyclic",
  ),
  raw("to the document", reference("#"), "schema_unknown"),
  raw(
    "through an escaped name",
    reference("#/components/schemas/a~1b~0c%20d", { "a/b~c d": { type: "string" } }),
    "accepted",
  ),
  raw(
    "with keywords beside it",
    oneFlow({ a: { $ref: "#/x", default: "b" } }).replace("{", '{"x":{"type":"string"},'),
    "accepted",
  ),
];

export const documents: readonly HostileCase[] = [
  raw("empty", "", "json_empty"),
  raw("spaces", " \n ", "json_empty"),
  raw("HTML", "<!DOCTYPE html><html><body>Sign in</body></html>", "json_is_html"),
  raw("HTML after a line", "\n\n<html>", "json_is_html"),
  raw("plain text", "Not authenticated", "json_syntax"),
  raw("YAML", "openapi: 3.1.0\npaths: {}\n", "json_syntax"),
  raw("cut", VALID.slice(0, VALID.length / 2), "json_cut"),
  raw("cut in a text", VALID.slice(0, VALID.indexOf("my_flow") + 3), "json_cut"),
  raw("cut at the last character", VALID.slice(0, -1), "json_cut"),
  raw("two documents", VALID + VALID, "json_syntax"),
  raw("comments", `/* hello */ ${VALID}`, "json_syntax"),
  raw("trailing comma", `${VALID.slice(0, -1)},}`, "json_syntax"),
  raw("bare control character in a text", VALID.replace("my_flow", "my\nflow"), "json_syntax"),
  raw("unknown escape", VALID.replace("my_flow", "my\\xflow"), "json_syntax"),
  raw("repeated key", VALID.replace('"a":', '"a":{"type":"boolean"},"a":'), "json_duplicate_key"),
  raw(
    "repeated key, escaped",
    VALID.replace('"a":', '"\\u0061":{"type":"boolean"},"a":'),
    "json_duplicate_key",
  ),
  raw(
    "repeated flow",
    VALID.replace('"paths":{', '"paths":{"/vapi/tasks/create/my_flow":{},'),
    "json_duplicate_key",
  ),
  raw("10,000 lists deep", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, "json_too_deep"),
  raw("10,000 objects deep", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, "json_too_deep"),
  raw("10,000 levels, never closed", "[".repeat(10_000), "json_too_deep"),
  raw("null", "null", "not_openapi"),
  raw("a list", "[]", "not_openapi"),
  raw("a number", "42", "not_openapi"),
  raw("an empty object", "{}", "not_openapi"),
  raw("Swagger 2", '{"swagger":"2.0","paths":{}}', "not_openapi"),
  raw("version as a number", '{"openapi":3.1,"paths":{}}', "not_openapi"),
  raw("no paths", '{"openapi":"3.1.0"}', "not_openapi"),
  raw("paths as a list", '{"openapi":"3.1.0","paths":[]}', "not_openapi"),
  raw("no flows", '{"openapi":"3.1.0","paths":{}}', "no_flows"),
  raw(
    "only the general endpoint",
    '{"openapi":"3.1.0","paths":{"/vapi/tasks/create/{name}":{"put":{}}}}',
    "no_flows",
  ),
  raw(
    "path as a text",
    '{"openapi":"3.1.0","paths":{"/vapi/tasks/create/x":"evil"}}',
    "schema_unknown",
  ),
  raw(
    "path without put",
    '{"openapi":"3.1.0","paths":{"/vapi/tasks/create/x":{"get":{}}}}',
    "schema_unknown",
  ),
  raw(
    "no form",
    '{"openapi":"3.1.0","paths":{"/vapi/tasks/create/x":{"put":{}}}}',
    "schema_unknown",
  ),
  raw("form of another media type", form("*/ evil"), "schema_unknown"),
  raw("form as JSON", form("application/json"), "schema_unknown"),
  raw("properties as a list", oneFlow([]), "schema_unknown"),
  raw("form as a list", oneFlow({}, { form: { type: "array" } }), "schema_unknown"),
  raw("form of alternatives", oneFlow({}, { form: { oneOf: [{}] } }), "schema_unknown"),
  raw(
    "required as a text",
    oneFlow({ a: { type: "string" } }, { required: "a" }),
    "schema_unknown",
  ),
  raw(
    "required that is not there",
    oneFlow({ a: { type: "string" } }, { required: ["b"] }),
    "schema_unknown",
  ),
  raw(
    "required that Object has",
    oneFlow({ a: { type: "string" } }, { required: ["toString"] }),
    "schema_unknown",
  ),
  raw(
    "required of objects",
    oneFlow({ a: { type: "string" } }, { required: [{}] }),
    "schema_unknown",
  ),
  raw("parameter as a text", oneFlow({ a: "string" }), "schema_unknown"),
  raw("parameter as null", oneFlow({ a: null }), "schema_unknown"),
  raw("parameter as true", oneFlow({ a: true }), "schema_unknown"),
  raw("parameter with nothing", oneFlow({ a: {} }), "schema_unknown"),
  raw("no parameters", oneFlow({}), "accepted"),
  schema("type as a list", { type: ["string", "null"] }, "schema_unknown"),
  schema("type object", { type: "object", properties: {} }, "schema_unknown"),
  schema("type of Object", { type: "constructor" }, "schema_unknown"),
  schema(
    "label as an object",
    { type: "string", description: { toString: "x" } },
    "schema_unknown",
  ),
  schema("label with a half pair", { type: "string", description: "\udc00" }, "text_not_unicode"),
  schema("anyOf as a text", { anyOf: "binary" }, "schema_unknown"),
  schema(
    "anyOf of three",
    { anyOf: [{ type: "string", format: "binary" }, { type: "string" }, { type: "null" }] },
    "schema_unknown",
  ),
  schema(
    "anyOf of two texts",
    { anyOf: [{ type: "string" }, { type: "string" }] },
    "schema_unknown",
  ),
  schema(
    "file whose text has a pattern",
    {
      anyOf: [
        { type: "string", format: "binary" },
        { type: "string", pattern: "x" },
      ],
    },
    "schema_unknown",
  ),
  schema(
    "media type as an object",
    { anyOf: [{ type: "string", format: "binary" }, { type: "string" }], contentMediaType: {} },
    "schema_unknown",
  ),
  schema(
    "file with a default",
    { anyOf: [{ type: "string", format: "binary" }, { type: "string" }], default: "x" },
    "accepted",
  ),
  schema("not", { type: "string", not: { const: "x" } }, "schema_unknown"),
  schema(
    "$id, which would move references",
    { type: "string", $id: "http://evil.example/" },
    "schema_unknown",
  ),
];
