/** Writes the tables of `README.md` from the rules and the flows. Run: npm run docs -w visionatrix-ai-provider */
import { readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";
import type { Flow } from "visionatrix-client";
import { flows } from "visionatrix-client/flows";
import { kindsOf } from "../src/client-features.js";
import { mapCall, RULES, type Call } from "../src/mapping.js";

const README = new URL("../README.md", import.meta.url);

/** A call that sets everything; sizes that fit are those of the flows with a choice. */
const EVERYTHING: Required<Call> = {
  prompt: "a",
  n: 2,
  seed: 1,
  size: "1024x1024",
  aspectRatio: "1:1",
  files: [{ type: "url", url: "https://example.com/a.png" }],
  mask: { type: "url", url: "https://example.com/mask.png" },
};

/** The stand-in knows what flows make whose functions do not tell. */
const STANDIN = JSON.parse(
  readFileSync(new URL("../../standin/data/flows.json", import.meta.url), "utf8"),
) as { id: string; outputs: { type: string }[] }[];

function makesPictures(flow: Flow<never>): boolean {
  const kinds =
    kindsOf(flow) ?? STANDIN.find(({ id }) => id === flow.id)?.outputs.map(({ type }) => type);
  return kinds?.includes("image") ?? false;
}

/** Which options do something, and the flows of which this holds. */
function groups(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const flow of Object.values(flows) as Flow<never>[]) {
    if (!makesPictures(flow)) continue;
    const taken = RULES.map(({ option }) => option).filter(
      (option) => Object.keys(mapCall(flow, { [option]: EVERYTHING[option] }).params).length > 0,
    );
    const key = taken.map((option) => `\`${option}\``).join(" ");
    found.set(key, [...(found.get(key) ?? []), flow.id]);
  }
  return found;
}

/** The README with its tables as the code has them. */
export async function readme(): Promise<string> {
  const options = RULES.map(
    ({ option, becomes, otherwise }) => `| \`${option}\` | ${becomes} | ${otherwise} |`,
  );
  const rows = [...groups()]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([taken, ids]) => `| ${taken} | ${ids.map((id) => `\`${id}\``).join(", ")} |`);
  const tables: Record<string, string> = {
    options: `| \`generateImage\` | becomes | where the flow has no such thing |\n| --- | --- | --- |\n${options.join("\n")}`,
    flows: `| options that do something | flows |\n| --- | --- |\n${rows.join("\n")}`,
  };
  const filled = readFileSync(README, "utf8").replace(
    /(<!-- table: (\w+) -->\n)[^]*?(\n<!-- end -->)/g,
    (_, start: string, name: string, end: string) => `${start}\n${tables[name] ?? ""}\n${end}`,
  );
  return format(filled, { parser: "markdown", printWidth: 100 });
}

if (process.argv[1]?.endsWith("readme.ts")) writeFileSync(README, await readme());
