/**
 * The only place where text of a description becomes code. Everything in a description may be hostile,
 * so each way into a generated file – literal, key, comment, identifier, type, file name – is one
 * function here, and templates can print through nothing else.
 */
import { CodegenError } from "../errors.js";
import { escapeInvisible, quote } from "../json/value.js";

declare const safe: unique symbol;
/** Text that may stand in generated code as it is. Only this module makes it. */
export type Code = string & { readonly [safe]: "code" };

/** Text that may stand in a comment as it is. Only this module makes it. */
class SafeComment {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type { SafeComment as Comment };

/** A JavaScript string literal that evaluates to exactly `text`. */
export function stringLiteral(text: string): Code {
  // The slash of a comment's end is escaped for literals that stand in an example inside a comment.
  return escapeInvisible(JSON.stringify(text)).replaceAll("*/", "*\\/") as Code;
}

/** A literal for a string, number or boolean. */
export function literal(value: string | number | boolean): Code {
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new CodegenError("number_inexact", `The number ${value} cannot be written.`);
  }
  return String(value) as Code;
}

/** A key of an interface: bare where it is a plain name, else quoted. */
export function typeKey(name: string): Code {
  return isPlainName(name) ? (name as Code) : stringLiteral(name);
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name);
}

/** A key of an object literal; `__proto__` would set the prototype, so it is computed. */
export function objectKey(name: string): Code {
  return name === "__proto__" ? (`["__proto__"]` as Code) : typeKey(name);
}

