/** The dependencies of a proxy's actions. */
import type { Api } from "../http/api.js";
import type { FlowList } from "./flow-list.js";
import type { Limits, SiteWebhook } from "./options.js";
import type { Ownership } from "./ownership.js";
import type { Quota } from "./quota.js";

export interface Tools {
  readonly api: Api;
  readonly flows: FlowList;
  readonly ownership: Ownership;
  readonly quota: Quota;
  readonly limits: Required<Omit<Limits, "rate">>;
  readonly group: number;
  readonly webhook: SiteWebhook | undefined;
}
