/** The pages for readers: READMEs and `docs/`, in both languages. */
import { readdirSync } from "node:fs";

const READMES = [
  "README.md",
  "README.zh-CN.md",
  ...["ai-provider", "codegen", "mcp", "standin"].map((folder) => `${folder}/README.md`),
];

export const PAGES: readonly string[] = [
  ...READMES,
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && !/^(api|\.vitepress)\//.test(path))
    .map((path) => `docs/${path}`)
    .sort(),
];
