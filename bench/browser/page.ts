/** The work of the measured page: reads a large file, and keeps none of it. */
import { createClient, type ResultFile } from "visionatrix-client";

async function count(stream: ReadableStream<Uint8Array>): Promise<number> {
  let taken = 0;
  await stream.pipeTo(new WritableStream({ write: (piece) => void (taken += piece.length) }));
  return taken;
}

async function resultFile(baseUrl: string): Promise<ResultFile> {
  const { files } = await createClient({ baseUrl }).task(1).result();
  const [file] = files;
  if (!file) throw new Error("There is no file.");
  return file;
}

const plainFetch = (baseUrl: string): Promise<Response> =>
  fetch(`${baseUrl}/vapi/tasks/results?task_id=1&node_id=9`);

/** Each function returns the number of bytes read from the server at `baseUrl`. */
export const work = {
  "file.stream()": async (baseUrl: string) => count(await (await resultFile(baseUrl)).stream()),
  "fetch, body": async (baseUrl: string) =>
    count((await plainFetch(baseUrl)).body ?? new ReadableStream()),
  "file.blob()": async (baseUrl: string) => (await (await resultFile(baseUrl)).blob()).size,
  "fetch, blob()": async (baseUrl: string) => (await (await plainFetch(baseUrl)).blob()).size,
};

Object.assign(globalThis, { work });
