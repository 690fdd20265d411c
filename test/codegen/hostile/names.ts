/** Names that mean something to a language, a file system or an address. */
import { oneFlow } from "../support/documents.js";
import { everywhere, flowId, raw, type HostileCase } from "./case.js";

/** Flows with those ids, each with one parameter. */
function flows(...ids: readonly string[]): string {
  const [first = "", ...rest] = ids.map(
    (id) => JSON.parse(oneFlow({ prompt: { type: "string" } }, { id })) as { paths: object },
  ) as unknown as { paths: Record<string, unknown> }[];
  const all = first as { paths: Record<string, unknown> };
  for (const { paths } of rest) Object.assign(all.paths, paths);
  return JSON.stringify(all);
}

const OBJECT_NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "prototype",
  "valueOf",
];

export const names: readonly HostileCase[] = [
  ...OBJECT_NAMES.map((name) => everywhere(`${name} as a name`, name)),
  raw(
    "all of them as parameters at once",
    // JSON text, since an object literal would set the prototype.
    oneFlow({ marker: 1 }).replace(
      '"marker":1',
      OBJECT_NAMES.map((name) => `${JSON.stringify(name)}:{"type":"string"}`).join(","),
    ),
    "accepted",
  ),
  ...OBJECT_NAMES.map((name) => flowId(name)),
  raw(
    "all of them as flows at once",
    flows(...OBJECT_NAMES.filter((name) => name !== "prototype")),
    "accepted",
  ),
  raw("component called __proto__", protoComponent(), "accepted"),
  ...[
    "delete",
    "class",
    "await",
    "eval",
    "arguments",
    "import",
    "default",
    "let",
    "undefined",
    "of",
  ].map((id) => flowId(id)),
  ...[
    "define_flow",
    "create_client",
    "standard",
    "flow",
    "flows",
    "client",
    "files",
    "file",
    "file_input",
  ].map((id) => flowId(id, "accepted", `flow id ${id}, a name of ours`)),
  everywhere("reserved word as a name", "delete"),
  everywhere("numeric name", "0"),
  everywhere("numeric name with zeros", "007"),
  everywhere("number in another form", "1e3"),
  everywhere("private name", "#secret"),
  everywhere("name of an option of ours", "signal"),
  everywhere("computed name", '["x"]'),
  everywhere("empty name", ""),
  flowId("3d_model"),
  flowId("007"),
  flowId("a-b.c"),
  flowId("a.d"),
  flowId("x.d.ts"),
  flowId("猫"),
  flowId("ключ_к_двери"),
  flowId("é"),
  flowId("🎨"),
  flowId("👩‍🚀🏳️‍🌈"),
  flowId("___"),
  flowId("-"),
  flowId("-rf"),
  flowId("--help"),
  flowId("UPPER"),
  flowId("x".repeat(150)),
  flowId("con"),
  flowId("NUL"),
  flowId("com1"),
  flowId("aux.txt"),
  flowId("index"),
  flowId("manifest.json"),
  flowId("a b"),
  flowId("a\nb"),
  flowId("a\0b"),
  flowId("a\u202eb"),
  flowId('"); process.exit(1); ("'),
  flowId("*!process.exit(1)!*"),
  flowId("?x=1"),
  flowId("#x"),
  flowId("%2e%2e%2f"),
  flowId("${x}", "flow_id_invalid"),
  flowId("", "flow_id_invalid", "empty flow id"),
  flowId(".", "flow_id_invalid"),
  flowId("..", "flow_id_invalid"),
  flowId("../../../etc/passwd", "flow_id_invalid"),
  flowId("/etc/passwd", "flow_id_invalid"),
  flowId("a/b", "flow_id_invalid"),
  flowId("..\\..\\x", "flow_id_invalid"),
  flowId("C:\\x", "flow_id_invalid"),
  flowId("{{x}}", "flow_id_invalid"),
  flowId("{id}", "flow_id_invalid"),
  flowId("x".repeat(300), "flow_id_invalid", "flow id too long for a file"),
  flowId("\ud800", "text_not_unicode"),
  raw("one function name", flows("a_b", "a-b"), "name_collision"),
  raw("one function name, by case", flows("a_b", "aB"), "name_collision"),
  raw("one function name, by composition", flows("caf\u00e9", "cafe\u0301"), "name_collision"),
  raw("one function name, with our suffix", flows("delete", "delete_"), "name_collision"),
  raw("one file name, by case only", flows("foo_bar", "FOO_BAR"), "name_collision"),
  raw("one file name, through the encoding", flows("a_x2e_b", "a.b"), "name_collision"),
];

function protoComponent(): string {
  return `{"openapi":"3.1.0","paths":{"/vapi/tasks/create/x":{"put":{"requestBody":{"content":{"multipart/form-data":
    {"schema":{"$ref":"#/components/schemas/__proto__"}}}}}}},
    "components":{"schemas":{"__proto__":{"type":"object","properties":{"a":{"type":"string"}}}}}}`;
}
