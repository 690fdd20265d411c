/** Types of the standard parameters: those that the server itself defines, for all flows or for some. */

/** Parameters that every flow takes. All are optional. */
export interface StandardParams {
  /**
   * Group of the task, 1–255, default 1. A higher group always runs before a lower one, whatever their
   * priorities. Lists show one group at a time.
   */
  group_scope?: number;
  /** Priority within the group, 0–15, default 0. Higher runs first. */
  priority?: number;
  /**
   * Makes this task a child of the task that its first file parameter references. That parameter must be a
   * reference to an output. Deleting the parent then also deletes this task.
   */
  child_task?: boolean | 0 | 1;
  /** Where the server posts progress; it appends `/task-progress`. Must not have a query. */
  webhook_url?: string;
  /** Headers for those posts, as an object or as JSON text. Values must be ASCII. */
  webhook_headers?: Readonly<Record<string, string>> | string;
}

/** For flows whose result depends on a random seed. */
export interface SeedParam {
  /**
   * Random seed, an integer; the same seed gives the same result. If left out, the client draws one and
   * reports it as `task.seed`.
   */
  seed?: number;
}

/** For flows that one call can run several times. */
export interface CountParam {
  /**
   * Number of tasks to create, default 1. Task _n_ (from 0) gets the seed `seed + n`. Above 1,000, the call
   * needs the option `allowLargeCount`.
   */
  count?: number;
}

/** For flows whose texts the server can translate. */
export interface TranslateParam {
  /** Translate the texts to English first, if the server has a translation provider. Default off. */
  translate?: boolean | 0 | 1;
}

/** For flows that have a `prompt` and take `count`. */
export interface SurpriseMeParam {
  /** Let the server's language model write the prompts, with `prompt` as their theme. Default off. */
  surprise_me?: boolean | 0 | 1;
}
