/** Files of finished tasks: saving, linking, reading, and one small preview. */
import { pathToFileURL } from "node:url";
import type { ContentBlock, ReadResourceResult } from "@modelcontextprotocol/server";
import type { Client, ResultFile } from "visionatrix-client";
import { saveFiles } from "visionatrix-client/node";
import { capped } from "./texts.js";

/** A result file on disk. */
export interface Saved {
  readonly file: ResultFile;
  readonly path: string;
  /** The text, for small text files. */
  readonly text?: string;
}

/** Longest side of a preview in pixels, and its size in bytes. */
const PREVIEW_SIDE = 512;
const PREVIEW_BYTES = 60_000;
/** Texts up to this many bytes are passed to the model, cut to this many characters. */
const TEXT_BYTES = 100_000;
const TEXT_LENGTH = 4000;
/** Largest file served as a resource, in bytes. */
const RESOURCE_BYTES = 8 * 1024 * 1024;

/** Saves the files of a finished task. Saving again returns the same paths. */
export async function saveTask(client: Client, id: number, folder: string): Promise<Saved[]> {
  const { files } = await client.task(id).result();
  const pattern = "{flow}-{task}-{node}-{index}.{ext}";
  const paths = await saveFiles(files, folder, { pattern, collision: "skip-same" });
  return Promise.all(
    files.map(async (file, index) => {
      const saved = { file, path: paths[index] ?? "" };
      const isShort = file.kind === "text" && (file.size ?? Infinity) <= TEXT_BYTES;
      return isShort ? { ...saved, text: capped(await file.text(), TEXT_LENGTH) } : saved;
    }),
  );
}

const uriOf = ({ taskId, nodeId, index }: ResultFile): string =>
  `vix://tasks/${taskId}/${nodeId}/${index}`;

/** A file as tool results describe it. */
export function described({ file, path, text }: Saved): object {
  const { taskId: task, nodeId: node, index, kind, mediaType, size } = file;
  const known = { path, uri: uriOf(file), task, node, kind, mediaType, size, text };
  return index > 0 ? { ...known, index } : known;
}

/** @param local whether the host can open files of this machine */
export function linkTo({ file, path }: Saved, local: boolean): ContentBlock {
  const { name, mediaType: mimeType, size } = file;
  const uri = local ? pathToFileURL(path).href : uriOf(file);
  const annotations = { audience: ["user" as const] };
  return { type: "resource_link", uri, name, mimeType, ...(size && { size }), annotations };
}

/** A small JPEG preview of an image; undefined when none can be made. Only this function loads `sharp`. */
export async function previewOf({ file }: Saved): Promise<ContentBlock | undefined> {
  const picture = (bytes: Uint8Array, mimeType: string): ContentBlock => {
    return { type: "image", data: Buffer.from(bytes).toString("base64"), mimeType };
  };
  const sharp = await import("sharp").then((module) => module.default).catch(() => undefined);
  const isSmall = (file.size ?? Infinity) <= PREVIEW_BYTES;
  if (!sharp) return isSmall ? picture(await file.bytes(), file.mediaType) : undefined;
  const shrunk = sharp(await file.bytes())
    .rotate()
    .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: "inside", withoutEnlargement: true })
    .flatten({ background: "#fff" });
  for (const quality of [80, 60, 40, 20]) {
    const jpeg = await shrunk.clone().jpeg({ quality }).toBuffer();
    if (jpeg.length <= PREVIEW_BYTES) return picture(jpeg, "image/jpeg");
  }
  return undefined;
}

/** @throws Error when the file does not exist, or is too large */
export async function readResult(
  files: readonly ResultFile[],
  uri: string,
): Promise<ReadResourceResult> {
  const file = files.find((each) => uriOf(each) === uri);
  if (!file) throw new Error(`There is no file ${uri}.`);
  if ((file.size ?? Infinity) > RESOURCE_BYTES)
    throw new Error("The file is too large to be read out: get_result saves it.");
  const blob = Buffer.from(await file.bytes()).toString("base64");
  return { contents: [{ uri, mimeType: file.mediaType, blob }] };
}
