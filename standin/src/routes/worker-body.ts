/** The JSON that workers send. */
import { plainValue } from "../http/python-json.js";
import { ENGINE_OPTIONS } from "../tasks/view.js";
import type { WorkerDetails, WorkerSettings } from "../workers.js";
import { type Fields, isObject, type Json } from "./fields.js";

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

/** The node times in a worker's report. Only those of the last report count. */
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
