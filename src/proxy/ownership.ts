/**
 * Who owns a task. The task itself records it, as an HMAC of the owner in its webhook headers, which the
 * server stores and shows. This needs no database, and any number of instances with the same secret agree.
 */
import { toHex } from "../bytes/hex.js";
import type { TaskDetails } from "../../generated/tasks.js";
import { randomId } from "../bytes/random-id.js";
import { isTaskMissing } from "../errors/request-errors.js";
import type { Api } from "../http/api.js";
import { readTask } from "../http/endpoints.js";
import { BoundedMap } from "../tasks/known-tasks.js";
import { mapParallel } from "../time/parallel.js";
import { noSuchTask } from "./refusal.js";

/** Header with the owner's mark. */
export const OWNER_HEADER = "x-vix-owner";

/** Header that tells the tasks of different creates apart. */
export const CREATE_HEADER = "x-vix-create";

/** The mark of a task. */
interface Mark {
  /** Empty for a task that was not created through the proxy. */
  readonly owner: string;
  readonly create: string;
}

/** Returns a function that makes the marks of owners. */
export function createMarks(secret: string | Uint8Array): (owner: string) => Promise<string> {
  const encoder = new TextEncoder();
  const bytes = typeof secret === "string" ? encoder.encode(secret) : Uint8Array.from(secret);
  const key = crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  return async (owner) => {
    const text = encoder.encode(`visionatrix-client proxy owner ${owner}`);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", await key, text));
    return toHex(mac);
  };
}

export class Ownership {
  readonly #api: Api;
  /** Marks of tasks seen so far; they never change. */
  readonly #marks = new BoundedMap<number, Mark>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** A unique name for one create. */
  newCreate(): string {
    return randomId();
  }

  /** The create of a task seen before. */
  createOf(id: number): string | undefined {
    return this.#marks.get(id)?.create;
  }

  /** Records the tasks of a create. */
  created(ids: readonly number[], mark: Mark): void {
    for (const id of ids) this.#marks.set(id, mark);
  }

  /**
   * Reads a task of an owner.
   * @throws Refusal 404 for another owner's task, the same as for a missing one
   */
  async read(id: number, owner: string, signal: AbortSignal): Promise<TaskDetails> {
    const task = await this.#fetch(id, signal);
    if (!task || this.#marks.get(id)?.owner !== owner) throw noSuchTask(id);
    return task;
  }

  /**
   * The marks of tasks, reading at most `most` unknown ones, in the order given.
   * @returns by id; without those whose mark was not read
   */
  async marksOf(
    ids: readonly number[],
    most: number,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Mark>> {
    const unknown = ids.filter((id) => !this.#marks.has(id)).slice(0, most);
    await mapParallel(unknown, (id) => this.#fetch(id, signal));
    return new Map(
      ids.flatMap((id) => {
        const mark = this.#marks.get(id);
        return mark ? [[id, mark] as const] : [];
      }),
    );
  }

  async #fetch(id: number, signal: AbortSignal): Promise<TaskDetails | undefined> {
    try {
      const { data } = await readTask(this.#api, id, signal);
      // Do not trust a server that sends another task than requested.
      if (data.task_id !== id) return undefined;
      const { [OWNER_HEADER]: owner = "", [CREATE_HEADER]: create = "" } =
        (data.webhook_headers as Record<string, string> | null | undefined) ?? {};
      this.#marks.set(id, { owner, create });
      return data;
    } catch (error) {
      if (isTaskMissing(error)) return undefined;
      throw error;
    }
  }
}
