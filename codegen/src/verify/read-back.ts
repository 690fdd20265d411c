/**
 * Parses the written files with a real parser and compares them, statement by statement, with what the model
 * requires. Anything that slipped through the escaping – a second statement, another import, a changed value
 * – is caught here, before a file of the old client is replaced.
 */
import type { ts as syntax } from "ts-morph";
import { specifierAbove } from "../emit/emit.js";
import type { FlowView } from "../emit/flow-view.js";
import { TASKS_PATH } from "../emit/tasks-types.js";
import { parameterType } from "../emit/parameter-type.js";
import { CodegenError } from "../errors.js";
import type { FlowNames } from "../names/names.js";
import { ts } from "./parser.js";

/** What the read-back knows about a file besides its text. */
export interface Expectation {
  readonly runtime: string;
  readonly views: ReadonlyMap<string, FlowView>;
  readonly names: readonly FlowNames[];
}

/** Comments are skipped: nothing in them is compared. */
const PARSING = {
  languageVersion: ts.ScriptTarget.ES2022,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
};

/** Checks every file. @throws CodegenError `read_back_failed`, naming the file. */
export function readBack(files: ReadonlyMap<string, string>, expectation: Expectation): void {
  for (const [path, text] of files) {
    // Only the parser of ts-morph: building ts-morph's own tree takes six times as long.
    const check = new Check(path, ts.createSourceFile(path, text, PARSING));
    const view = expectation.views.get(path);
    if (view !== undefined) checkFlow(check, view);
    else if (path === "index.ts") checkIndex(check, expectation.names);
    else if (path === TASKS_PATH) checkTypesOnly(check);
    else checkFlowMap(check, expectation.names, specifierAbove(expectation.runtime));
    check.end();
  }
}

/** The statements of one file, taken in order; every difference is an error that names the file. */
class Check {
  readonly #path: string;
  readonly #file: syntax.SourceFile;
  #next = 0;

  constructor(path: string, file: syntax.SourceFile) {
    this.#path = path;
    this.#file = file;
    const { parseDiagnostics } = file as unknown as { parseDiagnostics: unknown[] };
    if (parseDiagnostics.length > 0) this.fail("it does not parse");
  }

  /** The next statement, which must be of that kind. */
  next<T extends syntax.Statement>(is: (node: syntax.Node) => node is T, what: string): T {
    const statement = this.#file.statements[this.#next];
    this.#next += 1;
    return statement !== undefined && is(statement) ? statement : this.fail(`${what} is missing`);
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#file.statements.length;
  }

  end(): void {
    if (!this.isAtEnd) this.fail("it has one statement too many");
  }

