/** Makes a picture from a prompt, or removes a picture's background. It calls only the site's proxy. */
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";

const client = createClient({ baseUrl: "/api/vix" });

const find = (id: string): HTMLElement => document.querySelector(id) as HTMLElement;
const bar = find("progress") as HTMLProgressElement;
const form = find("form") as HTMLFormElement;
const [cancel, status, error] = [find("#cancel"), find("#status"), find("#error")];

async function run(prompt: string, picture: File, signal: AbortSignal): Promise<void> {
  const onUploadProgress = ({ loaded }: { loaded: number }): void =>
    void (status.textContent = `Sent ${loaded} bytes`);
  const pending = picture.size
    ? removeBackgroundBirefnet(client, { input_image: picture }, { signal, onUploadProgress })
    : sdxlLighting(client, { prompt }, { signal });
  const { files } = await pending.result({
    onProgress: ({ state, percent }) => {
      status.textContent = state;
      bar.value = percent;
    },
  });
  for (const file of files) {
    const image = new Image();
    image.src = URL.createObjectURL(await file.blob());
    image.alt = `Result of ${file.flow}`;
    document.body.append(image);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const data = new FormData(form);
  const stop = new AbortController();
  cancel.onclick = () => stop.abort();
  cancel.hidden = bar.hidden = false;
  error.textContent = "";
  run(data.get("prompt") as string, data.get("picture") as File, stop.signal)
    .catch((failure: unknown) => {
      status.textContent = "";
      error.textContent = stop.signal.aborted ? "Cancelled" : (failure as Error).message;
    })
    .finally(() => (cancel.hidden = bar.hidden = true));
});
