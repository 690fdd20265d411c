/** One request from its head to its end: fault, CORS, authentication, route, handler, answer. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { App } from "../app.js";
import type { StoredBlob } from "../blobs.js";
import type { Clock } from "../clock.js";
import type { FaultTime, RequestFault } from "../faults/fault.js";
import type { User } from "../users.js";
import type { Cors } from "./cors.js";
import { ClientGone, HttpError } from "./errors.js";
import type { RequestLog, RequestRecord } from "./record.js";
import { maskHeaders } from "./record.js";
import { bare, bare500, notAuthenticated, type Reply, replyToError } from "./reply.js";
import { methodNotAllowed, notFound, type Router } from "./route.js";
import { drip, sendReply, spoil } from "./send.js";
import { endpointOf, flowOf, parseTarget, type Target, taskOf } from "./target.js";

/** What an exchange works with. */
export interface ExchangeParts {
  readonly app: App;
  readonly router: Router;
  readonly cors: Cors;
  readonly log: RequestLog;
  /** How much of each body the log keeps; 0 for nothing. */
  readonly recordBodies: number;
  readonly connection: Connection;
  /** Requests for this path prefix are the stand-in's own business; undefined when it has none. */
  readonly control: ControlHandler | undefined;
  restart(fault: { downMs?: number; release?: boolean }): void;
}

/** One TCP connection. */
export interface Connection {
  /** Counted from 1. */
  readonly id: number;
  /** Bytes that earlier requests took from it. */
  bytesUsed: number;
  /** Requests on it that are not over. */
  open: number;
}

export interface ControlHandler {
  readonly prefix: string;
  handle(req: IncomingMessage, path: string): Promise<Reply>;
}

/** What the real server passes on to ComfyUI; the stand-in has none behind it. */
const COMFY_PATHS = /^\/(?:comfy|scripts|kjweb_async|ollama)/i;

/** When the work is done, seen from a fault. */
function timeOf(fault: RequestFault | undefined): FaultTime {
  if (fault === undefined) return "after";
  switch (fault.do) {
    case "reset-after-accept":
    case "slow":
    case "slow-read":
    case "cut":
    case "no-media-type":
    case "shuffle-outputs":
    case "hide":
    case "poison":
    case "drop-connection":
      return "after";
    case "refuse":
    case "reset-before-body":
    case "reset-during-body":
    case "reset-after-body":
    case "deliver-late":
    case "restart-server":
      return "before";
    default:
      return fault.when ?? "before";
  }
}

/** Reads until `count` bytes have come, or the body ends, or the client goes. */
function readUpTo(body: Readable, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    body.on("data", (chunk: Buffer) => {
      seen += chunk.length;
      if (seen >= count) resolve();
    });
    body.once("close", resolve);
  });
}

const SLOW_READ_BYTES_PER_SECOND = 10_000;

/** The body as it is, or at the pace that a fault sets. */
function slowed(body: Readable, fault: RequestFault | undefined, clock: Clock): Readable {
  if (fault?.do !== "slow-read") return body;
  const pace = fault.bytesPerSecond ?? SLOW_READ_BYTES_PER_SECOND;
  return Readable.from(drip(body, pace, clock), { objectMode: false, highWaterMark: 1 });
}

