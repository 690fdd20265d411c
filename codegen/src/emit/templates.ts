/**
 * Handlebars with nothing of ours but the helpers below: they escape, or choose between words that are
 * written here. A test walks the templates and lets nothing else print.
 */
import Handlebars from "handlebars";
import { readFileSync } from "node:fs";
import type { ParameterModel } from "../model/flow.js";
import {
  key,
  literal,
  moduleSpecifier,
  objectKey,
  stringLiteral,
  type Code,
} from "../safe/code.js";
import { exampleKey, exampleLiteral, prose, value, type Comment } from "../safe/comment.js";
import { fileStem, functionName, runtimeType, typeName } from "../safe/identifier.js";
import { HEADER } from "./header.js";
import { parameterType } from "./parameter-type.js";

type Helpers<Printed extends string> = Readonly<Record<string, (argument: never) => Printed>>;

/** Helpers that print code; they stand outside of comments. */
export const CODE_HELPERS = {
  header: () => HEADER,
  string: (text: string) => stringLiteral(text),
  literal: (fact: string | number | boolean) => literal(fact),
  key: (name: string) => key(name),
  objectKey: (name: string) => objectKey(name),
  runtimeType: (name: string) => runtimeType(name),
  parameterType: (parameter: ParameterModel) => parameterType(parameter),
} as const satisfies Helpers<Code>;

/** Helpers that print text of a comment, and stand in comments only. */
export const COMMENT_HELPERS = {
  prose: (text: string | number) => prose(text),
  value: (fact: string | number | boolean) => value(fact),
  exampleKey: (name: string) => exampleKey(name),
  exampleLiteral: (fact: string | number | boolean) => exampleLiteral(fact),
} as const satisfies Helpers<Comment>;

/** Helpers that print names, which are the same in code and in comments. */
export const NAME_HELPERS = {
  functionName: (id: string) => functionName(id),
  typeName: (id: string) => typeName(id),
  fileStem: (id: string) => fileStem(id),
  specifier: (text: string) => moduleSpecifier(text),
} as const satisfies Helpers<Code>;

/** The templates in codegen/templates, by name. */
export type TemplateName = "flow" | "index" | "flow-map";

const compiled = new Map<TemplateName, (view: unknown) => string>();

/** Renders a template. What it prints is made of helpers only, so Handlebars' own escaping is left on. */
export function render(name: TemplateName, view: unknown): string {
  let template = compiled.get(name);
  if (template === undefined) {
    template = instance.compile(readTemplate(name), {
      knownHelpers: Object.fromEntries(HELPER_NAMES.map((helper) => [helper, true])),
      knownHelpersOnly: true,
      strict: true,
    });
    compiled.set(name, template);
  }
  return template(view);
}

const HELPERS: Helpers<Code | Comment> = {
  ...CODE_HELPERS,
  ...COMMENT_HELPERS,
  ...NAME_HELPERS,
};
const HELPER_NAMES = [...Object.keys(HELPERS), "given"];

/** An instance of our own, so that nobody else's helpers are in it. */
const instance = Handlebars.create();
for (const [name, helper] of Object.entries(HELPERS)) {
  instance.registerHelper(
    name,
    (argument: unknown) => new Handlebars.SafeString(helper(argument as never)),
  );
}
/** A block for where there is a value; `if` would leave out 0, false and empty texts. */
instance.registerHelper("given", function (this: unknown, fact: unknown, block: Block): string {
  return fact === undefined ? block.inverse(this) : block.fn(this);
});

type Block = Pick<Handlebars.HelperOptions, "fn" | "inverse">;

/** The source of a template. */
export function readTemplate(name: TemplateName): string {
  return readFileSync(new URL(`../../templates/${name}.hbs`, import.meta.url), "utf8");
}
