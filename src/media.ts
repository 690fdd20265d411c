/** Which bytes, names and media types belong together. */

/** What an output node makes; the server's names. */
export type MediaKind = "image" | "image-animated" | "video" | "audio" | "text" | "3d-model";

/** Media type, extension and, where there is one, a test of the first bytes read as Latin-1. */
const FORMATS: readonly (readonly [mediaType: string, extension: string, magic?: RegExp])[] = [
  ["image/png", "png", /^\x89PNG/],
  ["image/jpeg", "jpg", /^\xff\xd8\xff/],
  ["image/gif", "gif", /^GIF8/],
  ["image/webp", "webp", /^RIFF.{4}WEBP/s],
  ["image/bmp", "bmp", /^BM/],
  ["image/tiff", "tiff", /^(II\*\0|MM\0\*)/],
  ["image/avif", "avif", /^.{4}ftypavi/s],
  ["image/heic", "heic", /^.{4}ftyphe/s],
  ["image/svg+xml", "svg", /^\s*<(svg|\?xml)/],
  ["video/webm", "webm", /^.E\xdf\xa3(?!.*matroska)/s],
  ["video/x-matroska", "mkv", /^.E\xdf\xa3/],
  ["video/quicktime", "mov", /^.{4}ftypqt/s],
  ["video/mp4", "mp4", /^.{4}ftyp/s],
  ["video/x-msvideo", "avi", /^RIFF.{4}AVI/s],
  ["audio/flac", "flac", /^fLaC/],
  ["audio/mpeg", "mp3", /^(ID3|\xff[\xe2-\xfb])/],
  ["audio/wav", "wav", /^RIFF.{4}WAVE/s],
  ["model/gltf-binary", "glb", /^glTF/],
  ["model/gltf+json", "gltf"],
  ["text/plain", "txt"],
];

/** Enough of a file to recognise it, in bytes. */
export const SNIFF_BYTES = 64;

const FALLBACK: Readonly<Record<string, string>> = {
  image: "png",
  "image-animated": "webp",
  video: "mp4",
  audio: "flac",
  text: "txt",
  "3d-model": "glb",
};

/** Extension without dot, as the name has it; empty where it has none. */
export function extensionOf(name: string): string {
  return /[^.]\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1] ?? "";
}

/** Extension that the first bytes prove, or an empty string. */
export function sniff(head: Uint8Array): string {
  const text = String.fromCharCode(...head.subarray(0, SNIFF_BYTES));
  return FORMATS.find(([, , magic]) => magic?.test(text))?.[1] ?? "";
}

/** Extension for a media type, or an empty string. */
export function extensionFor(mediaType: string): string {
  const [bare = ""] = mediaType.split(";");
  return FORMATS.find(([known]) => known === bare.trim().toLowerCase())?.[1] ?? "";
}

/** Extension that files of a kind mostly have. */
export function extensionForKind(kind: string): string {
  return FALLBACK[kind] ?? "bin";
}

/** Media type for an extension. */
export function mediaTypeFor(extension: string): string {
  const lower = extension.toLowerCase().replace("jpeg", "jpg").replace(/^tif$/, "tiff");
  return FORMATS.find(([, known]) => known === lower)?.[0] ?? "application/octet-stream";
}
