import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resultName } from "../../src/result-name.js";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
const NONE = new Uint8Array();
const name = (headers: Record<string, string>, head: Uint8Array, kind = "image") =>
  resultName({ taskId: 7, nodeId: 9, index: 0, kind, headers: new Headers(headers), head });
const attachment = (file: string) => ({ "content-disposition": `attachment; filename="${file}"` });

describe("resultName", () => {
  it.each<[string, Record<string, string>, Uint8Array, string, string]>([
    ["the server's name", attachment("7_9_00001.png"), PNG, "image", "7_9_00001.png"],
    ["the bytes where they differ", attachment("7_9_00001.png"), JPEG, "image", "7_9_00001.jpg"],
    ["jpeg as well as jpg", attachment("7_9_a.jpeg"), JPEG, "image", "7_9_a.jpeg"],
    ["the bytes where no name can be read", {}, PNG, "image", "7_9_0.png"],
    ["the header where it fits", { "content-type": "image/avif" }, NONE, "image", "7_9_0.avif"],
    ["the kind where it does not", { "content-type": "text/plain" }, NONE, "3d-model", "7_9_0.glb"],
    [
      "a bare name",
      { "content-disposition": "attachment; filename=7_9.txt" },
      NONE,
      "text",
      "7_9.txt",
    ],
    ["nothing of a path", attachment("../../etc/7_9.png"), PNG, "image", "7_9_0.png"],
    ["nothing of a device", attachment("con.png"), PNG, "image", "7_9_0.png"],
  ])("takes %s", (_, headers, head, kind, expected) => {
    expect(name(headers, head, kind)).toBe(expected);
  });

  it("is a plain name whatever the server says", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 100 }),
        fc.string(),
        fc.uint8Array(),
        (file, type, head) => {
          const headers = new Headers();
          for (const [key, value] of [
            ["content-disposition", `attachment; filename="${file}"`],
            ["content-type", type],
          ] as const)
            try {
              headers.set(key, value);
            } catch {
              // No header can hold it.
            }
          const args = { taskId: 7, nodeId: 9, index: 0, kind: "image", headers, head };
          expect(resultName(args)).toMatch(/^\d+_[\w-]+\.\w{1,8}$/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
