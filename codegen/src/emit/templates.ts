/**
 * Handlebars with nothing of ours but the helpers below. Each prints what a function of safe-text.ts
 * made; a test walks the templates and lets no other expression print.
 */
import Handlebars from "handlebars";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import type { ParameterModel } from "../model/flow.js";
import { functionDoc, type Specifiers } from "./flow-doc.js";
import type { Entry, FlowView } from "./flow-view.js";
import { HEADER } from "./header.js";
import { WIDTH } from "./layout.js";
import { entryCode, propertyCode, propertyDoc } from "./parameter-code.js";
import {
  comment,
  docComment,
  fileStem,
  functionName,
  moduleSpecifier,
  objectKey,
  runtimeName,
  stringLiteral,
  typeKey,
  typeName,
  type Code,
} from "./safe-text.js";

/** The templates' helpers by name. They are the only way to print. */
export function helpers({ runtime }: Specifiers): Readonly<Record<string, (value: never) => Code>> {
  return {
    header: () => HEADER as Code,
    runtime: () => moduleSpecifier(runtime),
    runtimeAbove: () => moduleSpecifier(specifierAbove(runtime)),
    importName: (name: string) =>
      (name === "defineFlow" ? name : `type ${runtimeName(name)}`) as Code,
    heritage: (view: FlowView) => heritageCode(view),
    string: (text: string) => stringLiteral(text),
    typeKey: (name: string) => typeKey(name),
    objectKey: (name: string) => objectKey(name),
    functionName: (id: string) => functionName(id),
    typeName: (id: string) => typeName(id),
    modulePath: (id: string) => moduleSpecifier(`./flows/${fileStem(id)}.js`),
    entry: (entry: Entry) => entryCode(entry),
    property: (parameter: ParameterModel) => propertyCode(parameter),
    propertyDoc: (parameter: ParameterModel) => propertyDoc(parameter),
    paramsDoc: (view: FlowView) =>
      docComment(comment`Parameters of the flow \`${view.names.id}\`.`, 0),
    functionDoc: (view: FlowView) => functionDoc(view, { runtime }),
  };
}

/** A relative specifier is relative to the modules in `flows/`; this is for the files one folder above. */
export function specifierAbove(runtime: string): string {
  if (!runtime.startsWith(".")) return runtime;
  const path = posix.join("flows", runtime);
  return path.startsWith(".") ? path : `./${path}`;
}

/** ` extends A, B`, on a line of its own where it does not fit. */
function heritageCode({ names, bases }: FlowView): Code {
  if (bases.length === 0) return "" as Code;
  const list = `extends ${bases.map((name) => runtimeName(name)).join(", ")}`;
  const before = `export interface ${typeName(names.id)} `.length;
  return (before + list.length + 2 <= WIDTH ? ` ${list}` : `\n  ${list}`) as Code;
}

/** The templates in codegen/templates, by name. */
export type TemplateName = "flow" | "index" | "flow-map";

/** Compiles the templates. What they print is made of helpers only, so Handlebars' escaping is left on. */
export function loadTemplates(
  specifiers: Specifiers,
): (name: TemplateName, view: unknown) => string {
  const instance = Handlebars.create();
  const known = helpers(specifiers);
  for (const [name, helper] of Object.entries(known)) {
    instance.registerHelper(
      name,
      (value: unknown) => new Handlebars.SafeString(helper(value as never)),
    );
  }
  const compiled = new Map<TemplateName, (view: unknown) => string>();
  return (name, view) => {
    let template = compiled.get(name);
    if (template === undefined) {
      template = instance.compile(readTemplate(name), {
        knownHelpers: Object.fromEntries(Object.keys(known).map((helper) => [helper, true])),
        knownHelpersOnly: true,
        strict: true,
      });
      compiled.set(name, template);
    }
    return template(view);
  };
}

/** The source of a template. */
export function readTemplate(name: TemplateName): string {
  return readFileSync(new URL(`../../templates/${name}.hbs`, import.meta.url), "utf8");
}
