/** Bodies of webhook calls, including those that the framework's parser has already read. */

/** A report has about 100 bytes; error texts can be long. */
const MAX_BODY_BYTES = 256 * 1024;

/** A parsed body, or the status and reason why it cannot be read. */
export type Body =
  { readonly content: unknown } | { readonly status: 400 | 413; readonly reason: string };

/** Where frameworks put a parsed body. */
interface ParsedRequest {
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

const TOO_LONG: Body = { status: 413, reason: "The body is too long for a report." };

const GONE: Body = {
  status: 400,
  reason:
    "The body was already read and is not in request.body: mount the receiver before the body parser, or let the parser keep it.",
};

/** The body of a call to `http.createServer`, Express, Nest or Fastify. */
export async function bodyOfNode(
  request: AsyncIterable<unknown> & { readonly readableEnded?: boolean },
): Promise<Body> {
  const { body, rawBody } = request as ParsedRequest;
  const parsed = rawBody ?? body;
  if (parsed !== undefined && parsed !== null && !isStreamLike(parsed) && !isEmpty(parsed))
    return contentOf(parsed);
  return request.readableEnded ? GONE : readAll(request);
}

/** The body of a `Request`. */
export async function bodyOfRequest(request: Request): Promise<Body> {
  if (request.bodyUsed) return GONE;
  return readAll((request.body ?? []) as unknown as AsyncIterable<unknown>);
}

/** Express 4 leaves an empty object if no parser took the request: the body is still unread. */
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function isStreamLike(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("getReader" in value || "pipe" in value);
}

/** What a parser left: an object, a text, or bytes. */
function contentOf(parsed: unknown): Body {
  if (!ArrayBuffer.isView(parsed)) return { content: parsed };
  if (parsed.byteLength > MAX_BODY_BYTES) return TOO_LONG;
  return { content: new TextDecoder().decode(parsed) };
}

async function readAll(pieces: AsyncIterable<unknown>): Promise<Body> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of pieces) {
      // With setEncoding(), Node emits strings.
      text +=
        typeof piece === "string" ? piece : decoder.decode(piece as Uint8Array, { stream: true });
      if (text.length > MAX_BODY_BYTES) return TOO_LONG;
    }
  } catch {
    return { status: 400, reason: "The request was cut off." };
  }
  return { content: text };
}
