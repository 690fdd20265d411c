/** One odd flow: accepted if its spelling is harmless, else left out with a reason; the others stay. */
import fc from "fast-check";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CodegenError,
  readDescription,
  writeCanonical,
  type ParameterModel,
} from "visionatrix-codegen";
import { describe, expect, test } from "vitest";
import { run } from "./support/command.js";
import { oneFlow } from "./support/documents.js";
import { anyJson } from "./support/models.js";
import { send, serve } from "./support/server.js";
import { tempDir } from "./support/temp.js";

const FILE = { anyOf: [{ type: "string", format: "binary" }, { type: "string" }] };

/** A description of several flows; a flow is given as the properties of its form. */
function describeFlows(flows: Readonly<Record<string, object>>): string {
  const paths = Object.entries(flows).map(([id, properties]) => {
    const { paths: one } = JSON.parse(oneFlow(properties, { id })) as { paths: object };
    return one;
  });
  return JSON.stringify({
    openapi: "3.1.0",
    info: { title: "visionatrix", version: "1" },
    paths: Object.assign({}, ...paths) as object,
  });
}

const GOOD = { prompt: { type: "string" } };
const ODD = { x: { type: "number", default: "a few" } };
const POINTER =
  "/paths/~1vapi~1tasks~1create~1odd/put/requestBody/content/multipart~1form-data/schema/properties/x/default";

function parameter(schema: object, required?: string[]): ParameterModel | undefined {
  const document = oneFlow({ x: schema }, { required });
  // 2^64 - 1 cannot be written as a number of JavaScript.
  return readDescription(document.replaceAll('"2^64-1"', "18446744073709551615")).flows[0]
    ?.parameters[0];
}

describe("harmless spellings are understood", () => {
  test.each([
    [{ type: "number", default: "1e-05" }, { default: 0.00001 }],
    [{ type: "number", default: ".5" }, { default: 0.5 }],
    [{ type: "number", default: "+2." }, { default: 2 }],
    [{ type: "number", default: "" }, {}],
    [{ type: "integer", default: "3.0" }, { default: 3 }],
    [{ type: "boolean", default: 1 }, { default: true }],
    [{ type: "boolean", default: "Off" }, { default: false }],
    [{ type: "string", default: true }, { default: "true" }],
    [{ type: "string", default: "2^64-1" }, { default: "18446744073709551615" }],
    [
      { type: "string", enum: [1, 2.5, "x"], default: 2.5 },
      { choices: ["1", "2.5", "x"], default: "2.5" },
    ],
    [
      { type: "integer", enum: [1, 2] },
      { kind: "choice", choices: ["1", "2"] },
    ],
    [
      { type: "number", minimum: "0", maximum: "1e1", multipleOf: "0.1" },
      { min: 0, max: 10, step: 0.1 },
    ],
    [{ type: "number", minimum: null, multipleOf: 0 }, {}],
    [
      { type: "integer", minimum: 0, maximum: "2^64-1" },
      { min: 0, max: 18446744073709549568 },
    ],
    [{ type: "integer", minimum: "2^64-1" }, { min: 18446744073709551616 }],
    [{ type: "string", description: 7 }, { label: "7" }],
  ])("%j", (schema, facts) => {
    const { name, kind, label, required, standard, ...found } = parameter(schema) ?? expect.fail();
    expect({ name, required, standard }).toEqual({ name: "x", required: false, standard: false });
    expect({ kind, label, ...found }).toEqual({
      kind: "enum" in schema ? "choice" : schema.type === "string" ? "text" : schema.type,
      label: "X",
      ...facts,
    });
  });

  test("a file with a default has none, and is required where the server says so", () => {
    const sample = { ...FILE, default: "x.png" };
    expect(parameter(sample)).toMatchObject({ kind: "file", required: false });
    expect(parameter(sample, ["x"])).toMatchObject({ kind: "file", required: true });
    expect(parameter(sample)).not.toHaveProperty("default");
  });

  test("a number means the same as its text, in every spelling", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const expected = number + 0;
        const texts = [String(number), number.toExponential(), ` ${number} `];
        for (const text of texts) {
          expect(parameter({ type: "number", default: text })?.default).toBe(expected);
          expect(parameter({ type: "number", minimum: text })?.min).toBe(expected);
        }
      }),
    );
  });

  test("a limit that no double holds allows the doubles that it says", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }),
        fc.boolean(),
        fc.constantFrom("minimum" as const, "maximum" as const),
        (size, isNegative, side) => {
          const limit = isNegative ? -size : size;
          const document = oneFlow({ x: { type: "number", [side]: "?" } }).replace(
            '"?"',
            String(limit),
          );
          const { min, max } = readDescription(document).flows[0]?.parameters[0] ?? expect.fail();
          const read = side === "minimum" ? min : max;
          for (const number of [Number(limit), read ?? 0]) {
            const isAllowed =
              side === "minimum" ? BigInt(number) >= limit : BigInt(number) <= limit;
            expect(min === undefined ? number <= (max ?? 0) : number >= min).toBe(isAllowed);
          }
        },
      ),
    );
  });
});

