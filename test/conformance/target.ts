/** The server that a case runs against, and a worker that a case controls. */
import { expect } from "vitest";
import type { Standin } from "visionatrix-standin";
import { type Answer, type Ask, ask, basic, type FormFields, multipart } from "./wire.js";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type Json = Record<string, unknown>;

export interface Created {
  readonly tasks_ids: number[];
  readonly outputs: {
    comfy_node_id: number;
    type: string;
    file_size: number;
    batch_size: number;
  }[];
}

let count = 0;

/** A server as a case sees it. Requests come from the admin by default. */
export class Target {
  readonly url: string;
  readonly admin: Credentials | undefined;
  readonly other: Credentials | undefined;
  #standin: Standin | undefined;

  constructor(url: string, admin?: Credentials, other?: Credentials, standin?: Standin) {
    this.url = url;
    this.admin = admin;
    this.other = other;
    this.#standin = standin;
  }

  /** For cases that cannot run on a real server. */
  get standin(): Standin {
    if (this.#standin === undefined) throw new Error("this is a real server");
    return this.#standin;
  }

  close(): Promise<void> {
    return this.#standin?.close() ?? Promise.resolve();
  }

  /** A request without credentials. */
  raw(method: string, path: string, what: Ask = {}): Promise<Answer> {
    return ask(this.url, method, path, what);
  }

  as(who: Credentials | undefined, method: string, path: string, what: Ask = {}): Promise<Answer> {
    const auth = who === undefined ? {} : { authorization: basic(who.username, who.password) };
    return ask(this.url, method, path, { ...what, headers: { ...auth, ...what.headers } });
  }

  send(method: string, path: string, what: Ask = {}): Promise<Answer> {
    return this.as(this.admin, method, path, what);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send("GET", path, { headers });
  }

  json(method: string, path: string, body: unknown): Promise<Answer> {
    const headers = { "content-type": "application/json" };
    return this.send(method, path, { headers, body: JSON.stringify(body) });
  }

  /** The second user. Only for cases of the secured set-up. */
  get stranger(): Credentials {
    if (this.other === undefined) throw new Error("this server has no second user");
    return this.other;
  }

  create(flow: string, fields: FormFields, who = this.admin, headers: Json = {}): Promise<Answer> {
    const form = multipart(fields);
    return this.as(who, "PUT", `/vapi/tasks/create/${flow}`, {
      body: form.body,
      headers: { ...form.headers, ...(headers as Record<string, string>) },
    });
  }

  /** Creates and expects success. */
  async created(flow: string, fields: FormFields, who = this.admin): Promise<Created> {
    const answer = await this.create(flow, fields, who);
    expect(answer.status, answer.text).toBe(200);
    return answer.json() as Created;
  }

  /** Creates one task, pinned to a worker that does not exist, and returns its id. */
  async task(fields: FormFields = [], flow = FLOW, who = this.admin): Promise<number> {
    const form: FormFields = [["prompt", "x"], ...fields];
    const answer = await this.create(flow, form, who, { "x-worker-id": "nobody" });
    expect(answer.status, answer.text).toBe(200);
    return (answer.json() as Created).tasks_ids[0] ?? 0;
  }

  async details(id: number, who = this.admin): Promise<Json> {
    const answer = await this.as(who, "GET", `/vapi/tasks/progress/${id}`);
    expect(answer.status, answer.text).toBe(200);
    return answer.json() as Json;
  }

  /** A worker that gets no tasks of other cases. */
  worker(): FakeWorker {
    count += 1;
    return new FakeWorker(this, `conformance-${process.pid}-${count}`);
  }
}

/** The text flow and the file flow that most cases use. */
export const FLOW = "sdxl_lighting";
export const NODE = 9;
export const FILE_FLOW = "remove_background_birefnet";
export const FILE_NODE = 13;

const MAX_TRIES = 500;

/** Acts as a worker. Tasks are pinned to it, so that it also works beside real ones. */
export class FakeWorker {
  readonly #target: Target;
  readonly #hostname: string;

  constructor(target: Target, hostname: string) {
    this.#target = target;
    this.#hostname = hostname;
  }

  get id(): string {
    return `${this.#target.admin?.username ?? "admin"}:${this.#hostname}:[fake gpu]:0`;
  }

  get details(): Json {
    return {
      worker_version: "2.7.0",
      system: { hostname: this.#hostname, os: "posix", version: "3.11", embedded_python: false },
      devices: [{ name: "fake gpu" }],
      engine_details: {},
    };
  }

  next(flows: readonly string[] = [FLOW], last = ""): Promise<Answer> {
    return this.#target.json("POST", "/vapi/tasks/next", {
      worker_details: this.details,
      tasks_names: flows,
      last_task_name: last,
    });
  }

  /** Asks for work when there is none. */
  ask(): Promise<Answer> {
    return this.next(["no_task_is_of_this_flow"]);
  }

  report(id: number, progress: number, error = "", extra: Json = {}): Promise<Answer> {
    return this.#target.json("PUT", "/vapi/tasks/progress", {
      worker_details: this.details,
      task_id: id,
      progress,
      execution_time: 1.5,
      error,
      ...extra,
    });
  }

  upload(
    id: number,
    files: readonly (readonly [name: string, bytes: Buffer | string])[],
  ): Promise<Answer> {
    const form = multipart(files.map(([filename, bytes]) => ["files", { filename, bytes }]));
    return this.#target.send("PUT", `/vapi/tasks/results?task_id=${id}`, form);
  }

  unlock(id: number): Promise<Answer> {
    return this.#target.send("DELETE", `/vapi/tasks/lock?task_id=${id}`);
  }

  /** Creates a task that only this worker gets. */
  async task(fields: FormFields = [], flow = FLOW): Promise<number> {
    const answer = await this.#target.create(
      flow,
      [["prompt", "x"], ...fields],
      this.#target.admin,
      {
        "x-worker-id": this.id,
      },
    );
    expect(answer.status, answer.text).toBe(200);
    return (answer.json() as Created).tasks_ids[0] ?? 0;
  }

  /** Takes the tasks that other cases left for any worker, and leaves them locked. */
  async drain(flows: readonly string[] = [FLOW]): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if ((await this.next(flows)).status === 204) return;
    }
    throw new Error("there is no end of tasks");
  }

  /** Creates a task and takes it. */
  async take(fields: FormFields = [], flow = FLOW): Promise<number> {
    const id = await this.task(fields, flow);
    // Tasks that other cases left for any worker may come first.
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const answer = await this.next([flow]);
      expect(answer.status, answer.text).toBe(200);
      if ((answer.json() as Json)["task_id"] === id) return id;
    }
    throw new Error(`task ${id} was not handed out`);
  }

  /** Creates a task and finishes it with these files. */
  async finished(
    files: (id: number) => readonly (readonly [name: string, bytes: Buffer | string])[] = (id) => [
      [`${id}_${NODE}_00001_.png`, "not really a picture"],
    ],
    fields: FormFields = [],
    flow = FLOW,
  ): Promise<number> {
    const id = await this.take(fields, flow);
    expect((await this.upload(id, files(id))).status).toBe(204);
    expect((await this.report(id, 100)).status).toBe(204);
    expect((await this.unlock(id)).status).toBe(204);
    return id;
  }

  /** Creates a task and lets it fail. */
  async failed(error = "out of luck"): Promise<number> {
    const id = await this.take();
    expect((await this.report(id, 30, error)).status).toBe(204);
    expect((await this.unlock(id)).status).toBe(204);
    return id;
  }
}