/** A string literal for an example inside a comment: nothing in it is read as comment or markup. */
function exampleLiteral(value: string | number | boolean): Code {
  return literal(value).replace(
    /[*@`{}#<>]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ) as Code;
}

/** `key: value` for an example inside a comment. */
export function exampleMember(name: string, value: string | number | boolean): SafeComment {
  return new SafeComment(`${exampleKey(name)}: ${exampleLiteral(value)}`);
}

/** `key: variable` for an example inside a comment; the variable is one of ours. */
export function exampleVariable(name: string, variable: "file"): SafeComment {
  return new SafeComment(name === variable ? name : `${exampleKey(name)}: ${variable}`);
}

function exampleKey(name: string): string {
  if (name === "__proto__") return `["__proto__"]`;
  return isPlainName(name) ? name : exampleLiteral(name);
}

/** An import of a flow's function or of `createClient`, for an example inside a comment. */
export function exampleImport(name: Code | "createClient", specifier: string): SafeComment {
  return new SafeComment(`import { ${name} } from ${moduleSpecifier(specifier)};`);
}

/** A name of ours – made here from an id – inside a comment. */
export function commentName(name: Code): SafeComment {
  return new SafeComment(name);
}

/**
 * Comment text with the pieces in `${}` made harmless: no end of comment, no tag, no markup, no line
 * break, nothing invisible. What stands around them in the source is ours and stays.
 */
export function comment(
  strings: TemplateStringsArray,
  ...pieces: readonly (string | number | SafeComment)[]
): SafeComment {
  const safe = pieces.map((piece) =>
    piece instanceof SafeComment ? piece.text : harmless(String(piece)),
  );
  return new SafeComment(String.raw({ raw: strings }, ...safe));
}

/** A value of a parameter as comment text: texts in quotes, numbers as they are. */
export function commentValue(value: string | number | boolean): SafeComment {
  return new SafeComment(harmless(JSON.stringify(value)));
}

/** Joins comment texts. */
export function joinComment(parts: readonly SafeComment[], separator: ", " | " "): SafeComment {
  return new SafeComment(parts.map(({ text }) => text).join(separator));
}

function harmless(text: string): string {
  return escapeInvisible(text.replace(/[\s\u0085]+/g, " ").trim())
    .replace(/[@{}<>[\]`]/g, "\\$&")
    .replace(/\*(?=\/)/g, "*\\")
    .replace(/#(?=\s*(?:source|__))/gi, "\\#");
}

const COMMENT_WIDTH = 100;

/** A documentation comment: a text, wrapped, and perhaps a tag and the lines of an example. */
export function docComment(
  { text }: SafeComment,
  indent: 0 | 2,
  { tag, example = [] }: { tag?: SafeComment | undefined; example?: readonly SafeComment[] } = {},
): Code {
  const margin = " ".repeat(indent);
  const single = tag === undefined ? text : `${text} ${tag.text}`;
  if (example.length === 0 && indent + single.length + 7 <= COMMENT_WIDTH) {
    return `${margin}/** ${single} */` as Code;
  }
  const width = COMMENT_WIDTH - indent - 3;
  const lines = [...wrap(text, width), ...(tag === undefined ? [] : wrap(tag.text, width))];
  const code = example.map((line) => line.text);
  const block = code.length === 0 ? [] : ["", "@example", "```ts", ...code, "```"];
  const body = [...lines, ...block].map((line) => `${margin} *${line === "" ? "" : ` ${line}`}`);
  return `${margin}/**\n${body.join("\n")}\n${margin} */` as Code;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A module specifier. It comes from our own command line, and still has to be one line of text. */
export function moduleSpecifier(specifier: string): Code {
  if (!/^[\w@./~:#-]+$/.test(specifier)) {
    throw new CodegenError("runtime_invalid", "The import specifier of the runtime is not one.", {
      value: quote(specifier),
      hint: "Give --runtime a package name or a relative path that ends in .js.",
    });
  }
  return stringLiteral(specifier);
}

/** Names that a generated function may not have: words of the language, and what the modules hold. */
const TAKEN_VALUES = new Set(
  (
    "arguments as async await break case catch class const continue debugger default delete do else " +
    "enum eval export extends false finally for from function get if implements import in instanceof " +
    "interface let new null of package private protected public return set static super switch this " +
    "throw true try type typeof undefined var void while with yield NaN Infinity globalThis " +
    "any unknown never object string number boolean bigint symbol module namespace require exports " +
    "constructor prototype defineFlow createClient client flows files"
  ).split(" "),
);

/** Types that a generated module imports or that stand beside the generated ones. */
const TAKEN_TYPES = new Set(["StandardParams", "FlowParams"]);

/** The name of a flow's function: `sdxl_lighting` → `sdxlLighting`, `delete` → `delete_`. */
export function functionName(id: string): Code {
  const name = lowerFirst(pascal(id));
  return (TAKEN_VALUES.has(name) ? `${name}_` : name) as Code;
}

/** The name of a flow's parameter type: `sdxl_lighting` → `SdxlLightingParams`. */
export function typeName(id: string): Code {
  const name = `${pascal(id)}Params`;
  return (TAKEN_TYPES.has(name) ? `${name}_` : name) as Code;
}

/** Words joined with capitals. Letters of other alphabets stay; what cannot be in a name separates words. */
function pascal(id: string): string {
  const words =
    id.normalize("NFC").match(/[A-Za-z0-9]+|[^\P{L}A-Za-z\u{10000}-\u{10ffff}]+/gu) ?? [];
  const joined = joinWords(id.normalize("NFC"), words);
  if (joined === "") {
    return `Flow${Array.from(id, (char) => `U${(char.codePointAt(0) ?? 0).toString(16)}`).join("")}`;
  }
  return /^[0-9]/.test(joined) ? `Flow${joined}` : joined;
}

/** Only a separator starts a new word: `a猫b` stays one. */
function joinWords(id: string, words: readonly string[]): string {
  let joined = "";
  let end = -1;
  let from = 0;
  for (const word of words) {
    const start = id.indexOf(word, from);
    joined += start === end ? word : upperFirst(word);
    from = end = start + word.length;
  }
  return joined;
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}

/** Names that Windows keeps for devices. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/**
 * The name of a flow's module, without extension: the id itself where it is a safe file name, else with
 * each other character as `_x{code point}_`. The dot is not safe: `a.d.ts` would be a declaration file.
 */
export function fileStem(id: string): Code {
  const encode = (char: string): string => `_x${(char.codePointAt(0) ?? 0).toString(16)}_`;
  let stem = id.replace(/[^A-Za-z0-9_-]/gu, encode);
  if (DEVICES.test(stem) || stem.startsWith("-")) stem = encode(stem.charAt(0)) + stem.slice(1);
  if (stem.length > 180) {
    throw new CodegenError(
      "flow_id_invalid",
      `The flow id ${quote(id)} is too long for a file name.`,
      {
        value: `${id.length} characters`,
        hint: "Rename the flow on the server, or leave it out with --flows.",
      },
    );
  }
  return stem as Code;
}

/** What generated modules may import from the runtime. */
const RUNTIME_NAMES = new Set([
  "Flow",
  "FileInput",
  "StandardParams",
  "SeedParam",
  "CountParam",
  "TranslateParam",
  "SurpriseMeParam",
]);

/** A type of the runtime; only the names that we know. */
export function runtimeName(name: string): Code {
  if (!RUNTIME_NAMES.has(name)) throw new TypeError(`Not a type of the runtime: ${name}`);
  return name as Code;
}
