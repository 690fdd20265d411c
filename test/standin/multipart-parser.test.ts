/** The form parser, with bodies cut into chunks in every way. */
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parametersOf, PartCutOff, readParts } from "../../standin/src/http/multipart-parser.js";

const BOUNDARY = "b0";

interface Part {
  readonly name: string;
  readonly content: string;
}

function bodyOf(parts: readonly Part[]): Buffer {
  const texts = parts.map(
    ({ name, content }) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`,
  );
  return Buffer.from(`${texts.join("")}--${BOUNDARY}--\r\n`, "latin1");
}

function inChunks(body: Buffer, sizes: readonly number[]): Readable {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let k = 0; at < body.length; k += 1) {
    const size = sizes[k % sizes.length] ?? 1;
    chunks.push(body.subarray(at, at + size));
    at += size;
  }
  return Readable.from(chunks);
}

/** The complete parts. */
async function read(body: Buffer, sizes: readonly number[]): Promise<Part[]> {
  const parts: Part[] = [];
  try {
    for await (const { headers, content } of readParts(inChunks(body, sizes), BOUNDARY)) {
      const chunks: Buffer[] = [];
      for await (const chunk of content) chunks.push(chunk);
      const name = parametersOf(headers.get("content-disposition") ?? "").get("name") ?? "";
      parts.push({ name, content: Buffer.concat(chunks).toString("latin1") });
    }
  } catch (error) {
    if (!(error instanceof PartCutOff)) throw error;
  }
  return parts;
}

/** Texts made of pieces of boundaries. */
const content = fc
  .array(fc.constantFrom("\r", "\n", "\r\n", "-", "--", BOUNDARY, `--${BOUNDARY}`, "a", "\xff"), {
    maxLength: 12,
  })
  .map((pieces) => pieces.join(""))
  // Content must not contain a boundary.
  .filter((text) => !/\r\n--b0(?:\r\n|--)/.test(`\r\n${text}\r\n`));
const parts = fc.array(fc.record({ name: fc.stringMatching(/^[a-z]{1,5}$/), content }), {
  minLength: 1,
  maxLength: 5,
});
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

it("gives the parts as they were, however the body is cut into chunks", async () => {
  await fc.assert(
    fc.asyncProperty(parts, sizes, async (wanted, chunks) => {
      expect(await read(bodyOf(wanted), chunks)).toEqual(wanted);
    }),
  );
});

it("gives the first parts of a body that ends too early, and nothing that was not there", async () => {
  await fc.assert(
    fc.asyncProperty(parts, sizes, fc.nat(), async (wanted, chunks, cut) => {
      const body = bodyOf(wanted);
      const got = await read(body.subarray(0, 1 + (cut % (body.length - 1))), chunks);
      expect(got).toEqual(wanted.slice(0, got.length));
    }),
  );
});
