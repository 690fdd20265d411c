/** Streams a result file from the server, as fast as the page reads it. */
import { streamOf } from "../bytes/streams.js";
import type { Answer } from "../http/answer.js";
import { openResult } from "../http/endpoints.js";
import { idleLimit } from "../time/idle-limit.js";
import { rangeHeaders, resultHeaders } from "./result-headers.js";
import type { Route } from "./routes.js";
import type { Tools } from "./tools.js";

/** Longest silence of the server before it is given up, in ms. */
const SERVER_MS = 120_000;

export async function result(
  { api, ownership }: Tools,
  { id, node, index }: Extract<Route, { action: "result" }>,
  request: Request,
  owner: string,
  signal: AbortSignal,
): Promise<Response> {
  const headers = rangeHeaders(request.headers);
  await ownership.read(id, owner, signal);
  const limit = idleLimit(api.clock, signal, SERVER_MS);
  let answer: Answer;
  try {
    const query = { task_id: id, node_id: node, batch_index: index };
    answer = await openResult(api, query, limit.signal, headers);
  } catch (error) {
    limit.release();
    throw error;
  }
  const reader = answer.reader(limit.signal);
  const end = (): void => {
    limit.release();
    reader.cancel();
  };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        limit.restart();
        const piece = await reader.read();
        // The page's own pace does not count.
        limit.pause();
        if (!piece) return;
        yield piece;
      }
    } finally {
      end();
    }
  }
  limit.pause();
  return new Response(streamOf(pieces(), end), {
    status: answer.status,
    headers: resultHeaders(answer.headers),
  });
}
