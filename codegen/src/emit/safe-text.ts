/**
 * The only place where text of a description becomes code. Everything in a description may be hostile,
 * so each way into a generated file – literal, key, comment, identifier, type, file name – is one
 * function here, and templates can print through nothing else.
 */
import { CodegenError } from "../errors.js";
import { escapeInvisible, quote } from "../json/value.js";
import { HEADER } from "./header.js";

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

/** Tools look for `//# sourceMappingURL=` by pattern, wherever it stands: its `s` is what gets changed. */
const SOURCE_DIRECTIVE = /([#@]\s*)s(?=ource(?:Mapping)?URL)/gi;

/** Code of ours around pieces that are code already. */
export function code(strings: TemplateStringsArray, ...pieces: readonly Code[]): Code {
  let text = strings[0] ?? "";
  for (const [index, piece] of pieces.entries()) text += piece + (strings[index + 1] ?? "");
  return text as Code;
}

/** Pieces of code in a row. */
export function joinCode(pieces: readonly Code[], separator: "" | ", " | " | "): Code {
  return pieces.join(separator) as Code;
}

/** The first line of every file. */
export function headerComment(): Code {
  return HEADER as Code;
}

/** A JavaScript string literal that evaluates to exactly `text`, in the quotes that need fewer escapes. */
export function stringLiteral(text: string): Code {
  return escapeInvisible(inQuotes(text))
    .replaceAll("*/", "*\\/")
    .replace(SOURCE_DIRECTIVE, "$1\\u0073") as Code;
}

function inQuotes(text: string): string {
  const double = JSON.stringify(text);
  if (!text.includes('"') || count(text, '"') <= count(text, "'")) return double;
  // Escapes are taken whole, so that the quote after an escaped backslash is not taken for an escaped one.
  const single = double.slice(1, -1).replace(/\\.|'/g, (piece) => {
    if (piece === "'") return "\\'";
    return piece === '\\"' ? '"' : piece;
  });
  return `'${single}'`;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

/** A literal for a string, number or boolean. */
export function literal(value: string | number | boolean): Code {
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new CodegenError("number_inexact", `The number ${value} cannot be written.`);
  }
  // `1e+21` is `1e21`.
  return String(value).replace("e+", "e") as Code;
}

/** A key of an interface: bare where it is a plain name, else quoted. */
export function typeKey(name: string): Code {
  return isPlainName(name) ? (name as Code) : stringLiteral(name);
}

/**
 * Whether a key can stand without quotes. Prettier takes the quotes off; of other alphabets these letters
 * (those of names, and the accents and the long vowel that go with them) are enough for it to have nothing
 * to do where a name is a word of the languages that they write. Rarer ones stay quoted, which is as right.
 */
function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) || PLAIN_NAME.test(name);
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
    .replace(SOURCE_DIRECTIVE, "$1\\s")
    .replace(/#(?=__)/g, "\\#");
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

/**
 * Words joined with capitals; what cannot be in a name separates words. Letters of other alphabets stay
 * where every compiler and every version of Unicode of the last years agrees that they are letters.
 */
function pascal(id: string): string {
  // Nearly all ids are ASCII, and told their words in a fraction of the time.
  const isAscii = !/[^\0-\x7f]/.test(id);
  const words = (isAscii ? id.match(/[A-Za-z0-9]+/g) : id.normalize("NFC").match(WORD)) ?? [];
  const joined = words.map((word) => upperFirst(word)).join("");
  if (joined === "") {
    return `Flow${Array.from(id, (char) => `U${(char.codePointAt(0) ?? 0).toString(16)}`).join("")}`;
  }
  return /^[0-9]/.test(joined) ? `Flow${joined}` : joined;
}

const LETTER =
  "(?=\\p{L})[\\u00c0-\\u024f\\u0370-\\u052f\\u0531-\\u0587\\u05d0-\\u05ea\\u0620-\\u064a\\u0904-\\u0939\\u0e01-\\u0e30\\u1e00-\\u1fff\\u3041-\\u30fa\\u4e00-\\u9fa5\\uac00-\\ud7a3]";

const WORD = new RegExp(`(?:[A-Za-z0-9]|${LETTER})+`, "gu");

/** Accents that stand on the letter before them, and the long vowel of katakana. */
const AFTER_LETTER = "(?:[\\u0300-\\u034e]|[\\u0350-\\u036f]|\\u30fc)";

const PLAIN_NAME = new RegExp(
  `^(?:[A-Za-z_$]|${LETTER})(?:[A-Za-z0-9_$]|${LETTER}|${AFTER_LETTER})*$`,
  "u",
);

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

/** A name of the runtime, `bare` or as it stands in an import; only those that we know. */
export function importName(name: string, form: "import" | "bare" = "import"): Code {
  if (name === "defineFlow") return name as Code;
  if (!RUNTIME_NAMES.has(name)) throw new TypeError(`Not a name of the runtime: ${name}`);
  return (form === "bare" ? name : `type ${name}`) as Code;
}

/** The specifier of a flow's module, as the index has it. */
export function modulePath(id: string): Code {
  return moduleSpecifier(`./flows/${fileStem(id)}.js`);
}
