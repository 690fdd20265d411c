/**
 * Creates tasks for a page. Checks its texts before anything is sent, streams its files through, and adds the
 * owner's mark. An invalid form is cut off midway; the server creates nothing from an incomplete form.
 */
import type { CreatedTasks } from "../../generated/tasks.js";
import { randomId } from "../bytes/random-id.js";
import type { FlowShape } from "../flow/parameter.js";
import type { Sending } from "../http/api.js";
import { createTasks } from "../http/endpoints.js";
import { encodeForm } from "../http/multipart.js";
import { bodyOf } from "../http/upload-stream.js";
import { MARKER_HEADER } from "../submit/marker.js";
import { idleLimit, type IdleLimit } from "../time/idle-limit.js";
import { onAbort, REQUEST_TIMEOUT, stopper } from "../time/stop.js";
import { pageBody, type PageBody } from "./body.js";
import { checkFields, type CheckedFields } from "./fields.js";
import { boundaryOf, FormReader } from "./form-reader.js";
import { mayHaveHappened } from "./happened.js";
import { CREATE_HEADER, OWNER_HEADER } from "./ownership.js";
import { Refusal } from "./refusal.js";
import type { Tools } from "./tools.js";

/** Time limit for the texts of a form, in ms. */
const TEXTS_MS = 60_000;

/** Longest time for which the server may neither take bytes nor respond, in ms. */
const SERVER_MS = 120_000;

/** @throws Refusal for anything that the site does not allow */
export async function create(
  tools: Tools,
  request: Request,
  flow: FlowShape,
  owner: string,
  signal: AbortSignal,
): Promise<CreatedTasks> {
  const { api, limits, ownership, quota } = tools;
  const boundary = boundaryOf(request.headers.get("content-type"));
  const body = pageBody(request, limits.bodyBytes, api.clock, signal);
  try {
    const form = new FormReader(body.read, boundary);
    const { texts, firstFile } = await inTime(tools, form.texts(), signal);
    const fields = checkFields(flow, texts, firstFile !== undefined, limits.count);
    for (const { task_id } of fields.references) await ownership.read(task_id, owner, signal);
    const name = ownership.newCreate();
    const places = await quota.take(owner, name, fields.count, signal);
    const sent = { whole: false };
    const onSent = (): void => void (sent.whole = true);
    try {
      const marked = await markedTexts(tools, fields, owner, name);
      const created =
        firstFile === undefined
          ? await sendTexts(tools, flow, marked, onSent, signal)
          : await sendFiles(tools, flow, fields, { body, form, boundary, marked }, onSent, signal);
      ownership.created(created.tasks_ids, { owner, create: name });
      places.keep(created.tasks_ids.length);
      return created;
    } catch (error) {
      if (sent.whole && mayHaveHappened(signal)) places.keep();
      else places.free();
      throw error;
    }
  } finally {
    body.end();
  }
}

/** Texts that trickle in would hold memory for too long. */
async function inTime<T>({ api }: Tools, reading: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = stopper(api.clock, [signal], TEXTS_MS, REQUEST_TIMEOUT);
  try {
    return await new Promise<T>((resolve, reject) => {
      reading.then(resolve, reject);
      onAbort(stop.signal, () =>
        reject(
          signal.aborted
            ? new Refusal(499, "page_left", "The form was cut off.")
            : new Refusal(408, "too_slow", "The form was sent too slowly."),
        ),
      );
    });
  } finally {
    stop.release();
  }
}

type Texts = readonly { readonly name: string; readonly value: string }[];

/** The texts to forward, including those that the site itself sets. */
async function markedTexts(
  { group, webhook }: Tools,
  { texts, clientRef }: CheckedFields,
  owner: string,
  name: string,
): Promise<Texts> {
  const hook = await webhook?.params();
  const headers = {
    ...hook?.webhook_headers,
    ...(clientRef !== undefined && { [MARKER_HEADER]: clientRef }),
    [OWNER_HEADER]: owner,
    [CREATE_HEADER]: name,
  };
  return [
    ...texts.map(([field, value]) => ({ name: field, value })),
    ...(group === 1 ? [] : [{ name: "group_scope", value: String(group) }]),
    ...(hook ? [{ name: "webhook_url", value: hook.webhook_url }] : []),
    { name: "webhook_headers", value: JSON.stringify(headers) },
  ];
}

async function sendTexts(
  { api }: Tools,
  flow: FlowShape,
  texts: Texts,
  onSent: () => void,
  signal: AbortSignal,
): Promise<CreatedTasks> {
  const { type, pieces } = encodeForm(texts, newBoundary());
  const form: Sending = {
    ...{ signal, body: pieces[0], headers: { "content-type": type } },
    via: (url, init, next) => {
      onSent();
      return next(url, init);
    },
  };
  return (await createTasks(api, flow.id, form, { timeoutMs: SERVER_MS })).data;
}

/** A form that is being forwarded. */
interface Passing {
  readonly body: PageBody;
  readonly form: FormReader;
  readonly boundary: string;
  readonly marked: Texts;
}

async function sendFiles(
  { api }: Tools,
  flow: FlowShape,
  { filesToCome, filesNeeded }: CheckedFields,
  { body, form, boundary, marked }: Passing,
  onSent: () => void,
  signal: AbortSignal,
): Promise<CreatedTasks> {
  const head = headOf(marked, boundary);
  const limit = idleLimit(api.clock, signal, SERVER_MS);
  const missing = new Set(filesNeeded);
  let failure: unknown;
  const onFile = (name: string): void => {
    if (!filesToCome.has(name))
      throw new Refusal(422, "bad_parameter", "The form has a file in a field that takes none.");
    missing.delete(name);
  };
  const onEnd = (): void => {
    const [name] = missing;
    if (name !== undefined) throw new Refusal(422, "bad_parameter", `\`${name}\` is required.`);
    onSent();
  };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      limit.restart();
      yield head;
      yield* paused(form.files(onFile, onEnd), limit);
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  const size = body.length === undefined ? undefined : head.length + body.length - form.consumed;
  const sending: Sending = {
    signal: limit.signal,
    duplex: "half",
    // Otherwise Node keeps a copy of the body in case of a redirect.
    redirect: "error",
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      ...(size !== undefined && { "content-length": String(size) }),
    },
    via: (url, init, next, plain) => next(url, { ...init, body: bodyOf(pieces(), size, plain) }),
  };
  try {
    const options = { timeoutMs: Infinity, transfer: true };
    return (await createTasks(api, flow.id, sending, options)).data;
  } catch (error) {
    throw failure ?? error;
  } finally {
    limit.release();
  }
}

/** Time that the page takes does not count against the server. */
async function* paused(
  pieces: AsyncGenerator<Uint8Array>,
  limit: IdleLimit,
): AsyncGenerator<Uint8Array> {
  for (;;) {
    limit.pause();
    const { done, value } = (await pieces.next()) as IteratorResult<Uint8Array, undefined>;
    limit.restart();
    if (done) return;
    yield value;
  }
}

/** The texts of a form whose files follow: without the closing boundary. */
function headOf(texts: Texts, boundary: string): Uint8Array {
  const { pieces } = encodeForm(texts, boundary);
  const whole = pieces[0] as Uint8Array;
  return whole.subarray(0, whole.length - `--${boundary}--\r\n`.length);
}

function newBoundary(): string {
  return `----visionatrix-${randomId()}`;
}
