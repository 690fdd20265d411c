/**
 * The templates, and what they may use: helpers, which escape or choose between fixed words, and conditions.
 * A test checks that nothing else in the templates can print.
 */
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
import { compileTemplate, type Vocabulary } from "./renderer.js";

type Helpers<Printed extends string> = Readonly<Record<string, (argument: never) => Printed>>;

/** Helpers that print code; allowed only outside comments. */
export const CODE_HELPERS = {
  header: () => HEADER,
  string: (text: string) => stringLiteral(text),
  literal: (fact: string | number | boolean) => literal(fact),
  key: (name: string) => key(name),
  objectKey: (name: string) => objectKey(name),
  runtimeType: (name: string) => runtimeType(name),
  parameterType: (parameter: ParameterModel) => parameterType(parameter),
} as const satisfies Helpers<Code>;

/** Helpers that print comment text; allowed only in comments. */
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

/** Blocks that print their content when a value meets a condition. */
export const CONDITIONS = {
  if: isTrue,
  unless: (fact: unknown) => !isTrue(fact),
  given: (fact: unknown) => fact !== undefined,
} as const;

/** Whether a flag is set, or a list is not empty. For values use `given`: they may be 0 or false. */
function isTrue(fact: unknown): boolean {
  return Array.isArray(fact) ? fact.length > 0 : fact === true;
}

const VOCABULARY: Vocabulary = {
  helpers: new Map<string, (argument: never) => string>(
    Object.entries({ ...CODE_HELPERS, ...COMMENT_HELPERS, ...NAME_HELPERS }),
  ),
  conditions: new Map(Object.entries(CONDITIONS)),
};

/** The templates in codegen/templates, by name. */
export type TemplateName = "flow" | "index" | "flow-map";

const compiled = new Map<TemplateName, (view: unknown) => string>();

/** Renders a template. */
export function render(name: TemplateName, view: unknown): string {
  let template = compiled.get(name);
  if (template === undefined) {
    template = compileTemplate(readTemplate(name), VOCABULARY);
    compiled.set(name, template);
  }
  return template(view);
}

/** The source of a template. */
export function readTemplate(name: TemplateName): string {
  return readFileSync(new URL(`../../templates/${name}.hbs`, import.meta.url), "utf8");
}
