/** Parameters of a task with the flow's defaults filled in. */
import type { Flow } from "../flows/flow.js";
import { engineParams, type Task } from "../tasks/task.js";

export class Values {
  readonly #task: Task;
  readonly #params: ReadonlyMap<string, string>;
  readonly #flow: Flow;

  constructor(task: Task, flow: Flow) {
    this.#task = task;
    this.#params = engineParams(task);
    this.#flow = flow;
  }

  text(name: string): string {
    const input = this.#flow.inputs.find((one) => one.name === name);
    return this.#params.get(name) ?? String(input?.default ?? "");
  }

  number(name: string, fallback: number): number {
    const value = Number(this.text(name));
    return this.text(name) === "" || !Number.isFinite(value) ? fallback : value;
  }

  /** All prompts, joined. */
  prompt(): string {
    const names = this.#flow.inputs.filter(
      ({ kind, name }) => kind === "text" && !name.startsWith("negative"),
    );
    return names
      .map(({ name }) => this.text(name))
      .join(" ")
      .trim();
  }

  /** Everything that can change the result, as one string. */
  fingerprint(): string {
    const all = this.#flow.inputs
      .filter(({ kind }) => kind !== "file")
      .map(({ name }) => `${name}=${this.text(name)}`);
    return `${this.#flow.id}|${this.#task.seed}|${all.join("|")}`;
  }
}
