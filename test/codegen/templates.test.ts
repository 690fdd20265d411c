/** Templates print only through the escaping helpers, and each helper is used only where its text is safe. */
import Handlebars from "handlebars";
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  CODE_HELPERS,
  COMMENT_HELPERS,
  CONDITIONS,
  NAME_HELPERS,
  readTemplate,
  type TemplateName,
} from "../../codegen/src/emit/templates.js";

/** Blocks that print nothing themselves, but choose or repeat their content. */
const BLOCKS = ["each", ...Object.keys(CONDITIONS)];

/** Everything in a template that may print without our helpers, or in a wrong place. */
function offences(source: string): string[] {
  const found: string[] = [];
  let isInComment = false;

  const print = (node: hbs.AST.MustacheStatement): void => {
    const { original, ...path } = node.path as hbs.AST.PathExpression;
    if (!node.escaped) found.push("a raw expression");
    if (
      (path.type as string) !== "PathExpression" ||
      path.data ||
      path.depth > 0 ||
      path.parts.length !== 1
    ) {
      found.push(`not a name: ${original}`);
    } else if (Object.hasOwn(CODE_HELPERS, original)) {
      if (isInComment) found.push(`code in a comment: ${original}`);
    } else if (Object.hasOwn(COMMENT_HELPERS, original)) {
      if (!isInComment) found.push(`text of a comment in code: ${original}`);
    } else if (!Object.hasOwn(NAME_HELPERS, original)) found.push(`not a helper: ${original}`);
    parameters(node);
  };
  const parameters = ({ params, hash }: Pick<hbs.AST.BlockStatement, "params" | "hash">): void => {
    if (((hash as hbs.AST.Hash | undefined)?.pairs.length ?? 0) > 0) found.push("a hash");
    for (const param of params) {
      if (param.type !== "PathExpression") found.push(`a parameter that is ${param.type}`);
    }
  };
  const walk = (body: readonly hbs.AST.Statement[]): void => {
    for (const node of body) {
      switch (node.type) {
        case "ContentStatement": {
          for (const [mark] of (node as hbs.AST.ContentStatement).value.matchAll(/\/\*|\*\//g)) {
            isInComment = mark === "/*";
          }
          break;
        }
        case "MustacheStatement":
          print(node as hbs.AST.MustacheStatement);
          break;
        case "BlockStatement": {
          const block = node as hbs.AST.BlockStatement;
          const { original } = block.path;
          if (!BLOCKS.includes(original)) found.push(`another block: ${original}`);
          parameters(block);
          for (const branch of [block.program, block.inverse as hbs.AST.Program | undefined]) {
            if (branch === undefined) continue;
            if (((branch.blockParams as string[] | undefined)?.length ?? 0) > 0)
              found.push("a name of its own");
            const before = isInComment;
            walk(branch.body);
            if (isInComment !== before) found.push("a comment that ends in another block");
          }
          break;
        }
        default:
          found.push(node.type);
      }
    }
  };
  walk(Handlebars.parse(source).body);
  return found;
}

describe("only the escaping helpers print", () => {
  const files = readdirSync("codegen/templates");

  test.each(files)("in %s", (file) => {
    expect(file).toMatch(/\.hbs$/);
    expect(offences(readTemplate(file.replace(/\.hbs$/, "") as TemplateName))).toEqual([]);
  });

  test("there are templates", () => {
    expect(files.length).toBeGreaterThan(2);
  });

  test.each([
    "{{name}}",
    "{{{typeName name}}}",
    "{{&typeName name}}",
    "{{names.id}}",
    "{{this}}",
    "{{@key}}",
    "{{../name}}",
    "{{> part}}",
    "{{#if name}}{{id}}{{/if}}",
    "{{#unless name}}x{{else}}{{id}}{{/unless}}",
    "{{#given name}}{{id}}{{/given}}",
    "{{#if (lookup this name)}}x{{/if}}",
    "{{#if name includeZero=true}}x{{/if}}",
    "{{#with name}}x{{/with}}",
    "{{#each flows as |flow|}}x{{/each}}",
    "{{prose name}}",
    "/** {{string name}} */",
    "/** {{#if name}}*/{{/if}}",
    "/** {{prose name}} */ {{prose name}}",
    "{{#each flows}}{{id}}{{/each}}",
    "{{#each flows}}x{{else}}{{id}}{{/each}}",
    "{{typeName (lookup this name)}}",
    "{{typeName 'text'}}",
    "{{typeName name a=b}}",
    "{{lookup this name}}",
    "{{log name}}",
    "{{* decorator}}",
    "{{constructor}}",
  ])("the walk finds %s", (source) => {
    expect(offences(source)).not.toEqual([]);
  });
});

test.each([
  "{{string name}}",
  "/** {{prose name}} */ {{#each flows}}{{string id}}{{/each}}",
  "/** {{functionName id}} */ {{functionName id}}",
])("the walk lets %s pass", (source) => {
  expect(offences(source)).toEqual([]);
});
