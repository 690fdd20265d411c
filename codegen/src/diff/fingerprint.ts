/** Fingerprints of changes, by which reviewers accept them. */
import { sha256 } from "../write/manifest.js";
import type { Change } from "./change.js";

/** Short enough to type, long enough that two changes never share one by chance. */
const DIGITS = 16;

/** The fingerprint of a change. It depends on what changed, not on the message. */
export function fingerprintOf({
  rule,
  flows,
  parameter,
  before,
  after,
}: Pick<Change, "rule" | "flows" | "parameter" | "before" | "after">): string {
  return sha256(JSON.stringify([rule, flows, parameter, before, after])).slice(0, DIGITS);
}
