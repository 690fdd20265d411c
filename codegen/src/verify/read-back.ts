/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- ts-morph's type guards take
   the abstract Node and are given its subclasses: its own way of use */
/**
 * Reads what was written with a real parser and compares it, statement by statement, with what the model
 * says it must be. Whatever slipped through the escaping – a second statement, another import, a changed
 * value – stops here, before a file of the old client is replaced.
 */
import {
  Node,
  Project,
  SyntaxKind,
  type Expression,
  type SourceFile,
  type Statement,
  type TypeNode,
} from "ts-morph";
import { CodegenError } from "../errors.js";
import { typeCode } from "../emit/parameter-code.js";
import type { FlowView } from "../emit/flow-view.js";
import { specifierAbove } from "../emit/emit.js";
import type { FlowNames } from "../names/names.js";

/** What the read-back knows about a file beside its text. */
export interface Expectation {
  readonly runtime: string;
  readonly views: ReadonlyMap<string, FlowView>;
  readonly names: readonly FlowNames[];
}

/** Checks every file. @throws CodegenError `read_back_failed`, naming the file. */
export function readBack(files: ReadonlyMap<string, string>, expectation: Expectation): void {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { noLib: true } });
  for (const [path, text] of files) {
    const file = project.createSourceFile(`/${path}`, text);
    const check = new Check(path, file);
    const view = expectation.views.get(path);
    if (view !== undefined) checkFlow(check, view, expectation.runtime);
    else if (path === "index.ts") checkIndex(check, expectation.names);
    else checkFlowMap(check, expectation.names, specifierAbove(expectation.runtime));
    // A syntax tree of thousands of files would not fit into memory.
    project.removeSourceFile(file);
  }
}

/** One file's statements, taken from the front; every difference is an error that names the file. */
class Check {
  readonly #path: string;
  readonly #statements: Statement[];

  constructor(path: string, file: SourceFile) {
    this.#path = path;
    this.#statements = file.getStatements();
    const { parseDiagnostics } = file.compilerNode as unknown as { parseDiagnostics: unknown[] };
    if (parseDiagnostics.length > 0) this.fail("it does not parse");
  }

  next(kind: string): Statement {
    return this.#statements.shift() ?? this.fail(`${kind} is missing`);
  }

  end(): void {
    const rest = this.#statements[0];
    if (rest !== undefined) this.fail(`it has one statement more: ${rest.getKindName()}`);
  }

  equal(found: unknown, expected: unknown, what: string): void {
    // -0 and 0, and keys in another order, are differences.
    if (JSON.stringify(found) !== JSON.stringify(expected)) this.fail(`${what} differs`);
  }

  fail(what: string): never {
    throw new CodegenError(
      "read_back_failed",
      `The generated file ${this.#path} is not what it must be: ${what}.`,
      {
        value: this.#path,
        hint: "This is a mistake in vix-codegen; nothing was written. Please report the flow's schema.",
      },
    );
  }
}

function checkFlow(check: Check, view: FlowView, runtime: string): void {
  checkImport(check, runtime, [...view.imports].sort());

  const type = check.next("the parameter type");
  if (!Node.isInterfaceDeclaration(type)) check.fail("the parameter type is no interface");
  check.equal(
    type.isExported() && !type.isDefaultExport(),
    true,
    "the export of the parameter type",
  );
  check.equal(type.getName(), view.names.params, "the name of the parameter type");
  check.equal(type.getTypeParameters().length, 0, "the parameter type");
  check.equal(
    type.getExtends().map((base) => base.getText()),
    view.bases,
    "what the parameter type extends",
  );
  check.equal(
    type.getMembers().map((member) => {
      if (!Node.isPropertySignature(member))
        return check.fail("the parameter type has another member");
      return {
        name: nameOf(check, member.getNameNode()),
        optional: member.hasQuestionToken(),
        type: typeOf(check, member.getTypeNodeOrThrow()),
      };
    }),
    view.properties.map((parameter) => ({
      name: parameter.name,
      optional: !parameter.required,
      type: parameter.choices ?? typeCode(parameter).trim(),
    })),
    "the members of the parameter type",
  );

  const { name, type: flowType, value } = nextConst(check);
  check.equal(name, view.names.fn, "the name of the function");
  check.equal(flowType, `Flow<${view.names.params}>`, "the type of the function");
  if (!Node.isCallExpression(value)) return check.fail("the function is not made by a call");
  check.equal(value.getExpression().getText(), "defineFlow", "the call that makes the function");
  check.equal(
    value.getArguments().map((argument) => evaluate(check, argument)),
    [view.names.id, view.entries],
    "the metadata",
  );
  check.end();
}

function checkIndex(check: Check, names: readonly FlowNames[]): void {
  checkReexport(check, "./flow-map.js", ["flows", "type FlowParams"]);
  for (const { fn, params, stem } of names) {
    checkReexport(check, `./flows/${stem}.js`, [fn, `type ${params}`]);
  }
  check.end();
}

