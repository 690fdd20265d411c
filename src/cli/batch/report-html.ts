/**
 * The parts of `report.html`, a contact sheet that works offline. Every text in it is escaped, and the page
 * allows no script but its own. Off-screen cards cost neither layout nor decoding.
 */
import { createHash } from "node:crypto";
import { seconds } from "../terminal/format.js";
import type { Entry, LedgerFile } from "./ledger.js";
import type { ReportedRun, Totals } from "./report-run.js";

/** Escapes a text for content and attributes. */
export function escape(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (character) =>
      ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[
        character
      ] as string,
  );
}

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 0; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 8px 16px;
  align-items: center; padding: 10px 16px; background: Canvas; border-bottom: 1px solid GrayText; }
h1 { font-size: 16px; margin: 0; }
input { font: inherit; padding: 4px 8px; flex: 1 1 200px; max-width: 420px; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 12px;
  padding: 16px; }
article { content-visibility: auto; contain-intrinsic-size: auto 320px; border: 1px solid #8884;
  border-radius: 6px; overflow: hidden; }
article[hidden] { display: none; }
img, video { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; background: #8882; }
audio { width: 100%; }
p { margin: 6px 10px; overflow-wrap: anywhere; }
.prompt { display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical;
  overflow: hidden; }
.facts { opacity: 0.75; font-size: 12px; }
.failed { border-color: #c33; }
.error { color: #c33; }
`;

const SCRIPT = `
const search = document.querySelector("input");
const shown = document.querySelector("output");
const cards = Array.from(document.querySelectorAll("article"), (card) => [card, card.textContent.toLowerCase()]);
const find = () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const [card, text] of cards) {
    const fits = words.every((word) => text.includes(word));
    if (fits) count++;
    if (card.hidden === fits) card.hidden = !fits;
  }
  shown.textContent = words.length > 0 ? count + " shown" : "";
};
let due = 0;
search.addEventListener("input", () => { cancelAnimationFrame(due); due = requestAnimationFrame(find); });
`;

const hashOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const POLICY = [
  "default-src 'none'",
  "img-src 'self' file:",
  "media-src 'self' file:",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
].join("; ");

/** The page up to its first card. */
export function headOf({ total, done, failed }: Totals): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Batch: ${done} of ${total} done</title>
<style>${STYLE}</style>
<header>
<h1>${done} of ${total} done${failed > 0 ? `, ${failed} failed` : ""}</h1>
<input type="search" placeholder="Search prompt, flow, seed, line" aria-label="Search">
<output></output>
</header>
<main>
`;
}

/** The end of the page. */
export const FOOT: string = `</main>
<script>${SCRIPT}</script>
</html>
`;

/** The cards of a line: one for each file, or one that says why there is none. */
export function cardOf(run: ReportedRun, { shots }: Entry, prompt: string): string {
  const cards = shots.flatMap(({ files = [], seed, seconds: took, task }) =>
    files.map((file) => {
      const facts = [
        `line ${run.line}`,
        run.flow,
        seed === null ? "" : `seed ${seed}`,
        took === undefined ? "" : seconds(took),
        `task ${task?.id ?? "?"}`,
      ];
      return card("", mediaOf(file, prompt), prompt, facts, "");
    }),
  );
  if (run.error) {
    const facts = [`line ${run.line}`, run.flow, ...run.seeds.map((seed) => `seed ${seed}`)];
    cards.push(card("failed", "", prompt, facts, run.error.message));
  }
  return cards.join("");
}

function card(
  kind: string,
  media: string,
  prompt: string,
  facts: readonly string[],
  error: string,
): string {
  const head = kind === "" ? "<article>" : `<article class="${kind}">`;
  const text =
    prompt === "" ? "" : `<p class="prompt" title="${escape(prompt)}">${escape(prompt)}</p>`;
  const wrong = error === "" ? "" : `<p class="error">${escape(error)}</p>`;
  return `${head}${media}${text}${wrong}<p class="facts">${escape(
    facts.filter(Boolean).join(" · "),
  )}</p></article>\n`;
}

function mediaOf({ path, kind }: LedgerFile, prompt: string): string {
  const url = escape(encodeURIComponent(path));
  if (kind === "image" || kind === "image-animated")
    return `<a href="${url}"><img src="${url}" alt="${escape(prompt.slice(0, 200))}" loading="lazy" decoding="async"></a>`;
  if (kind === "video") return `<video src="${url}" controls preload="none"></video>`;
  if (kind === "audio") return `<audio src="${url}" controls preload="none"></audio>`;
  return `<p><a href="${url}">${escape(path)}</a></p>`;
}
