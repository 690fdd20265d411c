import fc from "fast-check";
import { resolve, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { fillPattern, safeName, type NameFields } from "../../../src/results/file-name.js";

describe("safeName", () => {
  it.each([
    ["..", "_"],
    ["", "_"],
    ["con.png", "_con.png"],
    ["CON", "_CON"],
    ["aux .txt", "_aux .txt"],
    ["C:\\temp\\a.png", "a.png"],
    ["a\u0000\u202eb.png", "a__b.png"],
    ["a. ", "a"],
    ["com¹.png", "_com¹.png"],
  ])("makes %j %j", (given, expected) => {
    expect(safeName(given)).toBe(expected);
  });
});

/** Texts that have broken out of folders before, and random ones. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.constantFrom(
    "..",
    "../",
    "..\\",
    "/etc/passwd",
    "C:\\x",
    "\\\\host\\share",
    "~",
    "%2e%2e",
    "a/../..",
    "nul",
    "NUL.txt",
    "lpt1 .png",
    "\u202egnp.exe",
    ". .",
    "…",
    "\ud800",
    "a".repeat(400),
    "ß".repeat(200),
  ),
  fc
    .array(fc.constantFrom("..", "/", "\\", ".", " ", "con", "\0", ":", "a"), { maxLength: 8 })
    .map((parts) => parts.join("")),
);
const fields: fc.Arbitrary<NameFields> = fc.record({
  flow: hostile,
  task: hostile,
  node: hostile,
  index: hostile,
  seed: hostile,
  name: hostile,
  ext: hostile,
});
const pattern = fc.oneof(
  hostile,
  fc
    .array(
      fc.constantFrom(
        "{flow}",
        "{name}",
        "{ext}",
        "{task}",
        "/",
        "-",
        ".",
        "..",
        "{seed}",
        "{node}",
        "{index}",
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join("")),
);

describe("fillPattern", () => {
  it("never leaves the folder, for 100,000 random names", () => {
    const folder = resolve("/srv/out");
    fc.assert(
      fc.property(pattern, fields, (text, values) => {
        const parts = fillPattern(
          text
            .replace(/[{}](?!\w*\})/g, "")
            .replace(/\{(?!(flow|name|ext|task|seed|node|index)\})/g, ""),
          values,
        );
        const path = resolve(folder, ...parts);
        // No `expect`, because this runs very often.
        if (!path.startsWith(folder + sep)) throw new Error(`left the folder: ${path}`);
        for (const part of parts) {
          if (
            /[/\\\p{Cc}\p{Cf}\p{Cs}<>:"|?*]|^\.*$|[\s.]$|^\s|^(con|nul|aux|prn|com\d|lpt\d)\s*(\.|$)/iu.test(
              part,
            )
          )
            throw new Error(`not safe: ${JSON.stringify(part)}`);
          if (Buffer.byteLength(part) > 210) throw new Error(`too long: ${part}`);
          if (safeName(part) !== part) throw new Error(`not stable: ${JSON.stringify(part)}`);
        }
      }),
      { numRuns: 100_000 },
    );
  });

  it.each([
    ["{name}.{ext}", ["7_9_00001.png"]],
    ["{name}", ["7_9_00001.png"]],
    ["{flow}/{task}-{seed}", ["sdxl", "7-5.png"]],
    ["/abs/../{node}_{index}.{ext}", ["abs", "_", "9_0.png"]],
  ])("fills %s", (text, expected) => {
    const values = {
      flow: "sdxl",
      task: "7",
      node: "9",
      index: "0",
      seed: "5",
      name: "7_9_00001",
      ext: "png",
    };
    expect(fillPattern(text, values)).toEqual(expected);
  });

  it("names the placeholders there are", () => {
    const values = { flow: "", task: "", node: "", index: "", seed: "", name: "", ext: "" };
    expect(() => fillPattern("{nam}", values)).toThrow(
      "{flow} {task} {node} {index} {seed} {name} {ext}",
    );
  });
});
