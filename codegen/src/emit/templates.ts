/**
 * Handlebars with nothing of ours but the helpers below. Each prints what a function of safe-text.ts
 * made; a test walks the templates and lets no other expression print.
 */
import Handlebars from "handlebars";
import { readFileSync } from "node:fs";
import { functionDoc } from "./flow-doc.js";
import type { FlowView } from "./flow-view.js";
import {
  flowDefinition,
  flowExport,
  flowImport,
  flowMember,
  paramsInterface,
  runtimeImport,
} from "./module-code.js";
import {
  comment,
  docComment,
  headerComment,
  moduleSpecifier,
  typeKey,
  typeName,
  type Code,
} from "./safe-text.js";

/** The templates' helpers by name. They are the only way to print. */
export const HELPERS: Readonly<Record<string, (value: never) => Code>> = {
  header: () => headerComment(),
  specifier: (text: string) => moduleSpecifier(text),
  typeKey: (name: string) => typeKey(name),
  typeName: (id: string) => typeName(id),
  flowImport: (id: string) => flowImport(id),
  flowExport: (id: string) => flowExport(id),
  flowMember: (id: string) => flowMember(id),
  runtimeImport: (view: FlowView) => runtimeImport(view),
  paramsDoc: (id: string) => docComment(comment`Parameters of the flow \`${id}\`.`, 0),
  paramsInterface: (view: FlowView) => paramsInterface(view),
  functionDoc: (view: FlowView) => functionDoc(view),
  flowDefinition: (view: FlowView) => flowDefinition(view),
};

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
