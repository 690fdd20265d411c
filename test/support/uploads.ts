/** Helpers for upload tests: bytes, streams that wait, and the file as the server received it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Client, FetchUrlOptions, FileInput } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import type { Standin } from "visionatrix-standin";
import { standinWithClient } from "./standin.js";

export const PNG = Uint8Array.from(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
);

/** A server for one test. */
export async function serve(handle: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(handle).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const pair = (fetchUrls?: FetchUrlOptions) =>
  standinWithClient({ recordBodies: 4096 }, { ...(fetchUrls && { fetchUrls }) });

/** Sends a file, and returns the task's input as the server has it. */
export async function received(
  { client, standin }: { client: Client; standin: Standin },
  input_image: FileInput<"image">,
): Promise<{ name: string; bytes: Uint8Array }> {
  const run = await removeBackgroundBirefnet(client, { input_image });
  const id = run.tasks[0]?.id;
  const { input_files } = (await run.tasks[0]?.details()) ?? {};
  const response = await fetch(`${standin.url}/vapi/tasks/inputs?task_id=${id}&input_index=0`, {
    headers: { authorization: `Basic ${btoa("ann:secret")}` },
  });
  return {
    name: input_files?.[0]?.file_name ?? "",
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

export async function* inPieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** Bytes without simple repetition, so that a missing or repeated piece is detected. */
export function patterned(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, at) => (at >> 8) * 31 + at);
}

/** A gate that a test opens. */
export function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

/** Yields the first quarter at once, and the rest when the gate opens. */
export async function* gated(bytes: Uint8Array, opened: Promise<void>): AsyncGenerator<Uint8Array> {
  const quarter = bytes.length / 4;
  yield bytes.subarray(0, quarter);
  await opened;
  yield* inPieces(bytes.subarray(quarter), quarter);
}
