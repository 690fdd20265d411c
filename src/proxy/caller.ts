/** Who calls, as the site's own `owner` function says. */
import type { Clock } from "../time/clock.js";
import { inTime } from "../time/in-time.js";
import type { Logger } from "../http/logger.js";
import type { ProxyOptions } from "./options.js";
import { Refusal } from "./refusal.js";

/** Time limit for the site's function, in ms. */
const OWNER_MS = 30_000;

/** Texts that a missing value becomes by mistake; all callers without one would be the same person. */
const NOBODY = /^(?:\s*|undefined|null|NaN|false|\[object .*\])$/;

/**
 * The caller of a request.
 * @throws Refusal 401 when nobody is signed in; 500 when the function fails
 */
export async function callerOf(
  request: Request,
  owner: ProxyOptions["owner"],
  clock: Clock,
  logger: Logger | undefined,
): Promise<string> {
  let answer: { name: unknown } | undefined;
  try {
    const asking = (async () => ({ name: await owner(request) }))();
    answer = await inTime(clock, OWNER_MS, asking);
  } catch (error) {
    logger?.error(`proxy: the option \`owner\` threw ${(error as Error | null)?.name ?? "?"}`);
    throw ownerFailed();
  }
  if (!answer) {
    logger?.error("proxy: the option `owner` did not return in time");
    throw ownerFailed();
  }
  const { name } = answer;
  if (typeof name === "string" && !NOBODY.test(name)) return name;
  if (typeof name === "string" && name !== "")
    logger?.error("proxy: the option `owner` returned a text that names nobody");
  else if (name !== undefined && name !== null && name !== "")
    logger?.error(`proxy: the option \`owner\` returned a ${typeof name} instead of a string`);
  throw new Refusal(401, "no_owner", "Sign in to this site first.");
}

function ownerFailed(): Refusal {
  return new Refusal(500, "owner_failed", "This site could not identify the caller.");
}
