/** Files of finished tasks: saved, linked to, and one small picture of them. */
import { pathToFileURL } from "node:url";
import type { ContentBlock } from "@modelcontextprotocol/server";
import type { Client, ResultFile } from "visionatrix-client";
import { saveFiles } from "visionatrix-client/node";
import { capped } from "./texts.js";
import { within } from "./watch.js";

/** A result file that is on disk. */
export interface Saved {
  readonly file: ResultFile;
  readonly path: string;
  /** Of small texts, the text. */
  readonly text?: string;
}

/** Longest side of a preview in pixels, and its size in bytes. */
const PREVIEW_SIDE = 512;
const PREVIEW_BYTES = 60_000;

/** Texts up to this many bytes are read to the model, and this much of them, in characters. */
const TEXT_BYTES = 100_000;
const TEXT_LENGTH = 4000;

/** Saves in a process; one that takes longer than a wait goes on, and the next call finds it. */
export class Saves {
  readonly #client: Client;
  readonly #folder: string;
  readonly #running = new Map<number, Promise<Saved[]>>();

  constructor(client: Client, folder: string) {
    this.#client = client;
    this.#folder = folder;
  }

  /** The files of a task that is done; undefined while they are still being fetched after `ms`. */
  async of(taskId: number, ms: number): Promise<Saved[] | undefined> {
    let running = this.#running.get(taskId);
    if (!running) {
      running = this.#save(taskId).finally(() => this.#running.delete(taskId));
      running.catch(() => undefined);
      this.#running.set(taskId, running);
    }
    return within(running, ms);
  }

  async #save(taskId: number): Promise<Saved[]> {
    const { files } = await this.#client.task(taskId).result();
    const paths = await saveFiles(files, this.#folder, {
      pattern: "{flow}-{task}-{node}-{index}.{ext}",
      // A second look at a task gives the same places.
      collision: "skip-same",
    });
    return Promise.all(
      files.map(async (file, index) => {
        const saved = { file, path: paths[index] ?? "" };
        const short = file.kind === "text" && (file.size ?? Infinity) <= TEXT_BYTES;
        return short ? { ...saved, text: capped(await file.text(), TEXT_LENGTH) } : saved;
      }),
    );
  }
}

/** A file as answers describe it. */
export function described({ file, path, text }: Saved): Record<string, unknown> {
  const { taskId, nodeId, index, kind, mediaType, size } = file;
  return {
    path,
    uri: uriOf(file),
    task: taskId,
    node: nodeId,
    kind,
    mediaType,
    ...(size !== undefined && { size }),
    ...(index > 0 && { index }),
    ...(text !== undefined && { text }),
  };
}

const uriOf = ({ taskId, nodeId, index }: ResultFile): string =>
  `vix://tasks/${taskId}/${nodeId}/${index}`;

/** @param local whether the host can open files of this machine */
export function linkTo({ file, path }: Saved, local: boolean): ContentBlock {
  return {
    type: "resource_link",
    uri: local ? pathToFileURL(path).href : uriOf(file),
    name: file.name,
    mimeType: file.mediaType,
    ...(file.size !== undefined && { size: file.size }),
    annotations: { audience: ["user"] },
  };
}

/** A small JPEG of a picture; undefined where none can be made. `sharp` is asked for only here. */
export async function previewOf(file: ResultFile): Promise<ContentBlock | undefined> {
  const { kind, size, mediaType } = file;
  if (kind !== "image" && kind !== "image-animated") return undefined;
  const picture = (data: Uint8Array, mimeType: string): ContentBlock => ({
    type: "image",
    data: Buffer.from(data).toString("base64"),
    mimeType,
  });
  const sharp = await import("sharp").then(
    (module) => module.default,
    () => undefined,
  );
  if (!sharp)
    return (size ?? Infinity) <= PREVIEW_BYTES ? picture(await file.bytes(), mediaType) : undefined;
  const whole = await file.bytes();
  for (const quality of [80, 60, 40, 20]) {
    const small = await sharp(whole)
      .rotate()
      .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#fff" })
      .jpeg({ quality })
      .toBuffer();
    if (small.length <= PREVIEW_BYTES) return picture(small, "image/jpeg");
  }
  return undefined;
}
