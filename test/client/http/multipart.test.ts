import { Busboy } from "@fastify/busboy";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FormPart } from "../../../src/flow/field.js";
import { encodeForm } from "../../../src/http/multipart.js";
import { formChunks } from "../../../src/http/upload-stream.js";

const never = new AbortController().signal;

interface Received {
  name: string;
  value: string | Uint8Array;
  fileName?: string;
  type?: string;
}

/** Parses a form with a third-party parser. */
function parse(type: string, chunks: Iterable<Uint8Array>): Promise<Received[]> {
  return new Promise((resolve, reject) => {
    const parts: Received[] = [];
    const parser = Busboy({
      headers: { "content-type": type },
      preservePath: true,
      isPartAFile: (_name, _type, fileName) => fileName !== undefined,
    });
    parser.on("field", (name: string, value) => parts.push({ name, value }));
    parser.on("file", (name, stream, fileName, _encoding, mediaType) => {
      const part: Received = { name, value: "", fileName, type: mediaType };
      parts.push(part);
      const bytes: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => bytes.push(chunk));
      stream.on("end", () => {
        part.value = Uint8Array.from(Buffer.concat(bytes));
      });
    });
    parser.on("error", reject);
    parser.on("finish", () => resolve(parts));
    for (const chunk of chunks) parser.write(Buffer.from(chunk));
    parser.end();
  });
}

async function encoded(
  parts: readonly FormPart[],
): Promise<{ type: string; chunks: Uint8Array[]; size: number | undefined }> {
  const form = encodeForm(parts);
  const chunks: Uint8Array[] = [];
  for await (const chunk of formChunks(form, never)) chunks.push(chunk);
  return { type: form.type, chunks, size: form.size };
}

const lengthOf = (chunks: readonly Uint8Array[]) =>
  chunks.reduce((sum, { length }) => sum + length, 0);
const crlf = (text: string) => text.replace(/\r\n|\r|\n/g, "\r\n");
/** In names, only quotes and line breaks are percent-encoded. */
const asSent = (name: string) =>
  name.replace(/"/g, "%22").replace(/\r/g, "%0D").replace(/\n/g, "%0A");

const letters = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom(
    'a"b',
    "a\nb",
    "a\r\nb",
    "a\rb",
    "ä",
    "日本語",
    "🙂",
    "a;b",
    "a\\b",
    "a'b",
    "عربي",
    "%22",
  ),
);
/** Excludes names that a parser may trim or unescape. */
const nameLike = letters.filter(
  (name) => /^[^\\\s;][^\\]*[^\\\s]$/u.test(name) && !/\p{Cc}/u.test(name.replace(/[\r\n]/g, "")),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .constantFrom("\r\n--", "\r\n", "--", "\n", "base64,")
    .map((text) => new TextEncoder().encode(text)),
);
const part: fc.Arbitrary<{
  name: string;
  text?: string;
  file?: Uint8Array;
  fileName?: string;
  known?: boolean;
}> = fc.oneof(
  fc.record({ name: nameLike, text: letters }),
  fc.record({ name: nameLike, file: bytes, fileName: nameLike, known: fc.boolean() }),
);

describe("encodeForm", () => {
  it("sends forms that another parser reads without any change", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (given) => {
        const { type, chunks, size } = await encoded(
          given.map(({ name, text = "", file, fileName = "", known }) => ({
            name,
            value: file
              ? {
                  name: fileName,
                  type: "image/png",
                  size: known ? file.length : undefined,
                  stream: () => new Blob([file as BlobPart]).stream(),
                }
              : text,
          })),
        );
        const whole = given.every(({ file, known }) => !file || known);
        expect(size).toBe(whole ? lengthOf(chunks) : undefined);
        expect(await parse(type, chunks)).toEqual(
          given.map(({ name, text = "", file, fileName = "" }) =>
            file
              ? {
                  name: asSent(crlf(name)),
                  value: file,
                  fileName: asSent(fileName),
                  type: "image/png",
                }
              : { name: asSent(crlf(name)), value: crlf(text) },
          ),
        );
      }),
      { numRuns: 400 },
    );
  });

  it("sends the same bytes as the platform's FormData", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (given) => {
        const form = new FormData();
        const parts = given.map(({ name, text = "", file, fileName = "" }): FormPart => {
          const value = file ? new File([file as BlobPart], fileName) : text;
          form.append(name, value);
          return { name, value };
        });
        const response = new Response(form);
        const boundary = /boundary=(.*)/.exec(response.headers.get("content-type") ?? "")?.[1];
        const ours = encodeForm(parts, boundary);
        const chunks: Uint8Array[] = [];
        for await (const chunk of formChunks(ours, never)) chunks.push(chunk);
        // Node omits the last line break, which the standard requires.
        const text = (all: Uint8Array) => Buffer.from(all).toString("latin1").trimEnd();
        expect(text(Buffer.concat(chunks))).toBe(
          text(new Uint8Array(await response.arrayBuffer())),
        );
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, number, number]>([
    ["fewer", 10, 9],
    ["more", 10, 11],
  ])("ends in an error when a file has %s bytes than it said", async (_, said, has) => {
    const value = {
      name: "a.png",
      type: "",
      size: said,
      stream: () => new Blob([new Uint8Array(has)]).stream(),
    };
    await expect(encoded([{ name: "input_image", value }])).rejects.toMatchObject({
      code: "file_changed",
      message: expect.stringContaining("`input_image`") as string,
    });
  });

  it("ignores a media type with line breaks", async () => {
    const value = {
      name: "a.png",
      type: "image/png\r\nX-Evil: 1",
      size: 1,
      stream: () => new Blob(["x"]).stream(),
    };
    const { type, chunks } = await encoded([{ name: "a", value }]);
    expect((await parse(type, chunks))[0]?.type).toBe("application/octet-stream");
  });
});
