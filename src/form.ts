/** Parameters → the fields of the create request. */
import { brokenRule, checkParams, type Check } from "./check.js";
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
  /** Lets go of what the bytes come from, when the call that sends them is over. */
  release?(): void;
}

/** One field of the multipart form. */
export interface FormPart {
  readonly name: string;
  /** Text as it is sent, or the file. */
  readonly value: FilePart | string;
}

/** What a stream of Node's has. */
interface Piped {
  pipe?: unknown;
  on?: (event: "error", listener: () => void) => unknown;
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
  fileContext?: FileContext,
): Promise<Plan> {
  const values = new Map(
    // Programs in JavaScript may leave them out.
    Object.entries((params as object | undefined) ?? {}).filter(
      ([, value]: [string, Piped | null | undefined]) => {
        // A stream of Node's that breaks before somebody reads it would end the process.
        if (value?.pipe) value.on?.("error", () => {});
        return value !== undefined;
      },
    ),
  ) as Map<string, unknown>;
  const kinds = new Map<string, FieldKind>();
  for (const parameter of flow.parameters) {
    const { name } = parameter;
    if (values.has(name)) kinds.set(name, await kindOf(parameter));
  }
  const kind = (name: string): FieldKind => kinds.get(name) ?? PLAIN;
  const broken = checkParams(flow.parameters, values, (name) => kind(name).brokenRule);
  if (broken.length > 0) throw (await import("./later/trouble.js")).invalidParams(flow, broken);
  const count = (values.get("count") ?? 1) as number;
  let seed: number | undefined;
  let seedDrawn = false;
  const parts: FormPart[] = [];
  for (const parameter of flow.parameters) {
    const { name, type } = parameter;
    if (name === "seed" && type === "integer") {
      // Drawn here and not by the server, which would not record it.
      seedDrawn = !values.has(name);
      if (seedDrawn) values.set(name, drawSeed(count, Math.random));
      seed = values.get(name) as number;
    }
    if (values.has(name))
      parts.push({
        name,
        value: await kind(name).encode(parameter, values.get(name), fileContext),
      });
  }
  // An empty form is refused by the multipart parsers of older servers.
  if (parts.length === 0) parts.push({ name: "priority", value: "0" });
  return { flow: flow.id, seed, seedDrawn, count, parts };
}

/**
 * Checks the parameters of a call and shows exactly what would be sent; sends nothing.
 * @throws InvalidParamsError with everything that is wrong
 */
export async function plan<Params extends object>(
  flow: Flow<Params>,
  params: Params,
): Promise<Plan> {
  const planned = await fillForm(flow, params);
  const { prepare } = await import("./later/run.js");
  const { parts } = prepare(planned, 0);
  return { ...planned, parts };
}

/** How values of one kind are checked and sent. */
export interface FieldKind {
  readonly brokenRule: Check;
  /** The value of its field, given one that breaks no rule. */
  readonly encode: (
    parameter: Parameter,
    value: unknown,
    context: FileContext | undefined,
  ) => FormPart["value"] | Promise<FormPart["value"]>;
}

const PLAIN: FieldKind = { brokenRule, encode };

/** What a parameter's values are; the kinds that few calls have load when one has. */
async function kindOf({ name, type }: Parameter): Promise<FieldKind> {
  if (type === "file") return (await import("./later/files.js")).fileField;
  return name.startsWith("webhook_") ? (await import("./later/run.js")).webhookField : PLAIN;
}

/** A seed such that those of all `count` tasks stay in the server's own range. */
export function drawSeed(count: number, random: () => number): number {
  return 1 + Math.floor(random() * Math.max(1, MAX_SEED - count));
}

function encode({ type }: Parameter, value: unknown): string {
  if (typeof value === "number") return decimal(value);
  // Flags of the server itself are integers; those of flows are booleans.
  return String(type === "integer" ? Number(value) : value);
}

/**
 * The shortest decimal that reads back as the same number, never with an exponent.
 * @param value below 10²¹, as all are that pass the checks
 */
export function decimal(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  // "-1.5e-7": the digits of the mantissa, moved to the right.
  const [mantissa = "", zeros] = text.split("e-");
  return `${value < 0 ? "-" : ""}0.${"0".repeat(Number(zeros) - 1)}${mantissa.replace(/[-.]/g, "")}`;
}
