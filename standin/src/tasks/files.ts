/** Which of a task's files belong to which output, and what they are called. */
import { zipSync } from "fflate";
import type { BlobStore } from "../blobs.js";
import type { OutputType } from "../flows/listed.js";
import { extensionOf } from "./references.js";
import type { ResultFile, Task, TaskOutput } from "./task.js";

/** Extensions of the files that the server serves, by output type; lower case only. */
const EXTENSIONS: Readonly<Record<OutputType, ReadonlySet<string>>> = {
  image: set(
    ".png .jpg .jpeg .bmp .tiff .tif .svg .ico .heif .heic .hif .raw .psd .eps .avif .jp2 .xcf",
  ),
  "image-animated": set(".gif .webp"),
  video: set(
    ".mp4 .avi .mkv .mov .flv .wmv .webm .m4v .3gp .3g2 .mpg .mpeg .vob .rm .rmvb .ts .m2ts .mxf " +
      ".f4v .divx .xvid .ogv .mpe .asf .swf",
  ),
  audio: set(".mp3 .flac .wav"),
  text: set(".txt"),
  "3d-model": set(".glb .gltf .fbx"),
};

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}

/** The files of an output that can be fetched, sorted by name. */
export function filesOf(task: Task, output: TaskOutput): ResultFile[] {
  const prefix = `${task.id}_${output.node}_`;
  return task.results
    .filter(({ name }) => name.startsWith(prefix))
    .filter(({ name }) => EXTENSIONS[output.type].has(extensionOf(name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The earliest date that a ZIP can hold, by the local clock; always the same, for equal bytes. */
const ZIP_DATE = new Date(1980, 0, 1);

/** An uncompressed ZIP of files under their names on disk, built in memory as the real server does it. */
export async function archive(files: readonly ResultFile[], blobs: BlobStore): Promise<Buffer> {
  const entries = files.map(async ({ name, blob }) => [name, await blobs.read(blob)] as const);
  const contents = Object.fromEntries(await Promise.all(entries));
  const { buffer, byteOffset, length } = zipSync(contents, { level: 0, mtime: ZIP_DATE });
  return Buffer.from(buffer, byteOffset, length);
}

const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  [".png", "image/png"],
  [".jpg", "image/jpeg"],
  [".jpeg", "image/jpeg"],
  [".gif", "image/gif"],
  [".bmp", "image/bmp"],
  [".tif", "image/tiff"],
  [".tiff", "image/tiff"],
  [".svg", "image/svg+xml"],
  [".webp", "image/webp"],
  [".avif", "image/avif"],
  [".mp4", "video/mp4"],
  [".webm", "video/webm"],
  [".mov", "video/quicktime"],
  [".mp3", "audio/mpeg"],
  [".flac", "audio/flac"],
  [".wav", "audio/x-wav"],
  [".txt", "text/plain; charset=utf-8"],
  [".glb", "model/gltf-binary"],
  [".gltf", "model/gltf+json"],
]);

/** The media type of an extension, on a server with a complete table of media types. */
export function mediaTypeOf(extension: string): string {
  return MEDIA_TYPES.get(extension.toLowerCase()) ?? "application/octet-stream";
}
