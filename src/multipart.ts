/**
 * Forms with files as streams of bytes, in constant memory. Forms of texts are left to the platform's
 * `FormData`, and so are forms with files in browsers, which cannot stream what they send.
 */
import { VisionatrixError } from "./errors.js";
import type { FormPart } from "./form.js";

/** An encoded form. */
export interface EncodedForm {
  /** Value of `Content-Type`. */
  readonly type: string;
  /** Length in bytes; undefined where a file's is not known. */
  readonly size: number | undefined;
  chunks(): AsyncGenerator<Uint8Array>;
}

/** Encodes a form by the rules of the HTML standard, "multipart/form-data encoding algorithm". */
export function encodeForm(
  parts: readonly FormPart[],
  boundary = `----visionatrix-${crypto.randomUUID()}`,
): EncodedForm {
  const utf8 = new TextEncoder();
  const pieces = parts.map(({ name, value }) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(lineBreaks(name))}"`;
    if (typeof value === "string") return utf8.encode(`${head}\r\n\r\n${lineBreaks(value)}\r\n`);
    const { name: fileName, type } = value;
    return {
      file: value,
      field: name,
      head: utf8.encode(
        `${head}; filename="${escaped(fileName)}"\r\nContent-Type: ${mediaType(type)}\r\n\r\n`,
      ),
    };
  });
  const after = utf8.encode("\r\n");
  const end = utf8.encode(`--${boundary}--\r\n`);

  let size: number | undefined = end.length;
  for (const piece of pieces) {
    const length: number | undefined =
      piece instanceof Uint8Array
        ? piece.length
        : piece.file.size === undefined
          ? undefined
          : piece.head.length + piece.file.size + after.length;
    size = size === undefined || length === undefined ? undefined : size + length;
  }

  return {
    type: `multipart/form-data; boundary=${boundary}`,
    size,
    async *chunks() {
      for (const piece of pieces) {
        if (piece instanceof Uint8Array) yield piece;
        else {
          yield piece.head;
          yield* exactly(piece.file.stream(), piece.file.size, piece.field);
          yield after;
        }
      }
      yield end;
    },
  };
}

/** Platforms refuse to read a file on disk that is not what it was, and do not say which. */
export async function orChanged<T>(reading: Promise<T>, field: string): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (!/^Not(Readable|Found)Error$/.test((cause as Error | undefined)?.name ?? "")) throw cause;
    throw new VisionatrixError(
      "file_changed",
      `The file of \`${field}\` cannot be read any more: it changed or vanished since it was chosen. Nothing was created.`,
      { cause },
    );
  }
}

/** A file's bytes; more or fewer than announced would corrupt the form. */
async function* exactly(
  stream: ReadableStream<Uint8Array>,
  size: number | undefined,
  field: string,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let sent = 0;
  const wrong = (): VisionatrixError =>
    new VisionatrixError(
      "file_changed",
      `The file of \`${field}\` was to have ${size} bytes, but has ${sent > (size as number) ? "more" : `only ${sent}`}: it changed while it was sent, or its length was not true. Nothing was created.`,
    );
  try {
    for (;;) {
      const { done, value } = await orChanged(reader.read(), field);
      if (done) break;
      sent += value.length;
      if (size !== undefined && sent > size) throw wrong();
      yield value;
    }
    if (size !== undefined && sent < size) throw wrong();
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Forms carry every line break as CR LF. */
function lineBreaks(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

function escaped(name: string): string {
  return name.replace(
    /[\r\n"]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** A media type comes from files, and must not add lines to the form. */
function mediaType(type: string): string {
  return /^[\x21-\x7e]+\/[\x20-\x7e]+$/.test(type) ? type : "application/octet-stream";
}
