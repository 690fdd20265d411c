/** Which bytes, names and media types belong together. */

/** Bytes that are enough to recognise a file. */
export const SNIFF_BYTES = 64;

/**
 * Extensions (the usual one first), media type, and the first bytes, read as Latin-1; the first match counts.
 * Kept as one string, because every program carries it.
 */
const FORMATS: readonly { extensions: readonly string[]; type: string; magic: string }[] =
  `png image/png \\x89PNG
jpg,jpeg image/jpeg \\xff\\xd8\\xff
gif image/gif GIF8
webp image/webp RIFF.{4}WEBP
bmp image/bmp BM.{4}\\0{4}
tiff,tif image/tiff II\\*\\0|MM\\0\\*
avif image/avif .{4}ftyp(avi|mif1.*avif)
heic image/heic .{4}ftyp(he|mif1)
heif,hif image/heif
svg image/svg+xml \\s*<(svg|\\?xml)
webm video/webm .E\\xdf\\xa3.*webm
mkv video/x-matroska .E\\xdf\\xa3
mov video/quicktime .{4}ftypqt
m4a audio/mp4 .{4}ftypM4A
mp4,m4v,f4v video/mp4 .{4}ftyp
3gp,3g2 video/3gpp
avi,divx,xvid video/x-msvideo RIFF.{4}AVI
mpg,mpeg video/mpeg
flac audio/flac fLaC
mp3 audio/mpeg ID3|\\xff[\\xe2-\\xfb]
wav audio/wav RIFF.{4}WAVE
ogg audio/ogg
glb model/gltf-binary glTF
gltf model/gltf+json
txt text/plain`
    .split("\n")
    .map((line) => {
      const [extensions = "", type = "", magic = ""] = line.split(" ");
      return { extensions: extensions.split(","), type, magic };
    });

/** Looks like an extension but says nothing about the file: times of day, partial downloads. */
const NO_EXTENSION = /^(\d+|tmp|temp|part|bak|bin|dat|download)$/i;

/** Extension without dot, as the name has it; empty when it has no meaningful one. */
export function extensionOf(name: string): string {
  const [, extension = ""] = /[^./\\]\.([A-Za-z0-9]{1,8})$/.exec(name) ?? [];
  return NO_EXTENSION.test(extension) ? "" : extension;
}

/** Extension that the first bytes prove, or an empty string. */
export function sniff(head: Uint8Array): string {
  const text = String.fromCharCode(...head.subarray(0, SNIFF_BYTES));
  const found = FORMATS.find(({ magic }) => magic && RegExp(`^(${magic})`, "s").test(text));
  return found?.extensions[0] ?? "";
}

/** Extension for a media type, or an empty string. */
export function extensionFor(mediaType: string): string {
  const bare = mediaType.split(";")[0]?.trim().toLowerCase();
  return FORMATS.find(({ type }) => type === bare)?.extensions[0] ?? "";
}

/** Usual extension for files of a kind. */
export function extensionForKind(kind: string): string {
  return (
    { image: "png", video: "mp4", audio: "flac", text: "txt", "3d-model": "glb" }[kind] ??
    (kind === "image-animated" ? "webp" : "bin")
  );
}

/** Media type for an extension. */
export function mediaTypeFor(extension: string): string {
  const lower = extension.toLowerCase();
  return (
    FORMATS.find(({ extensions }) => extensions.includes(lower))?.type ?? "application/octet-stream"
  );
}
