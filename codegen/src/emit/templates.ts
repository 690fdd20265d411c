/**
 * Handlebars with nothing of ours but the helpers below. Each prints what a function of safe-text.ts
 * made; a test walks the templates and lets no other expression print.
 */
import Handlebars from "handlebars";
import { readFileSync } from "node:fs";
import type { ParameterModel } from "../model/flow.js";
import { functionDoc } from "./flow-doc.js";
import type { Entry, FlowView } from "./flow-view.js";
import { WIDTH } from "./layout.js";
import { entryCode, propertyCode, propertyDoc } from "./parameter-code.js";
import {
  code,
  comment,
  docComment,
  functionName,
  headerComment,
  importName,
  joinCode,
  modulePath,
  moduleSpecifier,
  objectKey,
  stringLiteral,
  typeKey,
  typeName,
  type Code,
} from "./safe-text.js";

/** The templates' helpers by name. They are the only way to print. */
export const HELPERS: Readonly<Record<string, (value: never) => Code>> = {
  header: () => headerComment(),
  specifier: (text: string) => moduleSpecifier(text),
  importName: (name: string) => importName(name),
  heritage: (view: FlowView) => heritageCode(view),
  string: (text: string) => stringLiteral(text),
  typeKey: (name: string) => typeKey(name),
  objectKey: (name: string) => objectKey(name),
  functionName: (id: string) => functionName(id),
  typeName: (id: string) => typeName(id),
  modulePath: (id: string) => modulePath(id),
  entry: (entry: Entry) => entryCode(entry),
  property: (parameter: ParameterModel) => propertyCode(parameter),
  propertyDoc: (parameter: ParameterModel) => propertyDoc(parameter),
  paramsDoc: (id: string) => docComment(comment`Parameters of the flow \`${id}\`.`, 0),
  functionDoc: (view: FlowView) => functionDoc(view),
};

/** ` extends A, B`, on a line of its own where it does not fit. */
function heritageCode({ names, bases }: FlowView): Code {
  if (bases.length === 0) return code``;
  const list = code`extends ${joinCode(
    bases.map((name) => importName(name, "bare")),
    ", ",
  )}`;
  const before = `export interface ${typeName(names.id)} `.length;
  return before + list.length + 2 <= WIDTH ? code` ${list}` : code`\n  ${list}`;
}

/** The templates in codegen/templates, by name. */
export type TemplateName = "flow" | "index" | "flow-map";

const compiled = new Map<TemplateName, (view: unknown) => string>();

/** Renders a template. What it prints is made of helpers only, so Handlebars' own escaping is left on. */
export function render(name: TemplateName, view: unknown): string {
  let template = compiled.get(name);
  if (template === undefined) {
    template = instance.compile(readTemplate(name), {
      knownHelpers: Object.fromEntries(Object.keys(HELPERS).map((helper) => [helper, true])),
      knownHelpersOnly: true,
      strict: true,
    });
    compiled.set(name, template);
  }
  return template(view);
}

/** An instance of our own, so that nobody else's helpers are in it. */
const instance = Handlebars.create();
for (const [name, helper] of Object.entries(HELPERS)) {
  instance.registerHelper(
    name,
    (value: unknown) => new Handlebars.SafeString(helper(value as never)),
  );
}

/** The source of a template. */
export function readTemplate(name: TemplateName): string {
  return readFileSync(new URL(`../../templates/${name}.hbs`, import.meta.url), "utf8");
}
