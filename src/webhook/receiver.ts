/**
 * Receives the server's progress calls. They are only hints: the server does not authenticate them, retry
 * them, or keep them in order. So a call only makes the client poll the task sooner.
 */
import { VisionatrixError } from "../errors/errors.js";
import { checkMembers, invalidOption, text, type OptionRule } from "../errors/option-rules.js";
import type { Logger } from "../http/logger.js";
import { BoundedMap } from "../tasks/known-tasks.js";
import type { TaskState } from "../tasks/task-state.js";
import { systemClock } from "../time/clock.js";
import { bodyOfNode, bodyOfRequest, type Body } from "./body.js";
import { isNews, reportOf, type WebhookReport } from "./report.js";
import { createTokens } from "./token.js";

/** The part of a client that a receiver uses. */
export interface WebhookClient {
  /** Polls a task now. */
  wake(taskId: number): void;
  /** The tasks that something waits for. */
  watched?(): readonly { readonly state: TaskState; readonly percent: number }[];
  readonly logger?: Logger | undefined;
}

/** Options of `createWebhookReceiver`. */
export interface WebhookOptions {
  /** The client that waits for the tasks. */
  client: WebhookClient;
  /** Address at which the server reaches the receiver, without a query. The server appends `/task-progress`. */
  url: string;
  /**
   * A secret of this program, at least 16 characters. Runs get tokens derived from it, never the secret
   * itself.
   */
  secret: string;
}

/** Answers the progress calls of the server. */
export interface WebhookReceiver {
  /**
   * Answers a call with 204, or with 400, 401, 405 or 413 and the reason if it is invalid. Mount it at
   * `address`, or at a prefix of it.
   */
  (request: Request): Promise<Response>;
  /** The address that the server calls: `url` with `/task-progress`. */
  readonly address: string;
  /** The parameters that make a run report here, with its own token. */
  params(): Promise<{ webhook_url: string; webhook_headers: Record<string, string> }>;
  /** The same for `http.createServer`, Express, Nest, and Fastify, before or after a body parser. */
  node(request: NodeRequest, response: NodeResponse): Promise<void>;
}

/** The part of Node's `IncomingMessage` that is used. */
export interface NodeRequest extends AsyncIterable<unknown> {
  method?: string | undefined;
  headers: Record<string, string | string[] | undefined>;
  readonly readableEnded?: boolean;
}

/** The part of Node's `ServerResponse` that is used. */
export interface NodeResponse {
  writeHead(status: number, headers?: Record<string, string>): unknown;
  end(text?: string): unknown;
}

const TOKEN_HEADER = "x-vix-token";

const RULES: Readonly<Record<keyof WebhookOptions, OptionRule>> = {
  client: ["a client", (value: unknown) => typeof value === "object" && value !== null],
  url: text,
  secret: text,
};

/** Interval of the check that calls arrive, in ms. */
const SILENCE_MS = 30_000;

/** The response to a call. */
interface Reply {
  readonly status: number;
  readonly reason?: string;
}

/**
 * Creates a receiver for webhooks.
 * @throws VisionatrixError `invalid_option` that names the option
 */
export function createWebhookReceiver(options: WebhookOptions): WebhookReceiver {
  checkMembers(Object(options) as object, RULES, "");
  const { client, url, secret } = Object(options) as WebhookOptions;
  if (typeof (client as WebhookClient | undefined)?.wake !== "function")
    throw invalidOption("`client` must be a client from createClient");
  if (!/^https?:\/\/[^/?#][^?#]*$/.test(url))
    throw invalidOption(
      "`url` must be an http(s) address without a query, as the server appends a path to it",
    );
  if (typeof secret !== "string" || secret.length < 16)
    throw new VisionatrixError(
      "invalid_option",
      "The secret of a webhook receiver must have at least 16 characters.",
    );
  const tokens = createTokens(secret);
  const address = `${url.replace(/\/$/, "")}/task-progress`;
  const latest = new BoundedMap<number, WebhookReport>();
  let heard = false;
  let listening = false;

  async function reply(method: string, token: string, read: () => Promise<Body>): Promise<Reply> {
    if (method !== "POST") return { status: 405, reason: "A webhook is a POST request." };
    if (!(await tokens.isOurs(token)))
      return { status: 401, reason: "The request has no token of this receiver." };
    heard = true;
    const body = await read();
    if ("reason" in body) return body;
    const report = reportOf(body.content);
    if (!report) return { status: 400, reason: "The body is not a task report." };
    if (!isNews(report, latest.get(report.task_id))) return { status: 204 };
    latest.set(report.task_id, report);
    client.wake(report.task_id);
    return { status: 204 };
  }

  /** Warns once if no call arrives while a task runs: usually the address is wrong. */
  function listen(busyBefore: boolean): void {
    listening = true;
    systemClock.after(
      SILENCE_MS,
      () => {
        const busy = client
          .watched?.()
          .some(({ state, percent }) => state === "running" && percent > 0);
        if (heard || busy === undefined) return;
        if (busy && busyBefore)
          client.logger?.warn(
            `no webhook arrived although a task is running: can the server reach POST ${address}, and is the receiver mounted there?`,
          );
        else listen(busy);
      },
      true,
    );
  }

  const receive = async (request: Request): Promise<Response> => {
    const token = request.headers.get(TOKEN_HEADER) ?? "";
    const { status, reason } = await reply(request.method, token, () => bodyOfRequest(request));
    return new Response(reason ?? null, { status });
  };

  return Object.assign(receive, {
    address,
    async params() {
      if (!listening) listen(false);
      return { webhook_url: url, webhook_headers: { [TOKEN_HEADER]: await tokens.make() } };
    },
    async node(request: NodeRequest, response: NodeResponse) {
      const { [TOKEN_HEADER]: token } = request.headers;
      const { status, reason } = await reply(request.method ?? "", String(token), () =>
        bodyOfNode(request),
      );
      response.writeHead(status, reason === undefined ? {} : { "content-type": "text/plain" });
      response.end(reason);
    },
  });
}
