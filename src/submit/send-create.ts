/** Sends a create request once. */
import type { CreatedTasks } from "../../generated/tasks.js";
import type { FormPart } from "../flow/field.js";
import type { Api } from "../http/api.js";
import { createTasks } from "../http/endpoints.js";
import { encodeForm } from "../http/multipart.js";
import type { Submission } from "./submission.js";

/**
 * Sends a create, leaving time before the deadline to look for tasks if the response is lost.
 * @param signal aborts the request itself
 * @param deadline by the client's clock
 */
export async function sendCreate(
  api: Api,
  { plan, headers, upload, files }: Submission,
  parts: readonly FormPart[],
  signal: AbortSignal,
  deadline: number,
): Promise<CreatedTasks> {
  const { clock } = api;
  const timeoutMs = (deadline - clock.now()) / 2;
  if (files && parts.some(({ value }) => typeof value !== "string")) {
    const sent = await files.send({ clock, parts, state: upload, signal, timeoutMs }, (form) =>
      createTasks(
        api,
        plan.flow,
        { ...form, headers: { ...headers, ...form.headers } },
        // Uploads have their own limit on silence.
        { timeoutMs: Infinity, transfer: true },
      ),
    );
    return sent.data;
  }
  const { type, pieces } = encodeForm(parts);
  const limitMs = Math.min(timeoutMs, api.limitMs());
  const form = { signal, body: pieces[0], headers: { ...headers, "content-type": type } };
  return (await createTasks(api, plan.flow, form, { timeoutMs: limitMs })).data;
}
