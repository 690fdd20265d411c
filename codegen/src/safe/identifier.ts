/**
 * Derives names of functions, types, and files from flow ids; lists the client's names that generated modules
 * may import.
 */
import { CodegenError } from "../errors.js";
import { quote } from "../json/value.js";
import type { Code } from "./code.js";
import { WORD } from "./letters.js";

/** Names that a generated function may not have: reserved words, and names used in the modules. */
const TAKEN_VALUES = new Set(
  (
    "arguments as async await break case catch class const continue debugger default delete do else " +
    "enum eval export extends false finally for from function get if implements import in instanceof " +
    "interface let new null of package private protected public return set static super switch this " +
    "throw true try type typeof undefined var void while with yield NaN Infinity globalThis " +
    "any unknown never object string number boolean bigint symbol module namespace require exports " +
    "constructor prototype defineFlow fileInputs createClient client flows files"
  ).split(" "),
);

/** Types that a generated module imports, or that are generated next to its own. */
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
 * Words joined in PascalCase; characters not allowed in a name separate words. Non-ASCII letters are kept if
 * all recent compilers and Unicode versions agree that they are letters.
 */
function pascal(id: string): string {
  // Fast path: nearly all ids are ASCII.
  const isAscii = !/[^\0-\x7f]/.test(id);
  const words = (isAscii ? id.match(/[A-Za-z0-9]+/g) : id.normalize("NFC").match(WORD)) ?? [];
  const joined = words.map((word) => upperFirst(word)).join("");
  if (joined === "") {
    return `Flow${Array.from(id, (char) => `U${(char.codePointAt(0) ?? 0).toString(16)}`).join("")}`;
  }
  return /^[0-9]/.test(joined) ? `Flow${joined}` : joined;
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}

/** Names that Windows reserves for devices. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/**
 * The name of a flow's module, without extension: the id itself if it is a safe file name, otherwise with
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

/** Types that generated modules may import from the client. */
const RUNTIME_TYPES = new Set([
  "Flow",
  "FileInput",
  "StandardParams",
  "SeedParam",
  "CountParam",
  "TranslateParam",
  "SurpriseMeParam",
]);

/** The name of a client type; only known ones. */
export function runtimeType(name: string): Code {
  if (!RUNTIME_TYPES.has(name)) throw new TypeError(`Not a type of the client: ${name}`);
  return name as Code;
}