test("whatever one flow holds, the others are read, and it is read or named", () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(
      anyJson,
      fc.constantFrom("type", "default", "enum", "minimum", "anyOf", "description"),
      (value, key) => {
        const odd = { x: { type: "number", [key]: value } };
        const leftOut: string[] = [];
        const { flows } = readDescription(describeFlows({ a: GOOD, odd, z: GOOD }), {
          leaveOut: ({ flow, pointer, message, code }) => {
            expect(pointer).toContain("/paths/~1vapi~1tasks~1create~1odd");
            expect(`${message} ${code}`).toMatch(/\. [a-z_]+$/);
            leftOut.push(flow);
          },
        });
        const ids = flows.map(({ id }) => id);
        expect([...ids, ...leftOut].sort()).toEqual(["a", "odd", "z"]);
        expect(ids).toEqual(expect.arrayContaining(["a", "z"]));
        expect(readDescription(writeCanonical({ flows }))).toEqual({ flows });
        outcomes.add(leftOut.length === 0 ? "read" : "left out");
      },
    ),
    { numRuns: 500 },
  );
  expect(outcomes).toEqual(new Set(["read", "left out"]));
});

test("a description of nothing but odd flows is an error", () => {
  const read = (): unknown =>
    readDescription(describeFlows({ odd: ODD }), { leaveOut: () => expect.fail() });
  expect(read).toThrow(CodegenError);
});

describe("the commands", () => {
  const files = (
    flows: Readonly<Record<string, object>>,
  ): { from: string; out: string; dir: string } => {
    const dir = tempDir();
    const from = join(dir, "from.json");
    writeFileSync(from, describeFlows(flows));
    return { from, out: join(dir, "out.json"), dir };
  };

  test("pull keeps the others, warns, and ends with 3", async () => {
    const { from, out } = files({ good: GOOD, odd: ODD });
    const { code, stdout, stderr } = await run(["pull", "--from", from, "--out", out]);
    expect(code).toBe(3);
    expect(stdout).toContain("+ good\n1 flow;");
    expect(stderr).toContain(
      'The flow "odd" is left out. The default of a number is not a number. [schema_unknown]',
    );
    expect(stderr).toContain(POINTER);
    expect(readDescription(readFileSync(out, "utf8")).flows.map(({ id }) => id)).toEqual(["good"]);
  });

  test("--json tells", async () => {
    const { from, out } = files({ good: GOOD, odd: ODD });
    const { code, stdout } = await run(["pull", "--from", from, "--out", out, "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      command: "pull",
      flows: 1,
      leftOut: [{ flow: "odd", code: "schema_unknown", pointer: POINTER, value: '"a few"' }],
    });
  });

  test("--strict refuses", async () => {
    const { from, out } = files({ good: GOOD, odd: ODD });
    const { code, stderr } = await run(["pull", "--from", from, "--out", out, "--strict"]);
    expect(code).toBe(1);
    expect(stderr).toContain("[schema_unknown]");
    expect(() => readFileSync(out)).toThrow("ENOENT");
  });

  test("generate leaves out an odd flow, and flows that would share a name", async () => {
    const { from, dir } = files({ good: GOOD, odd: ODD, "a-b": GOOD, a_b: GOOD });
    const out = join(dir, "generated");
    const { code, stdout } = await run(["generate", "--from", from, "--out", out, "--json"]);
    expect(code).toBe(3);
    const { flows, leftOut } = JSON.parse(stdout) as { flows: number; leftOut: { flow: string }[] };
    expect(flows).toBe(1);
    expect(leftOut.map(({ flow }) => flow)).toEqual(["odd", "a-b", "a_b"]);
    expect((await run(["check", "--spec", from, "--out", out])).code).toBe(3);
    expect((await run(["check", "--spec", from, "--out", out, "--strict"])).code).toBe(1);
  });

  test("diff compares an odd flow on no side", async () => {
    const { from, dir } = files({ good: GOOD, odd: ODD });
    const old = join(dir, "old.json");
    writeFileSync(old, describeFlows({ good: GOOD, odd: GOOD }));
    const { code, stdout, stderr } = await run(["diff", old, from, "--json", "--fail-on", "any"]);
    expect(code).toBe(3);
    expect(stderr).toContain('The flow "odd" is left out.');
    expect(JSON.parse(stdout)).toMatchObject({ changes: [], leftOut: [{ flow: "odd" }] });
    expect((await run(["diff", old, from, "--format", "markdown"])).stdout).toContain("`odd`");
    expect((await run(["diff", old, from, "--strict"])).code).toBe(2);
  });

  test("a name that the server does not have is flow_unknown, though the response then has no flow at all", async () => {
    const { url } = await serve((_, response) => send(response, describeFlows({})));
    const out = join(tempDir(), "out.json");
    const { code, stdout } = await run([
      "pull",
      "--from",
      url,
      "--flows",
      "typo",
      "--out",
      out,
      "--json",
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: "flow_unknown" } });
  });

  test("a flow that was left out is reported again when nothing changed", async () => {
    const { url } = await serve((request, response) => {
      if (request.headers["if-none-match"] === '"1"') response.writeHead(304).end();
      else send(response, describeFlows({ good: GOOD, odd: ODD }), { headers: { etag: '"1"' } });
    });
    const out = join(tempDir(), "out.json");
    for (let pull = 0; pull < 2; pull += 1) {
      expect((await run(["pull", "--from", url, "--out", out])).code).toBe(3);
    }
  });
});
