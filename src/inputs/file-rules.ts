/** Checks values of file parameters before a byte is read. Pure. */
import { extensionOf, mediaTypeFor } from "../bytes/media.js";
import type { Parameter } from "../flow/parameter.js";
import type { Rule } from "../flow/rules.js";
import { isReadableBlob } from "./blob-bytes.js";
import { isUsed } from "./byte-source.js";
import { isDecodable } from "./data-url.js";
import { sourceKind } from "./file-input.js";

/** The rule that a file parameter's value breaks, if any. */
export function brokenFileRule({ accept }: Parameter, value: unknown): Rule | undefined {
  const wanted = accept?.split("/")[0];
  const source = sourceKind(value);
  switch (source?.kind) {
    case "data":
      if (source.value.endsWith(",")) return "empty";
      return isDecodable(source.value) ? brokenKind(wanted, source.value) : "data";
    case "blob":
      if (source.value.size === 0) return "empty";
      return isReadableBlob(source.value) ? brokenKind(wanted, source.value) : "type";
    case "bytes":
      return source.value.byteLength === 0 ? "empty" : undefined;
    case "answer": {
      const { ok, body, arrayBuffer } = source.value;
      if (!ok) return "status";
      if (!body && (body === null || !arrayBuffer)) return "empty";
      return isUsed(source.value) ? "used" : brokenKind(wanted, source.value);
    }
    case "stream":
      return isUsed(source.value) ? "used" : undefined;
    case "url":
      return isHttpUrl(source.value.url) ? undefined : "address";
    case "reference": {
      const { kind } = source.value;
      return kind && wanted && !kind.startsWith(wanted) ? "kind" : undefined;
    }
    default:
      return typeof value === "string" ? "path" : "type";
  }
}

/** Media types that an image, video, or audio file never gets by mistake. */
const SURELY_OTHER = /^(text\/|application\/(json|pdf|zip|xml|javascript))/;

/** Extensions of files that are certainly not media, whatever type a platform gives them. */
const TEXT_EXTENSION = /^(json|jsonl|csv|md|html?|xml|js|ts|py|ya?ml|pdf|zip)$/i;

const MEDIA = /^(image|video|audio)$/;

/** Reports only impossible types: many systems label an image `application/octet-stream`. */
function brokenKind(wanted: string | undefined, value: object | string): "kind" | undefined {
  const type = mediaTypeOf(value) ?? "";
  const [group = ""] = type.split("/");
  if (!wanted || !MEDIA.test(wanted) || group === wanted) return undefined;
  return MEDIA.test(group) || SURELY_OTHER.test(type) ? "kind" : undefined;
}

/** The declared media type of a value, or the one its name implies; undefined for values that carry neither. */
export function mediaTypeOf(value: object | string): string | undefined {
  const source = sourceKind(value);
  let type: string;
  if (source?.kind === "data") type = /^data:([^,]*)/.exec(source.value)?.[1] ?? "";
  else if (source?.kind === "answer") type = source.value.headers.get("content-type") ?? "";
  else if (source?.kind === "blob") type = source.value.type || typeOfName(source.value.name);
  else return undefined;
  return type.split(";")[0]?.trim().toLowerCase();
}

function typeOfName(name: unknown): string {
  const extension = typeof name === "string" ? extensionOf(name) : "";
  if (TEXT_EXTENSION.test(extension)) return "text/plain";
  return extension && mediaTypeFor(extension);
}

function isHttpUrl(url: string | URL): boolean {
  try {
    return /^https?:$/.test(new URL(url).protocol);
  } catch {
    return false;
  }
}
