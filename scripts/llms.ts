/** Writes `llms.txt`, which lists the pages for language models with first sentences. Run: npm run docs */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** The first pages of the list; the others follow by name. */
const FIRST = ["getting-started", "from-python", "runs", "files", "recipes"];

/** The file's text. */
export function llmsText(): string {
  const names = readdirSync("docs")
    .filter((name) => name.endsWith(".md") && name !== "index.md")
    .map((name) => name.slice(0, -".md".length));
  const others = names.filter((name) => !FIRST.includes(name)).sort();
  const summary = /\n\n(A [^]*?)\n\n/.exec(readFileSync("README.md", "utf8"))?.[1] ?? "";
  return `# visionatrix-client

> ${plain(summary)}

Programs that run stand in examples/ of the repository, and docs/recipes.md lists them.

## Pages

${[...FIRST, ...others].map(line).join("\n")}
`;
}

function line(name: string): string {
  const page = readFileSync(`docs/${name}.md`, "utf8").replace(/<!--.*?-->/gs, "");
  const [, title = name] = /^# (.*)$/m.exec(page) ?? [];
  const paragraphs = page.split(/\n\n+/).map(plain);
  const prose = paragraphs.find((text) => /^[A-Z`]/.test(text) && !text.includes("|")) ?? "";
  return `- [${title.replace(/`/g, "")}](docs/${name}.md): ${firstSentence(prose)}`;
}

function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function firstSentence(text: string): string {
  return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
}

if (process.argv[1]?.endsWith("llms.ts")) writeFileSync("llms.txt", llmsText());
