/** Steps that several groups of cases share: requests refused in a certain way, prepared tasks and files. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import { FILE_FLOW, type Json, NODE, type Target } from "./target.js";
import type { Answer } from "./wire.js";
import { type FormFields, type Upload } from "./wire.js";

export const PICTURE: Upload = {
  filename: "photo.png",
  bytes: "pretend picture",
  type: "image/png",
};

export async function refuses(
  target: Target,
  flow: string,
  fields: FormFields,
  status: number,
  detail: string,
): Promise<void> {
  const answer = await target.create(flow, fields);
  expect(answer.text).toBe(JSON.stringify({ detail }));
  expect(answer.status).toBe(status);
}

export async function breaks(target: Target, flow: string, fields: FormFields): Promise<void> {
  const answer = await target.create(flow, fields);
  expect(answer.status).toBe(500);
  expect(answer.text).toBe("Internal Server Error");
  expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
}

export const reference = (value: unknown): FormFields => [["input_image", JSON.stringify(value)]];

export interface Problem {
  readonly type: string;
  readonly loc: readonly string[];
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Json;
}

export async function detail(
  target: Target,
  method: string,
  path: string,
  status: number,
  text: string,
): Promise<void> {
  const answer = await target.send(method, path);
  expect(answer.text).toBe(JSON.stringify({ detail: text }));
  expect(answer.status).toBe(status);
}

export async function makeChild(target: Target, parent: number, group = "1"): Promise<number> {
  const { tasks_ids } = await target.created(FILE_FLOW, [
    ["input_image", JSON.stringify({ task_id: parent, node_id: NODE })],
    ["child_task", "1"],
    ["group_scope", group],
  ]);
  return tasks_ids[0] ?? 0;
}

export const NAIVE_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?$/;

export const BYTES = "0123456789abcdefghij";

export function resultPath(id: number, rest = ""): string {
  return `/vapi/tasks/results?task_id=${id}&node_id=${NODE}${rest}`;
}

export async function batch(target: Target, count = 3): Promise<number> {
  return target
    .worker()
    .finished((id) =>
      Array.from(
        { length: count },
        (_, k) => [`${id}_${NODE}_0000${k + 1}_.png`, `${k}${BYTES}`] as const,
      ),
    );
}

export async function missesFile(
  target: Target,
  url: string,
  status: number,
  detail: string,
): Promise<void> {
  const answer = await target.get(url);
  expect(answer.text).toBe(JSON.stringify({ detail }));
  expect(answer.status).toBe(status);
}

export async function installed(target: Target, name: string): Promise<Json | undefined> {
  const flows = (await target.get("/vapi/flows/installed")).json() as Json[];
  return flows.find((one) => one["name"] === name);
}

export async function status(answer: Promise<Answer>): Promise<number> {
  return (await answer).status;
}

/** Runs `work` with the address of a server on this machine. */
export async function serving(
  answer: (req: IncomingMessage, res: ServerResponse) => void,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
