/** Types of the standard parameters: those that the server itself defines, for all flows or for some. */

/** Parameters that every flow takes, whatever it makes. All are optional. */
export interface StandardParams {
  /**
   * Group of the task, 1–255, default 1. A higher group always runs before a lower one, whatever
   * their priorities; lists show one group at a time.
   */
  group_scope?: number;
  /** Place in the queue within the group, 0–15, default 0. Higher runs first. */
  priority?: number;
  /**
   * Makes this task a child of the one that its first file parameter, which must be a reference to an
   * output, points at. Deleting the parent then deletes this task as well.
   */
  child_task?: boolean | 0 | 1;
  /** Where the server posts progress; it adds `/task-progress` to it. Must not hold a query. */
  webhook_url?: string;
  /** Headers for those posts, as an object or as its JSON text. Values must be ASCII. */
  webhook_headers?: Readonly<Record<string, string>> | string;
}

/** Taken by flows whose result depends on chance. */
export interface SeedParam {
  /**
   * Start of the random numbers, an integer; the same seed gives the same result. Left out, the client
   * draws one and reports it as `task.seed`.
   */
  seed?: number;
}

/** Taken by flows that can be run several times in one call. */
export interface CountParam {
  /**
   * How many tasks to create, default 1. Task _n_ (from 0) gets the seed `seed + n`. Above 1,000 the call
   * needs the option `allowLargeCount`.
   */
  count?: number;
}

/** Taken by flows whose texts the server can translate. */
export interface TranslateParam {
  /** Translate the texts to English first, if the server has a translation provider. Default off. */
  translate?: boolean | 0 | 1;
}

/** Taken by flows that have a `prompt` and take `count`. */
export interface SurpriseMeParam {
  /** Let the server's language model write the prompts, with `prompt` as their theme. Default off. */
  surprise_me?: boolean | 0 | 1;
}
