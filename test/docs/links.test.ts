/** Links of the pages have targets: files and headings of the repository; in a tarball, its own files. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { tarballs } from "../surroundings/support/tarballs.js";
import { PAGES } from "./support/pages.js";

/** Relative links of a page, outside of code. */
function linksOf(page: string): string[] {
  const prose = readFileSync(page, "utf8").replace(/^( *)```.*?^\1```/gms, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const prose = readFileSync(page, "utf8").replace(/^( *)```.*?^\1```/gms, "");
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
}

describe("Links of", () => {
  it.each(PAGES)("%s", (page) => {
    const dead = linksOf(page).filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : normalize(join(dirname(page), path));
      if (!existsSync(target)) return true;
      return (
        anchor !== undefined && statSync(target).isFile() && !anchorsOf(target).includes(anchor)
      );
    });
    expect(dead).toEqual([]);
  });
});

describe("READMEs of the tarballs", () => {
  it("link to nothing that is not packed with them", async () => {
    const dead: string[] = [];
    for (const { name, files } of (await tarballs()).values()) {
      const folder = name === "visionatrix-client" ? "." : name.replace("visionatrix-", "");
      for (const readme of files.filter((path) => /^README.*\.md$/.test(path)))
        for (const link of linksOf(join(folder, readme))) {
          const [path = ""] = link.split("#");
          if (path !== "" && !files.includes(normalize(path)))
            dead.push(`${name}: ${readme}: ${link}`);
        }
    }
    expect(dead).toEqual([]);
  });
});
