/** The flows in the framework's route table, and the API descriptions made from it. */
import type { Flow } from "./flow.js";

export class DescribedFlows {
  /** In the table's order. Each flow stays as it was when it was added. */
  #flows: readonly Flow[] = [];
  /** The flows in the framework's own document; undefined if it must be made again. */
  #framework: readonly Flow[] | undefined;
  readonly #documents = new Map<string, string>();

  get framework(): readonly Flow[] {
    this.#framework ??= this.#flows;
    return this.#framework;
  }

  /**
   * Replaces the flows in the table with the wanted ones and returns the document. Documents are cached by
   * flow names and query, even if the flows change later.
   *
   * @param question the request's query
   */
  document(
    wanted: readonly Flow[],
    question: string,
    make: (flows: readonly Flow[]) => string,
  ): string {
    const ids = new Set(wanted.map(({ id }) => id));
    const kept = this.#flows.filter(({ id }) => ids.has(id));
    const known = new Set(kept.map(({ id }) => id));
    const added = wanted.filter(({ id }) => !known.has(id));
    this.#flows = [...kept, ...added];
    // The framework rebuilds its own document when routes are added, not when they are removed.
    if (added.length > 0) this.#framework = undefined;
    const key = JSON.stringify([[...ids].sort(), question]);
    let document = this.#documents.get(key);
    if (document === undefined) this.#documents.set(key, (document = make(this.#flows)));
    return document;
  }

  /** Forgets everything, as a new process does. */
  clear(): void {
    this.#flows = [];
    this.#framework = undefined;
    this.#documents.clear();
  }
}