export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  /** Kept, since a request that is over forgets its socket. */
  readonly #socket: Socket;
  readonly #record: RequestRecord;
  readonly #target: Target;
  readonly #connection: Connection;

  constructor(parts: ExchangeParts, req: IncomingMessage, res: ServerResponse) {
    this.#parts = parts;
    this.#req = req;
    this.#res = res;
    this.#socket = req.socket;
    this.#connection = parts.connection;
    this.#target = parseTarget(req.url ?? "/", req.method ?? "GET", parts.router);
    this.#record = {
      id: parts.log.nextId(),
      at: parts.app.clock.now(),
      method: req.method ?? "GET",
      url: req.url ?? "/",
      endpoint: endpointOf(this.#target),
      connection: this.#connection.id,
      headers: maskHeaders(req.headers),
      user: undefined,
      status: undefined,
      fate: "open",
      fault: undefined,
      taskIds: [],
      note: undefined,
      bytesIn: 0,
      bytesOut: 0,
      body: undefined,
    };
  }

  async run(): Promise<void> {
    const { control } = this.#parts;
    if (control !== undefined && this.#target.path.startsWith(`${control.prefix}/`)) {
      const path = this.#target.path.slice(control.prefix.length);
      await this.#send(await control.handle(this.#req, path), undefined);
      return;
    }
    this.#parts.log.add(this.#record);
    this.#connection.open += 1;
    this.#res.once("close", () => (this.#connection.open -= 1));
    const fault = this.#parts.app.faults.requestFault({
      endpoint: endpointOf(this.#target),
      flow: flowOf(this.#target),
      task: taskOf(this.#target),
    });
    this.#record.fault = fault?.do;
    const body = slowed(this.#openBody(), fault, this.#parts.app.clock);
    // A request that goes away early is not an error of the stand-in.
    this.#req.on("error", () => this.#ended("client-gone"));
    this.#res.on("close", () =>
      this.#ended(this.#res.writableFinished ? "answered" : "client-gone"),
    );

    if (fault !== undefined && timeOf(fault) === "before") {
      await this.#strikeBefore(fault, body);
      return;
    }
    const reply = await this.#work(body, fault);
    if (reply === undefined) return;
    await this.#takeTime(reply, fault);
    await this.#strikeAfter(fault, reply);
  }

  /** Waits as long as a slow server would. */
  async #takeTime(reply: Reply, fault: RequestFault | undefined): Promise<void> {
    const factor = fault?.do === "slow" ? fault.factor : undefined;
    const ms = this.#parts.app.slowness.delayOf(reply.listed, factor);
    if (ms > 0) await this.#pause(ms);
  }

  /** The fault comes first, and no work is done. */
  async #strikeBefore(fault: RequestFault, body: Readable): Promise<void> {
    if (fault.do === "refuse" || fault.do === "reset-before-body") {
      this.#reset();
      return;
    }
    if (fault.do === "delay") {
      await this.#pause(fault.ms);
      const reply = await this.#work(body, fault);
      if (reply !== undefined) await this.#send(reply, undefined);
      return;
    }
    if (fault.do === "deliver-late") {
      await this.#deliverLate(fault, body);
      return;
    }
    if (fault.do === "reset-during-body") {
      await readUpTo(body, fault.at ?? 1);
      this.#reset();
      return;
    }
    if (!(await this.#drain(body))) return;
    if (fault.do === "restart-server") {
      this.#ended("reset");
      this.#parts.restart(fault);
      return;
    }
    await this.#strikeAfter(fault, undefined);
  }

  /** Lets go of the client, and does what it asked when nobody waits for it any more. */
  async #deliverLate(
    fault: Extract<RequestFault, { do: "deliver-late" }>,
    body: Readable,
  ): Promise<void> {
    const { blobs, clock } = this.#parts.app;
    let kept: StoredBlob;
    try {
      kept = await blobs.receive(body);
    } catch {
      this.#ended("client-gone");
      return;
    }
    this.#reset();
    const deliver = async (): Promise<void> => {
      const reply = await this.#work(blobs.stream(kept), fault);
      blobs.release(kept);
      this.#record.status = reply?.status;
    };
    clock.after(fault.afterMs, () => clock.track(deliver()));
  }

  /** Sends the answer, or what the fault makes of it. */
  async #strikeAfter(fault: RequestFault | undefined, reply: Reply | undefined): Promise<void> {
    if (fault?.do === "reset-after-body" || fault?.do === "reset-after-accept") {
      this.#reset();
      return;
    }
    if (fault?.do === "hang") {
      this.#ended("hung");
      return;
    }
    if (fault?.do === "delay") await this.#pause(fault.ms);
    await this.#send(spoil(reply, fault) ?? bare500(), fault);
  }

  /** Everything between head and answer; undefined if nobody is there to be answered. */
  async #work(body: Readable, fault: RequestFault | undefined): Promise<Reply | undefined> {
    try {
      return await this.#handle(body, fault);
    } catch (error) {
      if (error instanceof ClientGone) {
        this.#ended("client-gone");
        return undefined;
      }
      return replyToError(error);
    }
  }

  async #handle(body: Readable, fault: RequestFault | undefined): Promise<Reply> {
    const { app, cors } = this.#parts;
    const preflight = cors.preflight(this.#req);
    if (preflight !== undefined) return preflight;

    const user = app.users.identify(this.#req.headers.authorization);
    if (user === "broken") return bare500("undecodable credentials");
    if (user === "refused") return notAuthenticated();
    this.#record.user = user.id;

    const { route, params, path, query } = this.#target;
    if (route === undefined) return this.#withoutRoute(user);
    if (route.admin === true && !user.admin) throw new HttpError(401, "Admin privilege required");
    return await route.handle({
      app,
      req: this.#req,
      path,
      query,
      params,
      user: user satisfies User,
      body,
      fault,
      noteTasks: (ids) => {
        this.#record.taskIds = ids;
      },
      loseAnswer: () => this.#reset(),
      pause: (ms) => this.#pause(ms),
    });
  }

  #withoutRoute(user: User): Reply {
    const { path, allow } = this.#target;
    if (COMFY_PATHS.test(path) && !user.admin) {
      return bare("Only admins allow to access ComfyUI", 403);
    }
    if (allow !== undefined) throw methodNotAllowed(allow);
    if (path.length > 1 && path.endsWith("/") && this.#parts.router.has(path.slice(0, -1))) {
      const url = this.#req.url ?? "";
      const mark = url.indexOf("?");
      const raw = mark === -1 ? url : url.slice(0, mark);
      const query = mark === -1 ? "" : url.slice(mark);
      const location = `http://${this.#req.headers.host ?? ""}${raw.replace(/\/+$/, "")}${query}`;
      return { status: 307, headers: { location }, body: Buffer.alloc(0) };
    }
    throw notFound();
  }

  async #send(reply: Reply, fault: RequestFault | undefined): Promise<void> {
    const { app, cors } = this.#parts;
    if (this.#res.destroyed || this.#res.writableEnded) return;
    this.#record.status = reply.status;
    this.#record.note ??= reply.note;
    const extra = reply.withoutCors === true ? {} : cors.headersFor(this.#req.headers);
    const sent = await sendReply(
      this.#res,
      { ...reply, headers: { ...reply.headers, ...extra } },
      {
        fault,
        method: this.#record.method,
        clock: app.clock,
      },
    );
    this.#record.bytesOut = sent.bytes;
    if (sent.cut) this.#ended("cut");
    // Whatever of the body was not wanted still has to be taken off the connection.
    if (!this.#req.readableEnded) this.#req.resume();
  }

  #openBody(): Readable {
    const keep = this.#parts.recordBodies;
    if (keep === 0) return this.#req;
    const kept: Buffer[] = [];
    let size = 0;
    const copy = new PassThrough();
    this.#req.on("data", (chunk: Buffer) => {
      if (size < keep) kept.push(chunk.subarray(0, keep - size));
      size += chunk.length;
      this.#record.body = Buffer.concat(kept);
    });
    this.#req.on("error", (error) => copy.destroy(error));
    return this.#req.pipe(copy);
  }

  /** Reads the body to its end. @returns false if the client went away */
  async #drain(body: Readable): Promise<boolean> {
    try {
      await finished(body.resume());
      return true;
    } catch {
      this.#ended("client-gone");
      return false;
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.app.clock.after(ms, resolve));
  }

  #reset(): void {
    this.#ended("reset");
    this.#socket.resetAndDestroy();
  }

  #ended(fate: RequestRecord["fate"]): void {
    if (this.#record.fate !== "open") return;
    this.#record.fate = fate;
    const { bytesRead } = this.#socket;
    this.#record.bytesIn = bytesRead - this.#connection.bytesUsed;
    this.#connection.bytesUsed = bytesRead;
  }
}
