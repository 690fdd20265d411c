/**
 * Checks generated code independently of the generator: parses it with TypeScript, runs it in an empty
 * context, and compares what it does with the description.
 */
import { transform } from "esbuild";
import ts from "typescript";
import type { FlowModel, Model, ParameterModel } from "visionatrix-codegen";
import { createContext, Script } from "node:vm";
import { expect } from "vitest";

/** A call of `defineFlow`, as seen by the runtime. */
interface Defined {
  readonly id: string;
  readonly parameters: readonly (string | Record<string, unknown>)[];
  /** The third argument. */
  readonly extras: unknown;
}

/** Replaces the client's code for files. */
const FILE_INPUTS = "the code for files";

/** Checks all files of a client. */
export async function inspect(files: ReadonlyMap<string, string>, model: Model): Promise<void> {
  const world = new World(await asScripts(files));
  const modules = [...files.keys()].filter((path) => path.startsWith("flows/"));
  expect(modules).toHaveLength(model.flows.length);
  const byId = new Map<string, Defined>();
  for (const path of modules) {
    expect(path).toMatch(/^flows\/[A-Za-z0-9_][A-Za-z0-9_-]*\.ts$/);
    const exported = Object.entries(world.load(path));
    expect(exported).toHaveLength(1);
    const [name, defined] = exported[0] as [string, Defined];
    byId.set(defined.id, defined);
    const flow = model.flows.find(({ id }) => id === defined.id);
    if (flow === undefined) throw new Error(`a flow that nobody described: ${defined.id}`);
    expectParameters(defined, flow);
    const takesFiles = flow.parameters.some(({ kind }) => kind === "file");
    const { title, tags, version, outputs } = flow;
    const extras = Object.entries({ title, tags, version, outputs }).filter(([, fact]) => fact);
    const expected = [...(takesFiles ? [["fileInputs", FILE_INPUTS]] : []), ...extras];
    expect(defined.extras).toEqual(
      expected.length === 0 ? undefined : plain(Object.fromEntries(expected)),
    );
    expectStatements(files.get(path) ?? "", name, flow);
  }
  const { flows } = world.load("index.ts") as { flows: Record<string, Defined> };
  expect(Object.keys(flows)).toEqual([...byId.keys()].sort(asKeys(Object.keys(flows))));
  for (const { id } of model.flows) {
    expect(Object.hasOwn(flows, id)).toBe(true);
    expect(flows[id]).toBe(byId.get(id));
  }
  world.expectUntouched();
}

/** JavaScript lists numeric keys first; this order does not matter here. */
function asKeys(keys: readonly string[]): (a: string, b: string) => number {
  return (a, b) => keys.indexOf(a) - keys.indexOf(b);
}

/** No parameter is lost and none is changed. */
function expectParameters({ parameters }: Defined, { parameters: model }: FlowModel): void {
  const names = parameters.map((entry) =>
    typeof entry === "string" ? entry : String(entry["name"]),
  );
  expect(names.filter((name) => name !== "surprise_me")).toEqual(
    model.map(({ name }) => name).filter((name) => name !== "surprise_me"),
  );
  for (const parameter of model) {
    const entry = parameters.find(
      (item) => typeof item !== "string" && item["name"] === parameter.name,
    );
    if (entry === undefined) {
      expect(parameter.standard).toBe(true);
      expect(parameters).toContain(parameter.name);
      continue;
    }
    const { name, kind, label, required, standard, sample, ...facts } = parameter;
    expect(sample).toBeOneOf([undefined, true]);
    expect(standard).toBe(false);
    const words = name.replaceAll("_", " ");
    const usual = words.charAt(0).toUpperCase() + words.slice(1);
    expect(entry).toEqual({
      name,
      type: kind,
      ...(label === usual ? {} : { label }),
      ...(required ? { required } : {}),
      ...facts,
      ...("default" in facts && kind === "text" ? { default: shown(facts.default) } : {}),
    });
  }
}

/** The metadata contains only the start of a long default text. */
function shown(value: unknown): unknown {
  const characters = typeof value === "string" ? Array.from(value) : [];
  return characters.length <= 40 ? value : `${characters.slice(0, 39).join("")}…`;
}

