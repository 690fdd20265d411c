/** The statements of the modules whose layout depends on how long their names are. */
import type { FlowView } from "./flow-view.js";
import {
  bindingsCode,
  fits,
  listLines,
  listValue,
  memberCode,
  newLine,
  textValue,
  type Value,
} from "./layout.js";
import { entryValue, propertyCode, propertyDoc } from "./parameter-code.js";
import {
  code,
  functionName,
  importName,
  joinCode,
  modulePath,
  moduleSpecifier,
  objectKey,
  stringLiteral,
  typeName,
  type Code,
} from "./safe-text.js";

/** What a flow's module imports from the runtime. */
export function runtimeImport({ imports, runtime }: FlowView): Code {
  const names = imports.map((name) => importName(name));
  return bindingsCode(code`import`, names, moduleSpecifier(runtime));
}

/** `import { x, type XParams } from "./flows/x.js";` */
export function flowImport(id: string): Code {
  return bindingsCode(code`import`, flowNames(id), modulePath(id));
}

/** `export { x, type XParams } from "./flows/x.js";` */
export function flowExport(id: string): Code {
  return bindingsCode(code`export`, flowNames(id), modulePath(id));
}

function flowNames(id: string): Code[] {
  return [functionName(id), code`type ${typeName(id)}`];
}

/** `id: function,`, as it stands in the map of flows. */
export function flowMember(id: string): Code {
  return memberCode(objectKey(id), textValue(functionName(id)), 1);
}

/** `export interface XParams extends A, B { … }` */
export function paramsInterface({ names, bases, properties }: FlowView): Code {
  const start = code`export interface ${typeName(names.id)}`;
  const list = joinCode(
    bases.map((name) => importName(name, "bare")),
    ", ",
  );
  const lines = properties.map(
    (parameter) => code`\n${propertyDoc(parameter)}${newLine(1)}${propertyCode(parameter)}`,
  );
  const body = lines.length === 0 ? code`{}` : code`{${joinCode(lines, "")}\n}`;
  if (bases.length === 0) return code`${start} ${body}`;
  const brace = lines.length === 0 ? "{}" : "{";
  // Prettier does not put a single base on a line of its own.
  const isBeside = bases.length === 1 || fits(0, start, " extends ", list, " ", brace);
  return code`${start}${isBeside ? code` ` : newLine(1)}extends ${list} ${body}`;
}

/** `export const x: Flow<XParams> = defineFlow("x", […]);` */
export function flowDefinition({ names, model, entries }: FlowView): Code {
  const start = code`export const ${functionName(names.id)}: Flow<${typeName(names.id)}> =`;
  const call = code`/* @__PURE__ */ defineFlow(`;
  const isBeside = fits(0, start, " ", call);
  const level = isBeside ? 0 : 1;
  const before = isBeside ? code`${start} ${call}` : call;
  const id = stringLiteral(model.id);
  const written = isBeside ? before : code`${start}${newLine(1)}${call}`;
  const parameters = entries.map((entry) => entryValue(entry));
  return code`${written}${callArguments(id, parameters, level, before)});`;
}

/** `"x", […]`: beside the parenthesis if at least the bracket fits there, else each on its line. */
function callArguments(id: Code, members: readonly Value[], level: number, before: string): Code {
  const flat = flatList(members);
  if (flat !== undefined && fits(level, before, id, ", ", flat, ");")) return code`${id}, ${flat}`;
  if (members.length > 0 && fits(level, before, id, ", [")) {
    return code`${id}, [${listLines(members, level)}]`;
  }
  const deeper = level + 1;
  const list =
    flat !== undefined && fits(deeper, flat, ",") ? flat : code`[${listLines(members, deeper)}]`;
  return code`${newLine(deeper)}${id},${newLine(deeper)}${list},${newLine(level)}`;
}

/** A list on one line, where it may and could be: prettier gives each of several objects its line. */
function flatList(members: readonly Value[]): Code | undefined {
  if (members.length > 1 && members.every(({ broken }) => broken !== undefined)) return undefined;
  return fits(0, ...members.map(({ flat }) => flat)) ? listValue(members).flat : undefined;
}
