import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extensionOf, sniff } from "../../../src/bytes/media.js";
import { resultName } from "../../../src/results/result-name.js";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
const NONE = new Uint8Array();
const name = (headers: Record<string, string>, head: Uint8Array, kind = "image") =>
  resultName({ taskId: 7, nodeId: 9, index: 0, kind, headers: new Headers(headers), head });
const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
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

  it.each([
    "<svg> is a tag",
    "<?xml is how XML begins",
    "GIF89a is an old format",
    "ID3 tags",
    "glTF files",
    "BM",
    "fLaC",
  ])("does not take a text for what it speaks of: %s", (text) => {
    const head = latin1(text);
    expect(name({}, head, "text")).toBe("7_9_0.txt");
    expect(name(attachment("7_9.txt"), head, "text")).toBe("7_9.txt");
  });

  it.each<[string, string, string]>([
    ["image", "ID3", "7_9_0.png"],
    ["video", "GIF89a", "7_9_0.mp4"],
    ["audio", "glTF", "7_9_0.flac"],
    ["3d-model", "<?xml", "7_9_0.glb"],
    ["image-animated", "GIF89a", "7_9_0.gif"],
    // A kind of a later server: only its bytes are known.
    ["depth-map", "GIF89a", "7_9_0.gif"],
  ])("takes of bytes only what an output of kind %s can be: %s", (kind, text, expected) => {
    expect(name({}, latin1(text), kind)).toBe(expected);
  });

  it.each<[string, string, string]>([
    ["7_9_a.avif", "....ftypmif1", "image"],
    ["7_9_a.heif", "....ftypheic", "image"],
    ["7_9_a.hif", "....ftypmif1", "image"],
    ["7_9_a.raw", "II*\0", "image"],
    ["7_9_a.tif", "MM\0*", "image"],
    ["7_9_a.3gp", "....ftyp3gp5", "video"],
    ["7_9_a.m4v", "....ftypM4V ", "video"],
    ["7_9_a.mp4", "....ftypqt  ", "video"],
    ["7_9_a.divx", "RIFF....AVI ", "video"],
    // The bytes of these formats are not recognised.
    ["7_9_a.psd", "8BPS", "image"],
    ["7_9_a.m2ts", "....G", "video"],
    ["7_9_a.fbx", "Kaydara", "3d-model"],
  ])("keeps the server's %s, whose bytes begin with %s", (file, text, kind) => {
    expect(name(attachment(file), latin1(text), kind)).toBe(file);
  });

  it("gives an extension to what the server named without one", () => {
    for (const file of ["7_9_a.tmp", "7_9_a.15", "7_9_a.p_g"])
      expect(name(attachment(file), PNG)).toBe("7_9_a.png");
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

describe("extensionOf", () => {
  it.each([
    ["photo.JPG", "JPG"],
    ["clip.3gp", "3gp"],
    ["song.mp3", "mp3"],
    ["Screenshot 2024-05-01 at 10.30.15", ""],
    ["upload_8f.tmp", ""],
    ["movie.mp4.part", ""],
    ["firmware.BIN", ""],
    [".png", ""],
    ["C:\\photos\\.PNG", ""],
    ["photos/.PNG", ""],
  ])("of %s is “%s”", (file, extension) => {
    expect(extensionOf(file)).toBe(extension);
  });
});

describe("sniff", () => {
  it("tells formats apart that share a container", () => {
    expect(sniff(latin1("\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf"))).toBe("avif");
    expect(sniff(latin1("\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf"))).toBe("heic");
    expect(sniff(latin1("\0\0\0\x1cftypM4A \0\0\0\0M4A mp42isom"))).toBe("m4a");
  });
});
