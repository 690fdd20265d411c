/** Writes `docs/errors.md` from the table of codes. Run: npm run docs */
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { ERROR_CODES } from "../src/errors/codes.js";

/** The page's text. */
export async function errorsPage(): Promise<string> {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { error, meaning, advice }]) =>
      `| \`${code}\` | \`${error}\` | ${meaning} | ${advice} |`,
  );
  return format(
    `<!-- Written by scripts/errors-doc.ts from src/errors/codes.ts. Do not edit. -->

# Errors

Every error that the client throws on purpose is an instance of \`VisionatrixError\`; \`name\` and \`code\` are stable, and
\`message\` says what happened, to what, and what to do. \`error.taskIds\` lists the known tasks; \`error.cause\` is the
underlying error. Request errors have \`method\` and \`path\`; response errors also \`status\` and the server's \`detail\`.

| \`code\` | class | what happened | what to do |
| --- | --- | --- | --- |
${rows.join("\n")}
`,
    { parser: "markdown", printWidth: 100 },
  );
}

if (process.argv[1]?.endsWith("errors-doc.ts")) writeFileSync("docs/errors.md", await errorsPage());
