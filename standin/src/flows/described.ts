/** The framework's table of routes as far as flows are concerned, and the documents made from it. */
import type { Flow } from "./flow.js";

export class DescribedFlows {
  /** In the order of the table, each as it was when it came into it. */
  #flows: readonly Flow[] = [];
  /** Those that the framework's own document shows; undefined while it has to be made anew. */
  #framework: readonly Flow[] | undefined;
  readonly #documents = new Map<string, string>();

  get framework(): readonly Flow[] {
    this.#framework ??= this.#flows;
    return this.#framework;
  }

  /**
   * Puts the wanted flows into the table and takes all others out of it, then gives the document: the one made
   * earlier for the same names and the same question, whatever has become of the flows since.
   *
   * @param question the request's parameters, as they were written
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
    // The framework makes its own document anew when routes come, not when they go.
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
