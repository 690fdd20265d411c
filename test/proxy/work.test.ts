/** Requests and texts that try to cause much work: each is refused or read cheaply. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { sdxlLighting } from "visionatrix-client/flows";
import { checkFields } from "../../src/proxy/fields.js";
import { Refusal } from "../../src/proxy/refusal.js";
import { nearestName } from "../../src/errors/suggestion.js";
import { creates, form, FORM_HEADERS, startSite, type Part } from "./support.js";

const TEXTS = "/vapi/tasks/create/sdxl_lighting";

const named = (count: number, length: number): Part[] =>
  Array.from({ length: count }, (_, index) => [`p${index}_`.padEnd(length, "Q"), ""] as const);

describe("a form", () => {
  it.each([
    ["1,000 long names", 400, named(1000, 1900)],
    ["101 texts", 413, named(101, 20)],
    ["one unknown name of many", 422, named(90, 90)],
    ["a name of 101 bytes", 400, named(1, 101)],
    ["a name of 51 letters in 102 bytes", 400, [["é".repeat(51), ""]] as Part[]],
  ])("with %s is refused by a short answer", async (_, status, parts) => {
    const site = await startSite();
    const { text, ...answer } = await site.ask("ann", "PUT", TEXTS, {
      headers: FORM_HEADERS,
      body: form(parts),
    });
    expect(answer.status).toBe(status);
    expect(text.length).toBeLessThan(1200);
    // At most one name is quoted.
    expect(text.match(/p\d+_/g)?.length ?? 0).toBeLessThan(2);
    expect(creates(site.standin)).toEqual([]);
  });

  it("is refused at its first unknown name", () => {
    let asked = 0;
    const names = ["a".repeat(90), "b".repeat(90)].map((name): [string, string] => [name, ""]);
    const watched = names.map(
      (pair): readonly [string, string] =>
        new Proxy(pair, {
          get: (target, key) => {
            if (key === Symbol.iterator) asked++;
            return Reflect.get(target, key) as unknown;
          },
        }),
    );
    expect(() => checkFields(sdxlLighting, watched, false, 4)).toThrow(/There is no parameter `a/);
    expect(asked).toBe(1);
  });
});

describe("nearestName", () => {
  it("compares no name with one whose length rules it out", () => {
    let letters = 0;
    // `toLowerCase` is the first step of a comparison.
    const candidate = new String("prompt") as unknown as string;
    Object.defineProperty(candidate, "toLowerCase", {
      value: () => {
        letters++;
        return "prompt";
      },
    });
    expect(nearestName("x".repeat(1900), [candidate])).toBeUndefined();
    expect(letters).toBe(0);
    expect(nearestName("promt", [candidate])).toBe(candidate);
    expect(letters).toBe(1);
  });
});

describe("a refusal", () => {
  it("has a short sentence, whatever it names", () => {
    const { detail } = new Refusal(422, "bad_parameter", "x".repeat(100_000));
    expect(detail).toHaveLength(1000);
  });
});

describe("safeText", () => {
  /** Runs in a separate process, because only a kill can stop a runaway regular expression. */
  const PROGRAM = `
    import { safeText } from "./dist/src/proxy/texts.js";
    const atoms = ["a", "-", ".", "/", "\\\\", ":", "'", '"', " ", "~", "1", "%", "[", "@", "é", "\\n"];
    let rounds = 0;
    for (const one of atoms) for (const two of ["", ...atoms]) for (const three of ["", ...atoms]) {
      safeText((one + two + three).repeat(three ? 600 : 20_000) + "'");
      rounds++;
    }
    console.log(rounds);
  `;

  it("ends soon for anything that repeats", { timeout: 90_000 }, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", PROGRAM],
      // All texts take seconds; with a runaway regular expression, a single one takes minutes.
      { timeout: 60_000, killSignal: "SIGKILL" },
    );
    expect(Number(stdout)).toBe(16 * 17 * 17);
  });
});
