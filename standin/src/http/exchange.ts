/** One request from its head to its end: the fault that strikes it, the work, the response. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { App } from "../app.js";
import type { StoredBlob } from "../blobs.js";
import type { FaultTime, RequestFault } from "../faults/fault.js";
import { drain, openBody, readUpTo, slowed } from "./body.js";
import type { Cors } from "./cors.js";
import { dispatch } from "./dispatch.js";
import { ClientGone } from "./errors.js";
import type { RequestLog, RequestRecord } from "./record.js";
import { maskHeaders } from "./record.js";
import { bare500, type Reply, replyToError } from "./reply.js";
import type { Router } from "./route.js";
import { sendReply, spoil } from "./send.js";
import { endpointOf, flowOf, parseTarget, type Target, taskOf } from "./target.js";

/** Parts that an exchange uses. */
export interface ExchangeParts {
  readonly app: App;
  readonly router: Router;
  readonly cors: Cors;
  readonly log: RequestLog;
  /** Bytes of each body that the log keeps; 0 for none. */
  readonly recordBodies: number;
  readonly connection: Connection;
  /** Handles the control path; undefined if it is off. */
  readonly control: ControlHandler | undefined;
  restart(fault: { downMs?: number; release?: boolean }): void;
  shutDown(): void;
}

/** One TCP connection. */
export interface Connection {
  /** Counted from 1. */
  readonly id: number;
  /** Bytes that earlier requests took from it. */
  bytesUsed: number;
  /** Unfinished requests on it. */
  open: number;
}

export interface ControlHandler {
  readonly prefix: string;
  handle(req: IncomingMessage, path: string): Promise<Reply>;
}

/** Whether the work is done before or after the fault. */
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
    case "lose-inputs":
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

export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  /** Kept because a finished request no longer has its socket. */
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
    const keep = (start: Buffer): void => {
      this.#record.body = start;
    };
    const opened = openBody(this.#req, { bytes: this.#parts.recordBodies, keep });
    const body = slowed(opened, fault, this.#parts.app.clock);
    // A request that is aborted early is not an error of the stand-in.
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

  /** The fault strikes before the work, and usually in place of it. */
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
    if (!(await drain(body))) {
      this.#ended("client-gone");
      return;
    }
    if (fault.do === "restart-server") {
      this.#ended("reset");
      this.#parts.restart(fault);
      return;
    }
    await this.#strikeAfter(fault, undefined);
  }

  /** Drops the connection, and carries out the request afterwards. */
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

  /** Sends the response, as changed by the fault. */
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

  /** Everything between head and response; undefined if the client disconnected. */
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

  #handle(body: Readable, fault: RequestFault | undefined): Promise<Reply> {
    const { app, cors, router } = this.#parts;
    const noteUser = (id: string): void => {
      this.#record.user = id;
    };
    return dispatch(
      { router, cors, target: this.#target, noteUser },
      {
        app,
        req: this.#req,
        body,
        fault,
        noteTasks: (ids) => {
          this.#record.taskIds = ids;
        },
        loseAnswer: () => this.#reset(),
        shutDown: () => this.#parts.shutDown(),
        pause: (ms) => this.#pause(ms),
      },
    );
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
    // The unread rest of the body must be read off the connection.
    if (!this.#req.readableEnded) this.#req.resume();
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
