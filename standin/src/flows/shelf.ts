/** The flows that are installed, available, or being installed. */
import type { Clock } from "../clock.js";
import { type Flow, floatsOf, flowFrom } from "./flow.js";
import type { ListedFlow } from "./listed.js";

interface InstallRecord {
  readonly flow: Flow;
  readonly startedAt: number;
  readonly endsAt: number;
}

/** The visible state of an installation. */
export interface Installation {
  readonly flow: Flow;
  /** 100 when installed, at most 99 before. */
  readonly progress: number;
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** What an admin can change in a flow. The server requires only `display_name`. */
export interface FlowMetadata {
  readonly display_name: string;
  readonly description?: string | null;
  readonly license?: string | null;
  readonly required_memory_gb?: number | null;
  readonly version?: string | null;
}

const OPTIONAL_METADATA = ["description", "license", "required_memory_gb", "version"] as const;
const MOST_PROGRESS = 99;

function withListing(flow: Flow, listed: ListedFlow): Flow {
  return flowFrom(listed, flow.outputs, floatsOf(flow));
}

export class FlowShelf {
  readonly #clock: Clock;
  readonly #installMs: number;
  readonly #catalog: ReadonlyMap<string, Flow>;
  readonly #installed: Map<string, Flow>;
  readonly #records = new Map<string, InstallRecord>();
  /** Flows with unreadable metadata. */
  readonly #unreadable = new Set<string>();

  constructor(flows: readonly Flow[], clock: Clock, installMs: number) {
    this.#clock = clock;
    this.#installMs = installMs;
    this.#catalog = new Map(flows.map((flow) => [flow.id, flow]));
    this.#installed = new Map(this.#catalog);
    const now = clock.now();
    for (const flow of flows) this.#records.set(flow.id, { flow, startedAt: now, endsAt: now });
  }

  /** An installed flow. Its name must match exactly. */
  get(id: string): Flow | undefined {
    return this.#installed.get(id);
  }

  installed(): Flow[] {
    return [...this.#installed.values()];
  }

  notInstalled(): Flow[] {
    return [...this.#catalog.values()].filter((flow) => !this.#installed.has(flow.id));
  }

  /** All flows. If a flow is also in the catalogue, this is the catalogue's version. */
  all(): Flow[] {
    return [...new Map([...this.#installed, ...this.#catalog]).values()];
  }

  isInCatalog(id: string): boolean {
    return this.#catalog.has(id);
  }

  /** A flow with unreadable metadata: the real server then cannot list flows or create tasks. */
  get unreadable(): string | undefined {
    return [...this.#unreadable][0];
  }

  installations(): Installation[] {
    const now = this.#clock.now();
    return [...this.#records.values()].map(({ flow, startedAt, endsAt }) => {
      const part = (now - startedAt) / (endsAt - startedAt);
      const progress = now >= endsAt ? 100 : Math.min(MOST_PROGRESS, part * MOST_PROGRESS);
      return { flow, progress, startedAt, updatedAt: Math.min(now, endsAt) };
    });
  }

  /** True while any flow is being installed. */
  get isBusy(): boolean {
    return [...this.#records.keys()].some((id) => this.isInstalling(id));
  }

  isInstalling(id: string): boolean {
    return (this.#records.get(id)?.endsAt ?? 0) > this.#clock.now();
  }

  /**
   * Starts the installation of a flow of the catalogue. The flow is missing until it is done.
   *
   * @param done called when it is there
   * @returns false if no catalogue has it
   */
  install(id: string, done: () => void): boolean {
    const flow = this.#catalog.get(id);
    if (flow === undefined) return false;
    this.#begin(flow, done);
    return true;
  }

  /** Installs a copy of a flow under another name. */
  clone(original: Flow, id: string, metadata: FlowMetadata, done: () => void): void {
    const { listed } = original;
    const { display_name, description, license, required_memory_gb, version } = metadata;
    const own: ListedFlow = {
      ...listed,
      ...{ name: id, display_name, private: true },
      description: description ?? listed.description ?? "",
      license: license ?? listed.license ?? "",
      required_memory_gb: required_memory_gb ?? listed.required_memory_gb,
      version: version ?? listed.version,
    };
    this.#begin(withListing(original, own), done);
  }

  /** Stores the metadata as sent. If an optional value is missing, the server can no longer read the flow. */
  edit(flow: Flow, metadata: FlowMetadata): void {
    const given = OPTIONAL_METADATA.flatMap((key) =>
      metadata[key] === undefined || metadata[key] === null ? [] : [[key, metadata[key]]],
    );
    if (given.length < OPTIONAL_METADATA.length) this.#unreadable.add(flow.id);
    else this.#unreadable.delete(flow.id);
    const listed: ListedFlow = {
      ...flow.listed,
      display_name: metadata.display_name,
      ...(Object.fromEntries(given) as Partial<ListedFlow>),
    };
    this.#installed.set(flow.id, withListing(flow, listed));
  }

  uninstall(id: string): void {
    this.#installed.delete(id);
    this.#records.delete(id);
    this.#unreadable.delete(id);
  }

  /** @returns false if there is no such record */
  forgetRecord(id: string): boolean {
    return this.#records.delete(id);
  }

  #begin(flow: Flow, done: () => void): void {
    const now = this.#clock.now();
    const record: InstallRecord = { flow, startedAt: now, endsAt: now + this.#installMs };
    this.#installed.delete(flow.id);
    this.#unreadable.delete(flow.id);
    this.#records.set(flow.id, record);
    const finish = (): void => {
      if (this.#records.get(flow.id) !== record) return;
      this.#installed.set(flow.id, flow);
      done();
    };
    if (this.#installMs === 0) finish();
    else this.#clock.after(this.#installMs, finish);
  }
}
