/** The JSON that workers send, with a problem for each thing that is wrong with it. */
import { type Problem, ValidationError } from "../http/errors.js";
import { plainValue, PythonFloat } from "../http/python-json.js";
import { ENGINE_OPTIONS } from "../tasks/view.js";
import type { WorkerDetails, WorkerSettings } from "../workers.js";

type Json = Record<string, unknown>;
type Location = readonly (string | number)[];

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !(value instanceof PythonFloat);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value instanceof PythonFloat) return value.value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** Reads fields, and collects what is wrong with them. */
export class Fields {
  readonly problems: Problem[] = [];

  #wrong(type: string, loc: Location, msg: string, input: unknown): void {
    this.problems.push({ type, loc, msg, input: plainValue(input) });
  }

  /** The value of a key that must be there; undefined if it is not. */
  need(object: Json, key: string, loc: Location): unknown {
    if (Object.hasOwn(object, key)) return object[key];
    this.#wrong("missing", [...loc, key], "Field required", null);
    return undefined;
  }

  object(object: Json, key: string, loc: Location): Json | undefined {
    const value = this.need(object, key, loc);
    if (value === undefined) return undefined;
    if (isObject(value) && !Array.isArray(value)) return value;
    const msg = "Input should be a valid dictionary or object to extract fields from";
    this.#wrong("model_attributes_type", [...loc, key], msg, value);
    return undefined;
  }

  list(object: Json, key: string, loc: Location): readonly unknown[] {
    const value = this.need(object, key, loc);
    if (Array.isArray(value)) return value;
    if (value !== undefined) {
      this.#wrong("list_type", [...loc, key], "Input should be a valid list", value);
    }
    return [];
  }

  #checkText(value: unknown, loc: Location): string {
    if (typeof value === "string") return value;
    this.#wrong("string_type", loc, "Input should be a valid string", value);
    return "";
  }

  text(object: Json, key: string, loc: Location): string {
    const value = this.need(object, key, loc);
    return value === undefined ? "" : this.#checkText(value, [...loc, key]);
  }

  /** A text that may be null, which is as good as empty. */
  optionalText(object: Json, key: string, loc: Location): string {
    return object[key] === null ? "" : this.text(object, key, loc);
  }

  texts(object: Json, key: string, loc: Location): string[] {
    return this.list(object, key, loc).map((one, index) =>
      this.#checkText(one, [...loc, key, index]),
    );
  }

  /** A number, also as a text; NaN and infinity are taken too. */
  number(object: Json, key: string, loc: Location): number {
    const value = this.need(object, key, loc);
    const number = numberOf(value);
    if (number !== undefined) return number;
    if (value !== undefined) {
      this.#wrong("float_type", [...loc, key], "Input should be a valid number", value);
    }
    return 0;
  }

  /** @throws ValidationError if there was any problem */
  done(): void {
    if (this.problems.length > 0) throw new ValidationError(this.problems);
  }
}

export function readWorkerDetails(body: Json, fields: Fields): WorkerDetails {
  const details = fields.object(body, "worker_details", ["body"]) ?? {};
  if (!Object.hasOwn(body, "worker_details")) return details as unknown as WorkerDetails;
  const loc = ["body", "worker_details"];
  fields.text(details, "worker_version", loc);
  const system = fields.object(details, "system", loc);
  if (system !== undefined) {
    for (const key of ["hostname", "os", "version"]) fields.text(system, key, [...loc, "system"]);
    fields.need(system, "embedded_python", [...loc, "system"]);
  }
  for (const [index, device] of fields.list(details, "devices", loc).entries()) {
    if (isObject(device)) fields.text(device, "name", [...loc, "devices", index]);
  }
  return plainValue(details) as WorkerDetails;
}

/** What a worker tells of the time its nodes took; only with the last report does it count. */
export function readProfile(body: Json, fields: Fields): Json | undefined {
  const value = body["execution_details"];
  if (value === undefined || value === null) return undefined;
  const details = fields.object(body, "execution_details", ["body"]) ?? {};
  const loc = ["body", "execution_details", "nodes_profiling"];
  const nodes = details["nodes_profiling"];
  for (const [index, node] of (Array.isArray(nodes) ? (nodes as unknown[]) : []).entries()) {
    if (isObject(node)) fields.text(node, "node_id", [...loc, index]);
  }
  return plainValue(details) as Json;
}

export function readWorkerSettings(body: Json): WorkerSettings {
  const { smart_memory, cache_type, cache_size, vae_cpu, reserve_vram } = ENGINE_OPTIONS;
  const standard = { smart_memory, cache_type, cache_size, vae_cpu, reserve_vram };
  const sent = Object.entries(standard).map(([key, value]) => [key, body[key] ?? value] as const);
  return plainValue(Object.fromEntries(sent)) as WorkerSettings;
}
