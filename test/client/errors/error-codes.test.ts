import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as client from "visionatrix-client";
import { errorsPage } from "../../../scripts/errors-doc.js";
import { ERROR_CODES } from "../../../src/errors/codes.js";

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && name !== "error-codes.ts")
  .map((name) => readFileSync(`src/${name}`, "utf8"))
  .join("\n");

describe("docs/errors.md", () => {
  it("is what the table of codes gives (npm run docs)", async () => {
    expect(readFileSync("docs/errors.md", "utf8")).toBe(await errorsPage());
  });

  it.each(Object.entries(ERROR_CODES))(
    "%s is thrown, by a class that is exported",
    (code, entry) => {
      expect(sources).toContain(`"${code}"`);
      expect(client).toHaveProperty(entry.error);
    },
  );
});
