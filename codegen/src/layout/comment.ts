/** Documentation comments: prose is joined and wrapped; everything after `@example` stays unchanged. */
import { WIDTH } from "./lines.js";

/** Lays out a comment at a level of indentation; `content` is the text between its marks. */
export function commentCode(content: string, level: number): string {
  const margin = "  ".repeat(level);
  const { prose, example } = readContent(content);
  const line = prose.join(" ");
  const hasOneParagraph = !prose.includes("");
  // The line also has `/** ` before its text and ` */` after it.
  if (hasOneParagraph && example.length === 0 && margin.length + line.length + 7 <= WIDTH) {
    return `${margin}/** ${line} */`;
  }
  const width = WIDTH - margin.length - " * ".length;
  const lines = [...prose.flatMap((paragraph) => wrap(paragraph, width)), ...example];
  const body = lines.map((text) => `${margin} *${text === "" ? "" : ` ${text}`}\n`);
  return `${margin}/**\n${body.join("")}${margin} */`;
}

/** Paragraphs of prose, with empty ones for blank lines, and the lines from `@example` on. */
function readContent(content: string): { prose: string[]; example: string[] } {
  const [first = "", ...rest] = content.split("\n");
  const lines = [first.trim(), ...rest.map((line) => line.replace(/^ *\* ?/, "").trimEnd())];
  if (lines[0] === "") lines.shift();
  // The closing mark was on its own line.
  if (lines.at(-1) === "") lines.pop();
  const exampleAt = lines.indexOf("@example");
  const proseLines = exampleAt < 0 ? lines : lines.slice(0, exampleAt);
  const prose: string[] = [];
  for (const line of proseLines) {
    const before = prose.at(-1);
    const startsNew = before === undefined || before === "" || line === "" || line.startsWith("@");
    if (startsNew) prose.push(line);
    else prose[prose.length - 1] = `${before} ${line}`;
  }
  return { prose, example: exampleAt < 0 ? [] : lines.slice(exampleAt) };
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
