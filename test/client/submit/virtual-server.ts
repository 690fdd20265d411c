/** A server on virtual time. The fate of each request is decided in advance. */
import type { TaskDetails } from "../../../generated/tasks.js";
import type { FetchInit } from "../../../src/index.js";
import type { VirtualClock } from "./virtual-clock.js";

/** What happens to one request. Times in ms. */
export type Fate =
  /** Answered. */
  | { readonly do: "answer"; readonly after: number }
  /** The connection breaks at once; the request is carried out later, or never. */
  | { readonly do: "reset"; readonly carriedOutAfter: number | undefined }
  /** No response ever; carried out later, or never. */
  | { readonly do: "silence"; readonly carriedOutAfter: number | undefined }
  /** A proxy responds 502; carried out later, or never. */
  | { readonly do: "502"; readonly carriedOutAfter: number | undefined }
  /** Never carried out: refused by the server, or never sent. */
  | { readonly do: "refuse"; readonly status: number; readonly retryAfterS?: number | undefined }
  | { readonly do: "unreachable" };

/** Whether the client cannot know the result of such a create. (A 503 may be a proxy's own.) */
export function isLost(fate: Fate): boolean {
  if (fate.do === "refuse") return fate.status === 503 && fate.retryAfterS === undefined;
  return fate.do !== "answer" && fate.do !== "unreachable";
}

/** A task, and when it was created. */
export type VirtualTask = TaskDetails & { readonly createdAt: number };

/** A server that can create and find tasks, and no more. */
export class VirtualServer {
  readonly #clock: VirtualClock;
  /** What happens to the next create, and to the next other request. */
  fates: { readonly creates: Fate[]; readonly others: Fate[] } = { creates: [], others: [] };
  /** An earlier task has the highest id there is. */
  readonly tasks = new Map<number, VirtualTask>();
  /** Whether it has ever responded. */
  responded = false;
  #lastId: number;

  constructor(clock: VirtualClock, lastId: number) {
    this.#clock = clock;
    this.#lastId = lastId;
    if (lastId > 0) this.#add(lastId, EARLIER, {}, null);
  }

  /** Ids of the tasks that were created since, ascending. */
  get created(): number[] {
    const tasks = [...this.tasks.values()].filter(({ name }) => name !== EARLIER);
    return tasks.map(({ task_id }) => task_id).sort((a, b) => a - b);
  }

  /** Another user's creates use up ids. */
  skipIds(count: number): void {
    this.#lastId += count;
  }

  readonly fetch = (url: string, init: FetchInit): Promise<Reply> =>
    new Promise((respond, reject) => {
      const resolve = (reply: Reply): void => {
        this.responded = true;
        respond(reply);
      };
      const { pathname, searchParams } = new URL(url);
      const isCreate = init.method === "PUT";
      const fates = isCreate ? this.fates.creates : this.fates.others;
      const fate = fates.shift() ?? { do: "answer", after: 5 };
      const carryOut = (): Reply =>
        isCreate
          ? this.#create(decodeURIComponent(pathname.split("/").at(-1) ?? ""), init)
          : this.#other(init.method, pathname, searchParams);
      const later = (ms: number | undefined): void => {
        if (ms !== undefined) this.#clock.after(ms, carryOut, true);
      };
      switch (fate.do) {
        case "answer":
          this.#clock.after(fate.after, () => resolve(carryOut()));
          return;
        case "reset":
          later(fate.carriedOutAfter);
          this.#clock.after(2, () => reject(new TypeError("fetch failed")));
          return;
        case "silence":
          later(fate.carriedOutAfter);
          return;
        case "502":
          later(fate.carriedOutAfter);
          this.#clock.after(3, () => resolve(reply(502, "Bad Gateway")));
          return;
        case "refuse": {
          const { status, retryAfterS } = fate;
          const headers = retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) };
          this.#clock.after(3, () => resolve(reply(status, { detail: "no" }, headers)));
          return;
        }
        case "unreachable":
          this.#clock.after(1, () =>
            reject(
              Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } }),
            ),
          );
      }
    });

  #create(name: string, { body }: FetchInit): Reply {
    const fields = new Map<string, string>();
    const text = new TextDecoder().decode(body as Uint8Array);
    for (const [, field = "", value = ""] of text.matchAll(/name="([^"]*)"\r\n\r\n([^]*?)\r\n--/g))
      fields.set(field, value);
    const ids: number[] = [];
    const count = Number(fields.get("count") ?? 1);
    const seed = fields.get("seed");
    const prompt = fields.get("prompt");
    const headers = JSON.parse(
      fields.get("webhook_headers") ?? "null",
    ) as VirtualTask["webhook_headers"];
    for (let index = 0; index < count; index++) {
      const params = {
        ...(prompt !== undefined && { prompt }),
        ...(seed !== undefined && { seed: Number(seed) + index }),
      };
      this.#add(++this.#lastId, name, params, headers);
      ids.push(this.#lastId);
    }
    return reply(200, { tasks_ids: ids, outputs: OUTPUTS });
  }

  #add(
    task_id: number,
    name: string,
    input_params: VirtualTask["input_params"],
    webhook_headers: VirtualTask["webhook_headers"],
  ): void {
    const task = { ...FREE, task_id, name, input_params, webhook_headers };
    this.tasks.set(task_id, { ...task, createdAt: this.#clock.now() } as unknown as VirtualTask);
  }

  #other(method: string, path: string, query: URLSearchParams): Reply {
    if (path.endsWith("/progress-summary")) return reply(200, Object.fromEntries(this.tasks));
    const id = Number(query.get("task_id") ?? path.split("/").at(-1));
    const task = this.tasks.get(id);
    if (!task) return reply(404, { detail: `Task \`${id}\` was not found.` });
    if (method !== "DELETE") return reply(200, task);
    this.tasks.delete(id);
    return reply(204, "");
  }
}

/** Flow of the earlier task. */
const EARLIER = "earlier";

const OUTPUTS = [{ comfy_node_id: 9, type: "image", file_size: -1, batch_size: -1 }];

/** Fields that all tasks share: no worker ever takes one. */
const FREE = {
  ...{ progress: 0, error: "", locked_at: null, worker_id: null, execution_time: 0 },
  ...{ priority: 0, group_scope: 1, parent_task_id: null, custom_worker: null },
  ...{ input_files: [], child_tasks: [], flow_comfy: {}, outputs: OUTPUTS },
};

interface Reply {
  readonly status: number;
  readonly headers: object;
  text(): Promise<string>;
}

function reply(status: number, body: unknown, headers: object = {}): Reply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers, text: () => Promise.resolve(text) };
}
