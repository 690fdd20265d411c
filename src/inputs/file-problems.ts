/** Describes what is wrong with the value of a file parameter. */
import type { Parameter } from "../flow/parameter.js";
import type { Rule } from "../flow/rules.js";
import { isBlob } from "./blob-bytes.js";
import type { AnswerInput, FileReference, UrlInput } from "./file-input.js";
import { mediaTypeOf } from "./file-rules.js";

/** What is wrong with a value, as the end of a sentence. */
export function describeFileProblem(
  { accept }: Parameter,
  value: unknown,
  rule: Rule,
): string | undefined {
  switch (rule) {
    case "type":
      return noFile(value);
    case "path":
      return `is a string, ${meantByText(value as string)}`;
    case "data":
      return "is a data: URL whose content cannot be decoded";
    case "address":
      return badAddress((value as UrlInput).url);
    case "status":
      return `is a response with status ${(value as AnswerInput).status}, not a file`;
    case "used":
      return "is a stream or response that was already read or is locked: give a new one";
    case "empty":
      return "is an empty file";
    case "kind":
      return otherKind(accept, value as object | string);
    default:
      return undefined;
  }
}

/** What a string given for a file was probably meant to be. */
function meantByText(text: string): string {
  if (/^https?:\/\//i.test(text))
    return "an address: give `{ url }` to have it fetched, or a Blob of it";
  if (/^blob:/i.test(text)) return `a blob: address: ${BLOB_OF_ADDRESS}`;
  if (/^file:/i.test(text))
    return "the address of a file on disk: use `await fileFromPath(new URL(address))` from visionatrix-client/node";
  if (/^\s*\{/.test(text)) return "JSON: give a reference as an object, not as text";
  if (/^[A-Za-z0-9+/\s]{64,}={0,2}\s*$/.test(text))
    return "maybe Base64: put `data:image/png;base64,` with its media type before it";
  return "maybe a path: use `await fileFromPath(path)` from visionatrix-client/node for a file on disk, `file.reference()` for a file of an earlier task, or a data: URL";
}

/** What is wrong with a value that is not a file, and what it was probably meant to be. */
function noFile(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    if (value instanceof URL) return `is an address: ${fetchable(value)}`;
    if ("then" in value) return "is a promise: `await` it";
    if ("reference" in value)
      return "is a file of a task: give its `reference()`, or `await file.blob()` to send its bytes again";
    if (isBlob(value))
      return "is a Blob whose bytes cannot be read here: it has neither `stream()` nor `arrayBuffer()`";
    if ("method" in value)
      return "is a Request: give its response, `await fetch(request)`; `{ url }` would drop its method and headers";
  }
  return "is neither a file nor a reference to one: give a Blob, bytes, a stream, a data: URL, `{ url }`, or `file.reference()` of an earlier task's file";
}

/** What is wrong with an address that cannot be fetched. */
function badAddress(url: string | URL): string {
  return `has a \`url\` that is not an http(s) address${/^blob:/i.test(String(url)) ? `: ${BLOB_OF_ADDRESS}` : ""}`;
}

/** What is wrong with a file of another kind. */
function otherKind(accept: string | undefined, value: object | string): string {
  const type = mediaTypeOf(value);
  const what =
    type === undefined
      ? `the reference points at a file of kind ${(value as FileReference).kind}`
      : /^text\/html/.test(type)
        ? "this is a web page (text/html), probably an error or a sign-in page in place of the file"
        : `this file is ${type}`;
  return `takes ${accept}, and ${what}`;
}

const BLOB_OF_ADDRESS = "give `await (await fetch(address)).blob()`";

function fetchable({ protocol }: URL): string {
  if (protocol === "blob:") return BLOB_OF_ADDRESS;
  if (protocol === "file:") return "give `await fileFromPath(address)` of visionatrix-client/node";
  return "give `{ url: address }` to have it fetched";
}