/** A module holds an import, a type, and one constant: nothing else. */
function expectStatements(text: string, name: string, { parameters }: FlowModel): void {
  const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true);
  expect((source as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics).toEqual([]);
  expect(source.statements.map((statement) => ts.SyntaxKind[statement.kind])).toEqual([
    "ImportDeclaration",
    "InterfaceDeclaration",
    "FirstStatement",
  ]);
  const type = source.statements[1] as ts.InterfaceDeclaration;
  expect(type.name.text.replace(/Params_?$/, "").toLowerCase()).toBe(
    name.replace(/_$/, "").toLowerCase(),
  );
  const members = type.members.map((member) => ({
    name: (member.name as ts.Identifier | ts.StringLiteral).text,
    optional: member.questionToken !== undefined,
  }));
  const expected = parameters.map((p) => ({ name: p.name, optional: !p.required }));
  // All other parameters come from the runtime's types, and are standard.
  const isLast = ({ advanced, hidden }: ParameterModel): number => (hidden ? 2 : advanced ? 1 : 0);
  const distance = new Map(parameters.map((p) => [p.name, isLast(p)]));
  expected.sort((a, b) => (distance.get(a.name) ?? 0) - (distance.get(b.name) ?? 0));
  expect(members).toEqual(
    expected.filter(({ name: key }) => members.some((member) => member.name === key)),
  );
  const inherited = parameters.filter((p) => !members.some((member) => member.name === p.name));
  for (const parameter of inherited) expect(parameter.standard).toBe(true);
  const pragmas = (source as unknown as { pragmas: Map<string, unknown> }).pragmas;
  expect([...pragmas.keys()]).toEqual([]);
  expect(text.replaceAll("\n", "")).not.toMatch(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u,
  );
  expect(text).not.toMatch(/[#@]\s*source(?:Mapping)?URL/);
}

/** The files without their types, as scripts that ask for their imports. */
async function asScripts(files: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const scripts = [...files].map(async ([path, text]): Promise<[string, string]> => {
    const { code } = await transform(text, { loader: "ts", format: "cjs" });
    return [path, code];
  });
  return new Map(await Promise.all(scripts));
}

/** An empty context: code that uses `process` throws, and code that sets a global is detected. */
class World {
  readonly #scripts: ReadonlyMap<string, string>;
  readonly #context = createContext(Object.create(null) as object);
  readonly #loaded = new Map<string, Record<string, unknown>>();
  readonly #before: readonly string[];

  constructor(scripts: ReadonlyMap<string, string>) {
    this.#scripts = scripts;
    this.#before = this.#globals();
  }

  load(path: string): Record<string, unknown> {
    const known = this.#loaded.get(path);
    if (known !== undefined) return known;
    const code = this.#scripts.get(path);
    if (code === undefined) throw new Error(`import of a file that is not there: ${path}`);
    const module = { exports: {} as Record<string, unknown> };
    const run = new Script(`(function (module, exports, require) {${code}\n})`).runInContext(
      this.#context,
    ) as (m: typeof module, e: object, r: (specifier: string) => unknown) => void;
    run(module, module.exports, (specifier) => this.#require(path, specifier));
    this.#loaded.set(path, module.exports);
    return module.exports;
  }

  expectUntouched(): void {
    expect(this.#globals()).toEqual(this.#before);
  }

  #require(from: string, specifier: string): unknown {
    if (specifier === "visionatrix-client") {
      return {
        fileInputs: FILE_INPUTS,
        defineFlow: (id: string, parameters: unknown, extras?: unknown) => ({
          id,
          parameters: plain(parameters),
          extras: extras === undefined ? undefined : plain(extras),
        }),
      };
    }
    const target = new URL(specifier, `file:///${from}`).pathname.slice(1).replace(/\.js$/, ".ts");
    return this.load(target);
  }

  #globals(): string[] {
    const keys: unknown = new Script("Reflect.ownKeys(globalThis)").runInContext(this.#context);
    return (keys as (string | symbol)[]).map(String);
  }
}

/** Values of another context have other prototypes. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
