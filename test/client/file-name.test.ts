import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resultName, safeName } from "../../src/file-name.js";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
const name = (headers: Record<string, string>, head: Uint8Array, kind = "image") =>
  resultName({ taskId: 7, nodeId: 9, index: 0, kind, headers: new Headers(headers), head });
const attachment = (file: string) => ({ "content-disposition": `attachment; filename="${file}"` });

describe("resultName", () => {
  it.each([
    ["the server's name", attachment("7_9_00001.png"), PNG, "image", "7_9_00001.png"],
    ["the bytes where they differ", attachment("7_9_00001.png"), JPEG, "image", "7_9_00001.jpg"],
    ["jpeg as well as jpg", attachment("a.jpeg"), JPEG, "image", "a.jpeg"],
    ["the bytes where no name can be read", {}, PNG, "image", "7_9_0.png"],
    [
      "the header where it fits the kind",
      { "content-type": "image/avif" },
      new Uint8Array(),
      "image",
      "7_9_0.avif",
    ],
    [
      "the kind where the header does not",
      { "content-type": "text/plain" },
      new Uint8Array(),
      "3d-model",
      "7_9_0.glb",
    ],
    [
      "a bare name",
      { "content-disposition": "attachment; filename=a.txt" },
      new Uint8Array(),
      "text",
      "a.txt",
    ],
    [
      "an encoded name",
      { "content-disposition": "attachment; filename*=UTF-8''%C3%A4.png" },
      PNG,
      "image",
      "ä.png",
    ],
    ["nothing of a path", attachment("../../etc/passwd.png"), PNG, "image", "passwd.png"],
  ])("takes %s", (_, headers, head, kind, expected) => {
    expect(name(headers as Record<string, string>, head, kind)).toBe(expected);
  });
});

describe("safeName", () => {
  it.each([
    ["..", "_"],
    ["", "_"],
    ["con.png", "_con.png"],
    ["C:\\temp\\a.png", "a.png"],
    ["a\u0000\u202eb.png", "a__b.png"],
    ["a. ", "a"],
  ])("makes %j %j", (given, expected) => {
    expect(safeName(given)).toBe(expected);
  });

  it("never leaves the folder and always fits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (given) => {
        const safe = safeName(given);
        expect(safe).not.toMatch(/[/\\\p{Cc}]|^\.*$|^(con|nul|aux|prn)(\.|$)/iu);
        expect(new TextEncoder().encode(safe).length).toBeLessThanOrEqual(210);
        expect(safeName(safe)).toBe(safe);
      }),
      { numRuns: 2000 },
    );
  });
});
