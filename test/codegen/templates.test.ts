import Handlebars from "handlebars";
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { HELPERS, readTemplate, type TemplateName } from "../../codegen/src/emit/templates.js";

/** Everything in a template that may print without a helper of ours, or run something else. */
function offences(source: string): string[] {
  const found: string[] = [];
  const expression = (node: {
    path: hbs.AST.Expression;
    params: hbs.AST.Expression[];
    hash?: hbs.AST.Hash;
  }): void => {
    const path = node.path as hbs.AST.PathExpression;
    if (
      (path.type as string) !== "PathExpression" ||
      path.data ||
      path.depth > 0 ||
      path.parts.length !== 1
    ) {
      found.push(`not a name: ${path.original}`);
    } else if (!Object.hasOwn(HELPERS, path.original)) found.push(`not a helper: ${path.original}`);
    if ((node.hash?.pairs.length ?? 0) > 0) found.push("a hash");
    for (const param of node.params) {
      if (param.type !== "PathExpression") found.push(`a parameter that is ${param.type}`);
    }
  };
  const walk = (body: readonly hbs.AST.Statement[]): void => {
    for (const node of body) {
      switch (node.type) {
        case "ContentStatement":
          break;
        case "MustacheStatement": {
          const mustache: hbs.AST.MustacheStatement = node as never;
          if (!mustache.escaped) found.push("a raw expression");
          expression(mustache);
          break;
        }
        case "BlockStatement": {
          const block = node as hbs.AST.BlockStatement;
          // `each` is the only block: it prints nothing itself.
          if (block.path.original !== "each") found.push("another block than each");
          walk(block.program.body);
          if ((block.inverse as hbs.AST.Program | undefined) !== undefined)
            walk(block.inverse.body);
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
    "{{#if name}}x{{/if}}",
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

test("the installed Handlebars has the fix that the templates rely on", () => {
  const [major = 0, minor = 0, patch = 0] = Handlebars.VERSION.split(".").map(Number);
  expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(4_007_010);
});
