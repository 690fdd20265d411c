/**
 * Encodes forms as bytes, following the HTML standard's "multipart/form-data encoding algorithm". The
 * platform's `FormData` is not used, because other implementations of `fetch` do not accept it.
 */
import type { Bytes } from "../bytes/bytes.js";
import { randomId } from "../bytes/random-id.js";
import type { FilePart, FormPart } from "../flow/field.js";

/** A file of a form, with the header bytes before it. */
export interface EncodedFile {
  readonly field: string;
  readonly file: FilePart;
  readonly head: Bytes;
}

/** An encoded form: bytes, with files in between. */
export interface EncodedForm {
  /** Value of `Content-Type`. */
  readonly type: string;
  /** Length in bytes; undefined when a file's length is unknown. */
  readonly size: number | undefined;
  readonly pieces: readonly (Bytes | EncodedFile)[];
}

/** The bytes after a file. */
export const AFTER_FILE: Bytes = /* @__PURE__ */ new TextEncoder().encode("\r\n");

export function encodeForm(
  parts: readonly FormPart[],
  boundary = `----visionatrix-${randomId()}`,
): EncodedForm {
  const utf8 = new TextEncoder();
  const pieces: EncodedForm["pieces"][number][] = [];
  let text = "";
  let size: number | undefined = 0;
  const flush = (): Bytes => {
    const bytes = utf8.encode(text);
    text = "";
    if (size !== undefined) size += bytes.length;
    return bytes;
  };
  for (const { name, value } of parts) {
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(lineBreaks(name))}"`;
    if (typeof value === "string") {
      text += `\r\n\r\n${lineBreaks(value)}\r\n`;
      continue;
    }
    text += `; filename="${escaped(value.name)}"\r\nContent-Type: ${mediaType(value.type)}\r\n\r\n`;
    pieces.push({ field: name, file: value, head: flush() });
    size =
      size === undefined || value.size === undefined
        ? undefined
        : size + value.size + AFTER_FILE.length;
  }
  text += `--${boundary}--\r\n`;
  pieces.push(flush());
  return { type: `multipart/form-data; boundary=${boundary}`, size, pieces };
}

/** Forms encode every line break as CR LF. */
function lineBreaks(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

function escaped(name: string): string {
  return name.replace(
    /[\r\n"]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** A media type comes from a file, so it must not be able to add lines to the form. */
function mediaType(type: string): string {
  return /^[\x21-\x7e]+\/[\x20-\x7e]+$/.test(type) ? type : "application/octet-stream";
}
