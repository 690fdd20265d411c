/**
 * Receives the server's progress calls. They are hints: the server proves nothing, retries nothing and
 * keeps no order, so a call only has the client look at the task sooner than it would have.
 */
import type { Client } from "./client.js";
import { VisionatrixError } from "./errors.js";
import { remember } from "./known-tasks.js";

export interface WebhookOptions {
  /** The client that waits for the tasks. */
  client: Pick<Client, "wake">;
  /** Address under which the server reaches the receiver; no query. It appends `/task-progress`. */
  url: string;
  /** Known to this program alone; at least 16 characters. Runs get tokens made from it, never itself. */
  secret: string;
}

/** What a call says of a task. */
export interface WebhookReport {
  readonly task_id: number;
  /** 0–100. */
  readonly progress: number;
  /** In seconds. */
  readonly execution_time: number;
  /** Empty while there is none. */
  readonly error: string;
}

export interface WebhookReceiver {
  /** Answers a call: 204, or 401, 400, 405 or 413 for what is none. Mount it at `url`. */
  (request: Request): Promise<Response>;
  /** The parameters that make a run report here, with a token of its own. */
  params(): Promise<{ webhook_url: string; webhook_headers: Record<string, string> }>;
  /** The same for `http.createServer`. */
  node(request: NodeRequest, response: NodeResponse): Promise<void>;
}

/** The part of Node's `IncomingMessage` that is used. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  method?: string | undefined;
  headers: Record<string, string | string[] | undefined>;
}

/** The part of Node's `ServerResponse` that is used. */
export interface NodeResponse {
  writeHead(status: number): unknown;
  end(text?: string): unknown;
}

const TOKEN_HEADER = "x-vix-token";

/** A report is some 100 bytes; error texts can be long. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Makes a receiver for webhooks.
 * @throws VisionatrixError `invalid_option` for a short secret
 */
export function createWebhookReceiver({ client, url, secret }: WebhookOptions): WebhookReceiver {
  if (secret.length < 16)
    throw new VisionatrixError(
      "invalid_option",
      "The secret of a webhook receiver must have at least 16 characters.",
    );
  const encoder = new TextEncoder();
  const key = crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
  const latest = new Map<number, WebhookReport>();

  /** Whether a token is one of ours; takes the same time wherever it differs. */
  async function isOurs(token: string): Promise<boolean> {
    const [nonce = "", signature = ""] = token.split(".");
    if (!/^[0-9a-f]{64}$/.test(signature)) return false;
    return crypto.subtle.verify("HMAC", await key, fromHex(signature), encoder.encode(nonce));
  }

  async function answer(
    method: string,
    token: string,
    read: () => Promise<string | undefined>,
  ): Promise<number> {
    if (method !== "POST") return 405;
    if (!(await isOurs(token))) return 401;
    // A caller that breaks off has said nothing.
    const body = await read().catch(() => "");
    if (body === undefined) return 413;
    const report = reportOf(body);
    if (!report) return 400;
    const before = latest.get(report.task_id);
    if (!isNews(report, before)) return 204;
    remember(latest, report.task_id, report);
    client.wake(report.task_id);
    return 204;
  }

  const receive = async (request: Request): Promise<Response> => {
    const status = await answer(request.method, request.headers.get(TOKEN_HEADER) ?? "", () =>
      readText((request.body ?? []) as unknown as AsyncIterable<Uint8Array>),
    );
    return new Response(null, { status });
  };

  return Object.assign(receive, {
    async params() {
      const nonce = crypto.randomUUID();
      const signature = await crypto.subtle.sign("HMAC", await key, encoder.encode(nonce));
      return {
        webhook_url: url,
        webhook_headers: { [TOKEN_HEADER]: `${nonce}.${toHex(new Uint8Array(signature))}` },
      };
    },
    async node(request: NodeRequest, response: NodeResponse) {
      const { [TOKEN_HEADER]: token } = request.headers;
      const status = await answer(request.method ?? "", String(token), () => readText(request));
      response.writeHead(status);
      response.end();
    },
  });
}

/**
 * Whether a report says something that an earlier one did not. Reports overtake each other; time on the
 * task tells which is newer, and starts again from 0 when the task does.
 */
export function isNews(report: WebhookReport, before: WebhookReport | undefined): boolean {
  if (!before || report.error !== before.error) return true;
  if (report.progress === 100) return before.progress !== 100;
  return report.execution_time > before.execution_time || report.execution_time === 0;
}

/** A report, if the body is one. */
export function reportOf(body: string): WebhookReport | undefined {
  try {
    const report = JSON.parse(body) as WebhookReport;
    const { task_id, progress, execution_time, error } = report;
    return Number.isSafeInteger(task_id) &&
      typeof progress === "number" &&
      typeof execution_time === "number" &&
      typeof error === "string"
      ? report
      : undefined;
  } catch {
    return undefined;
  }
}

/** The body as text; undefined when it is longer than any report. */
async function readText(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
