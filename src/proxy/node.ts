/** The proxy for Node's own `http` and frameworks built on it. */
import { asBytes, letGo, streamOf } from "../bytes/streams.js";
import type { Clock } from "../time/clock.js";
import { noSuchEndpoint, Refusal } from "./refusal.js";

/** The part of Node's `IncomingMessage` that is used. */
export interface ProxyNodeRequest extends AsyncIterable<unknown> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express and Connect keep the original address here, before they strip the mount path. */
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly complete?: boolean;
  readonly readableEnded?: boolean;
  /** As in Node. */
  iterator?(options: { destroyOnReturn: boolean }): AsyncIterable<unknown>;
  /** As in Node. */
  resume?(): unknown;
  /** As in Node. */
  destroy?(): unknown;
  /** As in Node. */
  once(event: string, listener: () => void): unknown;
}

/** The part of Node's `ServerResponse` that is used. */
export interface ProxyNodeResponse {
  readonly writableFinished?: boolean;
  readonly destroyed?: boolean;
  /** As in Node. */
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** As in Node. */
  write(piece: Uint8Array): boolean;
  /** As in Node. */
  end(): unknown;
  /** As in Node. */
  destroy?(): unknown;
  /** As in Node. */
  once(event: string, listener: () => void): unknown;
  /** As in Node. */
  removeListener(event: string, listener: () => void): unknown;
}

/** How long the rest of a refused form is read, so that the page receives the refusal, in ms. */
const DRAIN_MS = 5000;

/** Answers a request; `target` is its path and query, unmodified. */
export type AnswerRequest = (request: Request, target: string) => Promise<Response>;

/** @param refuse answers and logs a problem found before there is a `Request` */
export function nodeHandler(
  answer: AnswerRequest,
  refuse: (refusal: Refusal) => Response,
  clock: Clock,
): (request: ProxyNodeRequest, response: ProxyNodeResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const left = new AbortController();
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) left.abort();
    });
    const target = incoming.originalUrl ?? incoming.url ?? "";
    let response: Response;
    try {
      response = await answer(requestOf(incoming, target, left.signal), target);
    } catch (error) {
      // If no `Request` can be made of it, it names no endpoint.
      response = refuse(error instanceof Refusal ? error : noSuchEndpoint());
    }
    await send(response, incoming, outgoing, clock);
  };
}

/** @throws TypeError for methods and addresses that the platform rejects */
function requestOf(incoming: ProxyNodeRequest, target: string, signal: AbortSignal): Request {
  const { method = "GET", headers } = incoming;
  const given = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !name.startsWith(":"))
      given.set(name, Array.isArray(value) ? value.join(", ") : value);
  const hasBody = method === "PUT";
  if (hasBody && incoming.readableEnded && given.get("content-length") !== "0")
    throw new Refusal(
      500,
      "failed",
      "The form was already read: this site must mount the proxy before its body parser.",
    );
  return new Request(`http://${given.get("host") ?? "localhost"}${target}`, {
    method,
    headers: given,
    signal,
    ...(hasBody && { body: streamOf(bytesOf(incoming)), duplex: "half" }),
  });
}

async function* bytesOf(incoming: ProxyNodeRequest): AsyncGenerator<Uint8Array> {
  // The response needs the connection, even if the body was not read in full.
  const pieces = incoming.iterator?.({ destroyOnReturn: false }) ?? incoming;
  for await (const piece of pieces) yield asBytes(piece) ?? new TextEncoder().encode(String(piece));
}

async function send(
  { status, headers, body }: Response,
  incoming: ProxyNodeRequest,
  outgoing: ProxyNodeResponse,
  clock: Clock,
): Promise<void> {
  if (hasLeft(outgoing)) {
    if (body) letGo(() => body.cancel());
    return;
  }
  outgoing.writeHead(status, Object.fromEntries(headers));
  const reader = body?.getReader();
  // When the page disconnects, stop the work behind it.
  outgoing.once("close", () => reader && letGo(() => reader.cancel()));
  try {
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done || hasLeft(outgoing)) break;
      if (!outgoing.write(piece.value)) await drained(outgoing);
    }
  } catch {
    // A truncated file must not look complete.
    outgoing.destroy?.();
    return;
  }
  if (incoming.complete === false && !hasLeft(outgoing)) await takeIn(incoming, clock);
  outgoing.end();
}

function hasLeft({ destroyed }: ProxyNodeResponse): boolean {
  return destroyed === true;
}

function drained(outgoing: ProxyNodeResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      outgoing.removeListener("drain", go);
      outgoing.removeListener("close", go);
      resolve();
    };
    outgoing.once("drain", go);
    outgoing.once("close", go);
  });
}

/** Reads what a page still sends: most clients read a response only after sending everything. */
function takeIn(incoming: ProxyNodeRequest, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(
      DRAIN_MS,
      () => {
        resolve();
        incoming.destroy?.();
      },
      true,
    );
    const end = (): void => {
      cancel();
      resolve();
    };
    incoming.once("end", end);
    incoming.once("close", end);
    incoming.resume?.();
  });
}
