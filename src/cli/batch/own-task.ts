/** Whether a task on the server is the batch's own. */
import type { Client } from "../../index.js";
import { MARKER_HEADER } from "../../submit/marker.js";
import { codeOf } from "../exit.js";
import type { MarkedTask } from "./ledger.js";

/**
 * Reads a task of an earlier process. Its id alone proves nothing: the server may have been reset, or be
 * another one.
 */
export async function isOwnTask(
  client: Client,
  { id, marker }: MarkedTask,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const { webhook_headers } = await client.task(id).details({ ...(signal && { signal }) });
    return webhook_headers?.[MARKER_HEADER] === marker;
  } catch (error) {
    if (codeOf(error) === "task_not_found") return false;
    throw error;
  }
}