function checkFlowMap(check: Check, names: readonly FlowNames[], runtime: string): void {
  checkImport(check, runtime, ["Flow"]);
  for (const { fn, params, stem } of names)
    checkImport(check, `./flows/${stem}.js`, [fn, params].sort());

  const type = check.next("the map of types");
  if (!Node.isInterfaceDeclaration(type)) check.fail("the map of types is no interface");
  check.equal(type.getName(), "FlowParams", "the name of the map of types");
  check.equal(
    type.getMembers().map((member) => {
      if (!Node.isPropertySignature(member))
        return check.fail("the map of types has another member");
      return [nameOf(check, member.getNameNode()), member.getTypeNode()?.getText()];
    }),
    names.map(({ id, params }) => [id, params]),
    "the map of types",
  );

  const { name, value } = nextConst(check);
  check.equal(name, "flows", "the name of the map");
  if (!Node.isObjectLiteralExpression(value)) return check.fail("the map is no object");
  check.equal(
    value.getProperties().map((property) => {
      if (!Node.isPropertyAssignment(property)) return check.fail("the map has another member");
      return [nameOf(check, property.getNameNode()), property.getInitializerOrThrow().getText()];
    }),
    names.map(({ id, fn }) => [id, fn]),
    "the map",
  );
  check.end();
}

function checkImport(check: Check, specifier: string, imported: readonly string[]): void {
  const statement = check.next("an import");
  if (!Node.isImportDeclaration(statement)) return check.fail("an import is something else");
  check.equal(statement.getModuleSpecifierValue(), specifier, "an import's module");
  check.equal(
    statement.getDefaultImport() ?? statement.getNamespaceImport() ?? null,
    null,
    "an import",
  );
  check.equal(
    statement
      .getNamedImports()
      .map((item) => item.getName())
      .sort(),
    imported,
    "what is imported",
  );
}

function checkReexport(check: Check, specifier: string, exported: readonly string[]): void {
  const statement = check.next("an export");
  if (!Node.isExportDeclaration(statement)) return check.fail("an export is something else");
  check.equal(statement.getModuleSpecifierValue(), specifier, "an export's module");
  check.equal(
    statement.getNamedExports().map((item) => item.getText()),
    exported,
    "what is exported",
  );
}

/** The next statement as `export const name: type = value`. */
function nextConst(check: Check): { name: string; type: string | undefined; value: Expression } {
  const statement = check.next("a constant");
  if (!Node.isVariableStatement(statement)) return check.fail("a constant is something else");
  check.equal(statement.getText().startsWith("export const "), true, "the export of a constant");
  const [declaration, ...more] = statement.getDeclarations();
  const value = declaration?.getInitializer();
  if (declaration === undefined || value === undefined || more.length > 0) {
    return check.fail("a constant is not one");
  }
  return { name: declaration.getName(), type: declaration.getTypeNode()?.getText(), value };
}

/** A union of texts as the list of them, any other type as it is written. */
function typeOf(check: Check, node: TypeNode): unknown {
  const members = Node.isUnionTypeNode(node) ? node.getTypeNodes() : [node];
  if (!members.every((member) => Node.isLiteralTypeNode(member))) return node.getText();
  return members.map((member) => evaluate(check, member.getLiteral()));
}

function nameOf(check: Check, node: Node): string {
  if (Node.isIdentifier(node)) return node.getText();
  if (Node.isStringLiteral(node)) return node.getLiteralValue();
  if (Node.isComputedPropertyName(node)) return String(evaluate(check, node.getExpression()));
  return check.fail("a name is no name");
}

/** The value of a literal; anything that would run is an error. */
function evaluate(check: Check, node: Node): unknown {
  if (Node.isStringLiteral(node)) return node.getLiteralValue();
  // Not getLiteralValue(): ts-morph reads `1e+21` as 1.
  if (Node.isNumericLiteral(node)) return Number(node.getText());
  if (Node.isTrueLiteral(node)) return true;
  if (Node.isFalseLiteral(node)) return false;
  if (Node.isPrefixUnaryExpression(node) && node.getOperatorToken() === SyntaxKind.MinusToken) {
    const operand = node.getOperand();
    if (Node.isNumericLiteral(operand)) return -Number(operand.getText());
  }
  if (Node.isArrayLiteralExpression(node))
    return node.getElements().map((item) => evaluate(check, item));
  if (Node.isObjectLiteralExpression(node)) {
    return Object.fromEntries(
      node.getProperties().map((property) => {
        if (!Node.isPropertyAssignment(property)) return check.fail("a value is no literal");
        return [property.getName(), evaluate(check, property.getInitializerOrThrow())];
      }),
    );
  }
  return check.fail(`a value is no literal: ${node.getKindName()}`);
}