  text(node: syntax.Node | undefined): string | undefined {
    return node?.getText(this.#file);
  }

  equal(found: unknown, expected: unknown, what: string): void {
    // A different order of keys is a difference.
    if (JSON.stringify(found) !== JSON.stringify(expected)) this.fail(`${what} differs`);
  }

  fail(what: string): never {
    throw new CodegenError(
      "read_back_failed",
      `The generated file ${this.#path} differs from the model: ${what}.`,
      {
        value: this.#path,
        hint: "This is a bug in vix-codegen; nothing was written. Please report the flow's schema.",
      },
    );
  }
}

function checkFlow(check: Check, { names, model, runtime, ...view }: FlowView): void {
  const values = ["defineFlow", ...(view.takesFiles ? ["fileInputs"] : [])];
  checkImport(check, runtime, [...values, ...view.types]);

  const type = check.next(ts.isInterfaceDeclaration, "the parameter type");
  checkExported(check, type);
  check.equal(type.name.text, names.params, "the name of the parameter type");
  check.equal(type.typeParameters?.length, undefined, "the parameter type");
  check.equal(
    type.heritageClauses?.flatMap(({ types }) => types.map((base) => check.text(base))) ?? [],
    view.bases,
    "what the parameter type extends",
  );
  check.equal(
    members(check, type).map((member) => ({
      name: nameOf(check, member.name),
      optional: member.questionToken !== undefined,
      type: typeOf(check, member.type),
    })),
    view.properties.map((parameter) => ({
      name: parameter.name,
      optional: !parameter.required,
      type: parameter.choices ?? parameterType(parameter),
    })),
    "the members of the parameter type",
  );

  const { name, type: flowType, value } = nextConst(check);
  check.equal(name, names.fn, "the name of the function");
  const kinds = view.kinds.map((kind) => JSON.stringify(kind)).join(" | ");
  const expectedType = `Flow<${names.params}${kinds === "" ? "" : `, ${kinds}`}>`;
  check.equal(
    flowType?.replace(/<\s+|\s+>/g, (gap) => gap.trim()).replace(/,\s+/g, ", "),
    expectedType,
    "the type of the function",
  );
  if (!ts.isCallExpression(value)) return check.fail("the function is not made by a call");
  check.equal(check.text(value.expression), "defineFlow", "the call that makes the function");
  const [id, parameters, extras, ...more] = value.arguments;
  check.equal(
    [id, parameters].map((argument) => argument && evaluate(check, argument)),
    [model.id, view.entries],
    "the metadata",
  );
  check.equal(
    extras && extraMembers(check, extras),
    expectedExtras(view.extras),
    "what else is passed",
  );
  check.equal(more.length, 0, "the number of arguments");
}

/** The members of the last argument; a shorthand one, which names an import, as its name alone. */
function extraMembers(check: Check, node: syntax.Expression): unknown[] {
  if (!ts.isObjectLiteralExpression(node)) return check.fail("the last argument is not an object");
  return node.properties.map((property) => {
    if (ts.isShorthandPropertyAssignment(property)) return check.text(property);
    if (!ts.isPropertyAssignment(property)) return check.fail("a value is not a literal");
    return [nameOf(check, property.name), evaluate(check, property.initializer)];
  });
}

function expectedExtras(extras: FlowView["extras"]): unknown[] | undefined {
  return (
    extras &&
    Object.entries(extras).map(([key, fact]) => (key === "fileInputs" ? key : [key, fact]))
  );
}

function checkIndex(check: Check, names: readonly FlowNames[]): void {
  checkReexport(check, "./flow-map.js", ["flows", "type FlowParams"]);
  for (const { fn, params, stem } of names) {
    checkReexport(check, `./flows/${stem}.js`, [fn, `type ${params}`]);
  }
}

function checkFlowMap(check: Check, names: readonly FlowNames[], runtime: string): void {
  checkImport(check, runtime, ["Flow"], "types only");
  for (const { fn, params, stem } of names) {
    checkImport(check, `./flows/${stem}.js`, [fn, params]);
  }

  const type = check.next(ts.isInterfaceDeclaration, "the map of types");
  checkExported(check, type);
  check.equal(type.name.text, "FlowParams", "the name of the map of types");
  check.equal(
    members(check, type).map((member) => [nameOf(check, member.name), check.text(member.type)]),
    names.map(({ id, params }) => [id, params]),
    "the map of types",
  );

  const { name, value } = nextConst(check);
  check.equal(name, "flows", "the name of the map");
  if (!ts.isObjectLiteralExpression(value)) return check.fail("the map is not an object");
  check.equal(
    value.properties.map((property) => {
      if (!ts.isPropertyAssignment(property)) return check.fail("the map has another member");
      return [nameOf(check, property.name), check.text(property.initializer)];
    }),
    names.map(({ id, fn }) => [id, fn]),
    "the map",
  );
}

/** The types of the task endpoints come from openapi-typescript: only check that they are types. */
function checkTypesOnly(check: Check): void {
  const isType = (
    node: syntax.Node,
  ): node is syntax.InterfaceDeclaration | syntax.TypeAliasDeclaration =>
    ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  while (!check.isAtEnd) checkExported(check, check.next(isType, "a type"));
}

function checkImport(
  check: Check,
  specifier: string,
  imported: readonly string[],
  kind: "types only" | "values too" = "values too",
): void {
  const { moduleSpecifier, importClause } = check.next(ts.isImportDeclaration, "an import");
  check.equal(evaluate(check, moduleSpecifier), specifier, "an import's module");
  const isTypeOnly = importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  check.equal(isTypeOnly, kind === "types only", "the kind of an import");
  const bindings = importClause?.namedBindings;
  if (importClause?.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) {
    return check.fail("an import has another form");
  }
  check.equal(
    bindings.elements.map((element) => element.propertyName ?? element.name.text),
    imported,
    "what is imported",
  );
}

function checkReexport(check: Check, specifier: string, exported: readonly string[]): void {
  const { moduleSpecifier, exportClause, isTypeOnly } = check.next(
    ts.isExportDeclaration,
    "an export",
  );
  if (moduleSpecifier === undefined || exportClause === undefined || isTypeOnly) {
    return check.fail("an export has another form");
  }
  if (!ts.isNamedExports(exportClause)) return check.fail("an export has another form");
  check.equal(evaluate(check, moduleSpecifier), specifier, "an export's module");
  check.equal(
    exportClause.elements.map((element) => check.text(element)),
    exported,
    "what is exported",
  );
}

function checkExported(
  check: Check,
  {
    modifiers,
  }: syntax.InterfaceDeclaration | syntax.TypeAliasDeclaration | syntax.VariableStatement,
): void {
  const kinds = (modifiers ?? []).map(({ kind }) => kind);
  check.equal(kinds, [ts.SyntaxKind.ExportKeyword], "the export of a declaration");
}

function members(
  check: Check,
  { members }: syntax.InterfaceDeclaration,
): syntax.PropertySignature[] {
  return members.map((member) =>
    ts.isPropertySignature(member) ? member : check.fail("a type has another member"),
  );
}

/** The next statement as `export const name: type = value`. */
function nextConst(check: Check): {
  name: string | undefined;
  type: string | undefined;
  value: syntax.Expression;
} {
  const statement = check.next(ts.isVariableStatement, "a constant");
  checkExported(check, statement);
  const { flags, declarations } = statement.declarationList;
  check.equal(flags & ts.NodeFlags.BlockScoped, ts.NodeFlags.Const, "the kind of a constant");
  const [declaration, ...more] = declarations;
  if (declaration?.initializer === undefined || more.length > 0) {
    return check.fail("a constant has another form");
  }
  const { name, type, initializer } = declaration;
  return { name: check.text(name), type: check.text(type), value: initializer };
}

/** A union of texts as a list, any other type as written. */
function typeOf(check: Check, node: syntax.TypeNode | undefined): unknown {
  if (node === undefined) return undefined;
  const types: readonly syntax.TypeNode[] = ts.isUnionTypeNode(node) ? node.types : [node];
  if (!types.every((type) => ts.isLiteralTypeNode(type))) return check.text(node);
  return types.map((type) => evaluate(check, type.literal));
}

function nameOf(check: Check, node: syntax.PropertyName): string {
  if (ts.isIdentifier(node) || ts.isStringLiteral(node)) return node.text;
  if (ts.isComputedPropertyName(node)) return String(evaluate(check, node.expression));
  return check.fail("a name is not an identifier");
}

/** The value of a literal; anything that would execute is an error. */
function evaluate(check: Check, node: syntax.Node): unknown {
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    if (ts.isNumericLiteral(node.operand)) return -Number(node.operand.text);
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.map((item) => evaluate(check, item));
  if (ts.isObjectLiteralExpression(node)) {
    return Object.fromEntries(
      node.properties.map((property) => {
        if (!ts.isPropertyAssignment(property)) return check.fail("a value is not a literal");
        return [nameOf(check, property.name), evaluate(check, property.initializer)];
      }),
    );
  }
  return check.fail("a value is not a literal");
}
