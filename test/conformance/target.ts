/** The server that the cases run against: stand-ins of several set-ups, or one real server. */
import { expect } from "vitest";
import { type Standin, type StandinOptions, startStandin } from "visionatrix-standin";
import { privateFlows } from "./private-flows.js";
import { type Answer, type Ask, ask, basic, type FormFields, multipart } from "./wire.js";

/** What a case needs of a server. A real one is what it is; cases that need another set-up are skipped there. */
export type Setup =
  /** Whatever it is, as long as it runs nothing itself. */
  | "any"
  /** Authentication on, an admin and a second user, no worker of its own. */
  | "secured"
  /** Authentication off. */
  | "open"
  /** One allowed origin. */
  | "cors"
  /** Runs tasks itself. */
  | "engine"
  /** Has the flows of `private-flows.ts`. */
  | "private"
  /** May be spoiled: no other case runs on it. */
  | "spare"
  /** Takes a moment for an installation. */
  | "installing"
  /** Its admin is the one of its environment, not of its database. */
  | "override";

export const ALLOWED_ORIGIN = "http://app.example";

/** How long an installation takes on a server that is `installing`. */
export const INSTALL_MS = 10_000;

const SETUPS: Record<Setup, StandinOptions> = {
  secured: {
    workers: 0,
    auth: { admin: { password: "secret", admin: true }, alice: "wonderland" },
  },
  any: { workers: 0 },
  open: { workers: 0 },
  cors: { workers: 0, corsOrigins: [ALLOWED_ORIGIN] },
  engine: { speed: "instant", maxPictureSide: 64 },
  private: { workers: 0, ...privateFlows },
  spare: { workers: 0, ...privateFlows },
  installing: { workers: 0, clock: "virtual", installMs: INSTALL_MS },
  override: { workers: 0, auth: "root:secret" },
};

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

/** A server as a case sees it: requests as the admin unless it says otherwise. */
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

  /** For cases that no real server can be brought to. */
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

  /** Creates one task, pinned to a worker that never comes, and returns its id. */
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

  /** A worker that nobody else's tasks go to. */
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

/** Plays a worker: tasks are pinned to it, so that it works beside real ones too. */
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

  /** Asks for work where there is none. */
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

  /** Takes, and leaves locked, what other cases left to anybody. */
  async drain(flows: readonly string[] = [FLOW]): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if ((await this.next(flows)).status === 204) return;
    }
    throw new Error("there is no end of tasks");
  }

  /** Creates a task and takes it. */
  async take(fields: FormFields = [], flow = FLOW): Promise<number> {
    const id = await this.task(fields, flow);
    // Tasks that other cases left to anybody may come first.
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const answer = await this.next([flow]);
      expect(answer.status, answer.text).toBe(200);
      if ((answer.json() as Json)["task_id"] === id) return id;
    }
    throw new Error(`task ${id} was not handed out`);
  }

  /** Creates a task and brings it to its end with these files. */
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

const realUrl = process.env["VIX_CONFORMANCE_URL"];

function credentials(suffix: string): Credentials | undefined {
  const username = process.env[`VIX_USERNAME${suffix}`];
  const password = process.env[`VIX_PASSWORD${suffix}`];
  return username === undefined || password === undefined ? undefined : { username, password };
}

/** Why a case that needs this set-up cannot run, or undefined if it can. */
export function whyNot(setup: Setup, standinOnly: string | undefined): string | undefined {
  if (realUrl === undefined) return undefined;
  if (standinOnly !== undefined) return standinOnly;
  if (setup === "any") return undefined;
  const secured = credentials("") !== undefined;
  if (setup === "secured") {
    if (!secured) return "needs authentication: set VIX_USERNAME and VIX_PASSWORD of an admin";
    return credentials("_2") === undefined
      ? "needs a second user that is no admin: set VIX_USERNAME_2 and VIX_PASSWORD_2"
      : undefined;
  }
  if (setup === "open") return secured ? "needs a server without authentication" : undefined;
  if (setup === "cors") {
    return process.env["VIX_CORS_ORIGIN"] === ALLOWED_ORIGIN
      ? undefined
      : `needs a server with CORS_ORIGINS=${ALLOWED_ORIGIN}: say so with VIX_CORS_ORIGIN`;
  }
  return setup === "engine" ? "needs an engine" : `needs a server that is ${setup}`;
}

/** Starts what a set-up needs, or points at the real server. */
export async function startTarget(setup: Setup): Promise<Target> {
  if (realUrl !== undefined) {
    return new Target(realUrl.replace(/\/+$/, ""), credentials(""), credentials("_2"));
  }
  const standin = await startStandin(SETUPS[setup]);
  if (setup === "override") {
    return new Target(standin.url, { username: "root", password: "secret" }, undefined, standin);
  }
  if (setup !== "secured") return new Target(standin.url, undefined, undefined, standin);
  return new Target(
    standin.url,
    { username: "admin", password: "secret" },
    { username: "alice", password: "wonderland" },
    standin,
  );
}
