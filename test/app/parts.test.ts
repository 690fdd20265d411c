/** The parts of the app that need no browser, and the size of the app. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync, inflateSync } from "node:zlib";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConnectionError, HttpError, InvalidParamsError, plan } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { maskPng } from "../../app/src/form/mask-png.js";
import { problemText, told } from "../../app/src/words/errors.js";
import { en } from "../../app/src/words/en.js";
import { zh } from "../../app/src/words/zh.js";
import type { Translate } from "../../app/src/words/words.js";
import { appPage } from "../../src/cli/ui/pages.js";

/** Limit for all files of the app together, each gzipped, in bytes. */
const MOST_BYTES = 120 * 1024;

const inEnglish: Translate = (word, fill = {}) =>
  en[word].replace(/\{(\w+)\}/g, (_, name: string) => `${fill[name]}`);

describe("the app's parts", () => {
  it("is no larger than it may be", () => {
    const files = readdirSync("dist/app", { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length);
    expect(files.length).toBeGreaterThanOrEqual(4);
    expect(files.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });

  it("says the same in both languages, with the same gaps to fill", () => {
    const gaps = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [word, text] of Object.entries(en)) {
      const other = zh[word as keyof typeof en];
      expect([word, gaps(other)]).toEqual([word, gaps(text)]);
      expect(other).not.toBe("");
    }
  });

  it("writes a mask that is white and transparent where it is painted", async () => {
    const blob = await maskPng(3, 1, Uint8Array.from([0, 255, 128]));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const data = new DataView(bytes.buffer);
    expect([data.getUint32(16), data.getUint32(20)]).toEqual([3, 1]);
    const at = Buffer.from(bytes).indexOf("IDAT");
    const packed = bytes.subarray(at + 4, at + 4 + data.getUint32(at - 4));
    expect([...inflateSync(packed)]).toEqual([
      0, 0, 0, 0, 255, 255, 255, 255, 0, 128, 128, 128, 127,
    ]);
  });

  it("tells each problem of a form in words without technical names", async () => {
    const { parameters } = sdxlLighting;
    const wrong = { seed: "x", count: 0, steps_number: "9 steps", translate: 7 } as never;
    const error = await plan(sdxlLighting, wrong).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(InvalidParamsError);
    const { problems } = error as InvalidParamsError;
    expect(problems.length).toBeGreaterThanOrEqual(4);
    for (const problem of problems) {
      const parameter = parameters.find(({ name }) => name === problem.parameter);
      expect(problemText(problem, parameter!, inEnglish)).toMatch(/^(Please|This) [^`_]+\.$/);
    }
  });

  it("tells each failure in a sentence of its own, and keeps the server's words apart", () => {
    const facts = { method: "PUT", path: "/vapi/tasks/create/x" };
    const answer = { status: 500, detail: "Bad Flow" };
    const broken = new HttpError("server_error", "x", facts, answer);
    expect(told(broken, inEnglish)).toEqual({ text: en["error.server"], details: "Bad Flow" });
    const gone = new ConnectionError("x", facts, undefined, { neverSent: true });
    expect(told(gone, inEnglish).text).toBe(en["error.unreachable"]);
    expect(told(new Error("x of undefined"), inEnglish)).toEqual({ text: en["error.other"] });
  });

  it("puts the server's address into the page as a text, whatever it holds", () => {
    const html = readFileSync("dist/app/index.html", "utf8");
    const page = appPage(html, `http://x/"><script>$&</script>`);
    expect(page).not.toContain("<script>$&");
    expect(page).toContain('content="http://x/&#34;&#62;&#60;script&#62;$&#38;&#60;/script&#62;"');
  });
});
