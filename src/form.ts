/** Parameters → the fields of the create request. */
import { checkParams, own } from "./check.js";
import type { FileInput } from "./file-input.js";
import type { FileContext } from "./file-part.js";
import type { Flow, Parameter } from "./flow.js";

/** A file as it is sent; a `File` is one. */
export interface FilePart {
  /** With the extension that fits its bytes. */
  readonly name: string;
  /** Media type, or an empty string. */
  readonly type: string;
  /** In bytes; undefined where nobody knows before its end. */
  readonly size: number | undefined;
  stream(): ReadableStream<Uint8Array>;
}

/** One field of the multipart form. */
export interface FormPart {
  readonly name: string;
  /** Text as it is sent, or the file. */
  readonly value: FilePart | string;
}

/** What a call would send. */
export interface Plan {
  /** Flow id. */
  readonly flow: string;
  /** Seed of the first task; undefined where the flow takes none. */
  readonly seed: number | undefined;
  /** Whether the client drew the seed, since the caller gave none. */
  readonly seedDrawn: boolean;
  /** Number of tasks. */
  readonly count: number;
  readonly parts: readonly FormPart[];
}

/** The server draws its own seeds from 1 to this. */
const MAX_SEED = 2 ** 31 - 1;

/**
 * Checks the parameters of a call and encodes them.
 * @throws InvalidParamsError with everything that is wrong
 */
export async function fillForm<Params extends object>(
  flow: Flow<Params>,
  params: Params,
  random: () => number = Math.random,
  fileContext?: FileContext,
): Promise<Plan> {
  // Programs in JavaScript may leave them out.
  const values = (params as Readonly<Record<string, unknown>> | undefined) ?? {};
  const files = flow.parameters.some(
    ({ type, name }) => type === "file" && own(values, name) !== undefined,
  )
    ? await import("./file-part.js")
    : undefined;
  const broken = checkParams(flow.parameters, values, files?.brokenFileRule);
  if (broken.length > 0) throw (await import("./hints.js")).invalidParams(flow, broken);
  const count = (own(values, "count") as number | undefined) ?? 1;
  let seed: number | undefined;
  let seedDrawn = false;
  const parts: FormPart[] = [];
  for (const parameter of flow.parameters) {
    const { name } = parameter;
    let value = own(values, name);
    if (name === "seed" && parameter.type === "integer") {
      // Drawn here and not by the server, which would not record it.
      seedDrawn = value === undefined;
      value = seed = (value as number | undefined) ?? drawSeed(count, random);
    }
    if (value === undefined) continue;
    parts.push({
      name,
      value:
        parameter.type === "file" && files
          ? await files.filePart(name, value as FileInput, fileContext)
          : text(parameter, value),
    });
  }
  // An empty form is refused by the multipart parsers of older servers.
  if (parts.length === 0) parts.push({ name: "priority", value: "0" });
  return { flow: flow.id, seed, seedDrawn, count, parts };
}

/** Encodes a form of texts; the platform adds the boundary. `upload.ts` does those with files. */
export function toFormData(parts: readonly FormPart[]): FormData {
  const form = new FormData();
  for (const { name, value } of parts) form.append(name, value as string);
  return form;
}

/** A seed such that those of all `count` tasks stay in the server's own range. */
export function drawSeed(count: number, random: () => number): number {
  return 1 + Math.floor(random() * Math.max(1, MAX_SEED - count));
}

function text({ type, name }: Parameter, value: unknown): string {
  if (typeof value === "number") return decimal(value);
  // Flags of the server itself are integers; those of flows are booleans.
  if (typeof value === "boolean") return type === "integer" ? (value ? "1" : "0") : String(value);
  return name === "webhook_headers" ? JSON.stringify(value) : (value as string);
}

/** The shortest decimal that reads back as the same number, never with an exponent. */
export function decimal(value: number): string {
  // "-0" is no number to the engine.
  const text = String(value || 0);
  if (!text.includes("e")) return text;
  if (Number.isInteger(value)) return BigInt(value).toString();
  // "-1.5e-7": the digits of the mantissa, moved to the right.
  const [mantissa = "", zeros] = text.split("e-");
  return `${value < 0 ? "-" : ""}0.${"0".repeat(Number(zeros) - 1)}${mantissa.replace(/[-.]/g, "")}`;
}
