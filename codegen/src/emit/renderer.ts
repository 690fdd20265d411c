/**
 * Compiles Handlebars templates to functions. Handlebars only parses them. Its run time is not used, so that
 * nothing but our helpers can print, and no time is spent on compiling code for one run.
 */
import Handlebars from "handlebars";

/** What templates may use. A helper takes one value; a block decides by one value whether it prints. */
export interface Vocabulary {
  readonly helpers: ReadonlyMap<string, (argument: never) => string>;
  readonly conditions: ReadonlyMap<string, (fact: unknown) => boolean>;
}

/** Prints a part of a template for a value; `isLast` marks the last item of a list. */
type Print = (context: unknown, isLast: boolean) => string;

/** Compiles a template. @throws TypeError for anything outside the vocabulary. */
export function compileTemplate(source: string, vocabulary: Vocabulary): (view: unknown) => string {
  const print = printAll(Handlebars.parse(source).body, vocabulary);
  return (view) => print(view, false);
}

function printAll(body: readonly hbs.AST.Statement[], vocabulary: Vocabulary): Print {
  const parts = body.map((statement) => printOne(statement, vocabulary));
  return (context, isLast) => {
    let text = "";
    for (const part of parts) text += part(context, isLast);
    return text;
  };
}

function printOne(statement: hbs.AST.Statement, vocabulary: Vocabulary): Print {
  switch (statement.type) {
    case "ContentStatement": {
      const { value } = statement as hbs.AST.ContentStatement;
      return () => value;
    }
    case "MustacheStatement": {
      const { path, params } = statement as hbs.AST.MustacheStatement;
      const helper = vocabulary.helpers.get((path as hbs.AST.PathExpression).original);
      if (helper === undefined) throw unknown(statement);
      const read = reader(params[0]);
      return (context, isLast) => helper(read(context, isLast) as never);
    }
    case "BlockStatement":
      return printBlock(statement as hbs.AST.BlockStatement, vocabulary);
    default:
      throw unknown(statement);
  }
}

function printBlock(block: hbs.AST.BlockStatement, vocabulary: Vocabulary): Print {
  const read = reader(block.params[0]);
  const print = printAll(block.program.body, vocabulary);
  const inverse = block.inverse as hbs.AST.Program | undefined;
  const otherwise = printAll(inverse?.body ?? [], vocabulary);
  if (block.path.original === "each") {
    return (context, isLast) => {
      const items = (read(context, isLast) ?? []) as readonly unknown[];
      if (items.length === 0) return otherwise(context, isLast);
      return items.map((item, index) => print(item, index === items.length - 1)).join("");
    };
  }
  const holds = vocabulary.conditions.get(block.path.original);
  if (holds === undefined) throw unknown(block);
  return (context, isLast) =>
    holds(read(context, isLast)) ? print(context, isLast) : otherwise(context, isLast);
}

/** Reads `name`, `names.id`, `this`, or `@last`, but no inherited members. */
function reader(expression: hbs.AST.Expression | undefined): Reader {
  if (expression === undefined) return () => undefined;
  if (expression.type !== "PathExpression") throw unknown(expression);
  const { data, parts, depth, original } = expression as hbs.AST.PathExpression;
  if (data && original === "@last") return (_context, isLast) => isLast;
  if (data || depth > 0) throw unknown(expression);
  return (context) => parts.reduce(member, context);
}

type Reader = (context: unknown, isLast: boolean) => unknown;

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

function unknown({ type, loc }: hbs.AST.Node): TypeError {
  return new TypeError(`A template contains an unsupported ${type} in line ${loc.start.line}.`);
}
