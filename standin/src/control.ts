/** The control path: `startStandin`'s methods over HTTP. Off by default. */
import type { IncomingMessage } from "node:http";
import type { Fault } from "./faults/fault.js";
import { FaultError } from "./faults/script.js";
import type { ControlHandler } from "./http/exchange.js";
import { HttpError } from "./http/errors.js";
import { readBody } from "./http/multipart.js";
import { jsonOf, noContent, type Reply, replyToError } from "./http/reply.js";
import type { RequestRecord } from "./http/record.js";
import type { Standin } from "./standin.js";
import { setImmediate } from "./timers.js";

type Action = (standin: Standin, body: unknown) => Reply | Promise<Reply>;

function showRequest(record: RequestRecord): Record<string, unknown> {
  return { ...record, body: record.body?.toString("base64") };
}

function numberFrom(body: unknown, key: string): number | undefined {
  const value = (body as Record<string, unknown> | undefined)?.[key];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !(value >= 0)) {
    throw new HttpError(400, `"${key}" must be a number of 0 or more`);
  }
  return value;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  "GET /requests": (standin) => jsonOf(standin.requests.map(showRequest)),
  "DELETE /requests": (standin) => {
    standin.clearRequests();
    return noContent();
  },
  "GET /webhooks": (standin) => jsonOf(standin.webhooks),
  "GET /faults": (standin) => jsonOf(standin.faults),
  "POST /faults": (standin, body) => {
    standin.addFaults(...((Array.isArray(body) ? body : [body]) as Fault[]));
    return noContent();
  },
  "DELETE /faults": (standin) => {
    standin.clearFaults();
    return noContent();
  },
  "POST /clock/advance": async (standin, body) => {
    await standin.clock.advance(numberFrom(body, "ms") ?? 0);
    return noContent();
  },
  "POST /connections/drop": (standin) => {
    // After the response, which uses one of these connections.
    setImmediate(() => standin.dropConnections());
    return noContent();
  },
  "POST /reset": async (standin) => {
    await standin.reset();
    return noContent();
  },
  "POST /restart": (standin, body) => {
    const downMs = numberFrom(body, "downMs") ?? 0;
    const release = (body as { release?: unknown } | undefined)?.release === true;
    setImmediate(() => void standin.restart({ downMs, release }));
    return noContent();
  },
};

async function readJson(req: IncomingMessage): Promise<unknown> {
  const text = (await readBody(req)).toString("utf8");
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, "the body is not JSON");
  }
}

async function act(standin: Standin, req: IncomingMessage, path: string): Promise<Reply> {
  const action = ACTIONS[`${req.method ?? "GET"} ${path}`];
  if (action === undefined) {
    const known = Object.keys(ACTIONS).join(", ");
    throw new HttpError(404, `unknown control; known: ${known}`);
  }
  return await action(standin, await readJson(req));
}

/** @param standin called for each request, because the stand-in is created after this handler */
export function controlHandler(prefix: string, standin: () => Standin): ControlHandler {
  return {
    prefix,
    handle: async (req, path) => {
      try {
        return await act(standin(), req, path);
      } catch (error) {
        if (error instanceof FaultError) return jsonOf({ detail: error.message }, 400);
        if (error instanceof HttpError) return replyToError(error);
        return jsonOf({ detail: error instanceof Error ? error.message : String(error) }, 400);
      }
    },
  };
}
