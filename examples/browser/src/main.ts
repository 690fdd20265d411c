/** Any flow of a Visionatrix server in a web page: a form from its metadata, progress, results. */
import { createClient, VisionatrixError, type Flow, type ResultFile } from "visionatrix-client";
import { flows } from "visionatrix-client/flows";
import { element, showForm, sizeText, type Values } from "./form.js";

const find = (selector: string): HTMLElement => document.querySelector(selector) as HTMLElement;
const server = find("#server") as HTMLFormElement;
const choice = find("#flow") as HTMLSelectElement;
const form = find("#parameters") as HTMLFormElement;
const runButton = find("#run") as HTMLButtonElement;
const cancelButton = find("#cancel") as HTMLButtonElement;
const status = find("#status");
const progress = find("#progress") as HTMLProgressElement;
const error = find("#error");
const results = find("#results");

const known = flows as unknown as Readonly<Record<string, Flow<Values>>>;
const title = (id: string): string =>
  id.replace(/_/g, " ").replace(/^./, (letter) => letter.toUpperCase());

// `?server=…&flow=…` makes a page that can be linked to.
const query = new URLSearchParams(location.search);
const field = (name: string): HTMLInputElement =>
  server.elements.namedItem(name) as HTMLInputElement;
field("url").value = query.get("server") ?? "http://localhost:8288";
field("username").value = query.get("username") ?? "";

for (const id of Object.keys(known).sort()) choice.append(new Option(title(id), id));
choice.value = query.get("flow") ?? "sdxl_lighting";
let values: () => Values = () => ({});
const showChoice = (): void => {
  const flow = known[choice.value];
  if (flow) values = showForm(form, flow);
};
choice.addEventListener("change", showChoice);
showChoice();

let running: AbortController | undefined;
cancelButton.addEventListener("click", () => running?.abort("cancelled on the page"));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!running) void run();
});

async function run(): Promise<void> {
  const flow = known[choice.value];
  if (!flow || !server.reportValidity()) return;
  running = new AbortController();
  busy(true);
  try {
    const username = field("username").value;
    const client = createClient({
      baseUrl: field("url").value,
      auth: username ? { username, password: field("password").value } : undefined,
    });
    say("Sending …");
    const { files } = await flow(client, values(), {
      signal: running.signal,
      onUploadProgress: ({ loaded, total }) => {
        say(`Sending ${sizeText(loaded)}${total ? ` of ${sizeText(total)}` : ""}`);
        if (total) progress.value = (100 * loaded) / total;
      },
    }).result({
      onProgress: ({ percent, state }) => {
        progress.value = percent;
        say(
          state === "queued"
            ? "Waiting in the queue"
            : `${state[0]?.toUpperCase()}${state.slice(1)}, ${Math.round(percent)} %`,
        );
      },
    });
    say("Loading …");
    const shown = await Promise.all(files.map(show));
    for (const { href } of results.querySelectorAll("a")) URL.revokeObjectURL(href);
    results.replaceChildren(...shown);
    say(`${files.length} ${files.length === 1 ? "file" : "files"}`);
  } catch (thrown) {
    report(thrown);
  } finally {
    running = undefined;
    busy(false);
  }
}

function busy(yes: boolean): void {
  runButton.disabled = yes;
  cancelButton.hidden = !yes;
  progress.hidden = !yes;
  progress.value = 0;
  if (yes) error.hidden = true;
}

function say(text: string): void {
  status.replaceChildren(text);
}

function report(thrown: unknown): void {
  if (thrown instanceof VisionatrixError && thrown.name === "AbortError") {
    say("Cancelled");
    return;
  }
  say("");
  error.hidden = false;
  error.replaceChildren(thrown instanceof Error ? thrown.message : String(thrown));
}

/** A result with what it is below it. */
async function show(file: ResultFile): Promise<HTMLElement> {
  const blob = await file.blob();
  const src = URL.createObjectURL(blob);
  const caption = element("figcaption", {}, [
    element("a", { href: src, download: file.name }, [file.name]),
    ` ${sizeText(blob.size)}${file.seed === undefined ? "" : ` · seed ${file.seed}`}`,
  ]);
  return element("figure", {}, [await view(file, blob, src), caption]);
}

async function view(file: ResultFile, blob: Blob, src: string): Promise<HTMLElement> {
  switch (file.kind) {
    case "image":
    case "image-animated": {
      const picture = element("img", { src, alt: `Result of ${title(file.flow)}` });
      await picture.decode().catch(() => undefined);
      return picture;
    }
    case "video":
      return element("video", { src, controls: true, loop: true });
    case "audio":
      return element("audio", { src, controls: true });
    case "text":
      return element("pre", {}, [await blob.text()]);
    default:
      return element("p", {}, ["A 3D model: download it below."]);
  }
}
