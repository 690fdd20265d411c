/** Writes `docs/stand-in.md` from the list of conformance cases. Run: npm run docs */
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { allCases } from "../test/conformance/all.js";
import type { Case } from "../test/conformance/case.js";
import { NOT_IMITATED, SECTIONS } from "../test/conformance/sections.js";

/** Differences from the real server that a user may need to know. */
const DIFFERENCES: readonly string[] = [
  "There is no AI: what it makes looks like nothing that the real flow would make. Pictures may be smaller (`maxPictureSide`), films are 2.5 s long.",
  "Prose of flows (description, licence, addresses of models) is empty.",
  "Of private flows a description tells no output nodes, no masks, nothing advanced or hidden: the options `outputs` and `flowFacts` do. Without them it guesses one output by the flow's name, and takes inputs named `mask_…` for masks.",
  "Workflows (`flow_comfy`) are made up. The ids of inputs and outputs are right, the seed is in it, and every ComfyUI has its node classes, so that a real worker can run it: it makes plain pictures and short films. For sound, text and bodies no node works without a model, and a real worker fails such tasks.",
  "Which outputs need which inputs is known of private flows only, by `needs` in the option `outputs`; in the public ones every output needs all.",
  "The engine's own checks are few: numbers that are no numbers, `3.0` for an integer, seeds out of range.",
  "PNG and JPEG are worked on; of other pictures, and of those that are cut off or damaged inside, only the size is used.",
  "Progress goes the way of the real engine (a jump, the sampler's steps, silence, the end), but which node is where is made up.",
  "Which outputs a failed task had saved is said by the fault `fail`; without it there are none, and a restart is clean. What a real worker does with its cache after a restart is the fault `loop`.",
  "A task runs at once or when its turn comes: no models are loaded, no memory runs out, `is_supported_by_workers` says only whether any worker was seen.",
  "Translation and language models reach no provider, and fail as the real ones do then; the option `languageModel` answers in their place.",
  "Nothing is downloaded for an installation: it takes `installMs`.",
  "What is not there at all, as the table below says, answers 404, or 405 where another method is there.",
  "What a task does whose input file is gone is not known: it fails as over a file that cannot be opened.",
  "Media types are those of a machine with a complete table (the fault `no-media-type` is one without).",
  "The full list of tasks is smaller than the real one, as its workflows are.",
];

function bySection(): Map<string, Case[]> {
  const sections = new Map<string, Case[]>();
  for (const one of allCases) {
    const own = sections.get(one.section);
    if (own === undefined) sections.set(one.section, [one]);
    else own.push(one);
  }
  return sections;
}

function order(section: string): number {
  const place = [...SECTIONS.keys()].indexOf(section);
  if (place === -1) throw new Error(`no title for section ${section}: add it to SECTIONS`);
  return place;
}

const escape = (text: string): string => text.replace(/[\\`*_{}[\]<>#|]/g, "\\$&");

function line({ name, standinOnly }: Case): string {
  return `- ${escape(name)}${standinOnly === undefined ? "" : ` _(${escape(standinOnly)})_`}`;
}

/** The page's text. */
export async function standinPage(): Promise<string> {
  const sections = [...bySection()].sort(([a], [b]) => order(a) - order(b));
  const lists = sections.map(
    ([section, cases]) =>
      `### ${section} ${SECTIONS.get(section) ?? ""}\n\n${cases.map(line).join("\n")}`,
  );
  const alone = allCases.filter(({ standinOnly }) => standinOnly !== undefined).length;
  return format(
    `<!-- Written by scripts/standin-doc.ts from test/conformance/. Do not edit. -->

# What the stand-in is faithful in, and what not

\`visionatrix-standin\` behaves as a Visionatrix server of version 2.7.1.dev0 does. ${allCases.length} cases over plain HTTP hold it
to that; they are the list below, each under the section of the contract that it proves. All but ${alone} can be run against
a real server as well, in \`SERVER\` mode and without workers; those ${alone} say in brackets why not.

<!-- not run: needs a real server -->

\`\`\`console
$ VIX_CONFORMANCE_URL=http://gpu-box:8288 npx vitest run --no-file-parallelism test/conformance
\`\`\`

## Where it differs

${DIFFERENCES.map((one) => `- ${one}`).join("\n")}

## What it does not imitate, and why

| section of the contract | what | why |
| --- | --- | --- |
${NOT_IMITATED.map(({ section, what, why }) => `| ${section} ${SECTIONS.get(section) ?? ""} | ${what} | ${why} |`).join("\n")}

## What it is faithful in

Read each line with "The server" before it.

${lists.join("\n\n")}
`,
    { parser: "markdown", printWidth: 120 },
  );
}

if (process.argv[1]?.endsWith("standin-doc.ts")) {
  writeFileSync("docs/stand-in.md", await standinPage());
}
