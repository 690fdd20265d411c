/**
 * The password of the app: each address has its own attempts, so that a stranger's wrong ones keep nobody
 * else out.
 */
import type { Clock } from "../../time/clock.js";
import { inTime } from "../../time/in-time.js";
import { sleep } from "../../time/sleep.js";
import { isSame } from "./access.js";

/** Longest login form, in bytes. */
const MOST_BYTES = 4096;

/** Time limit for a login form, in ms. */
const FORM_MS = 10_000;

/** How long each wrong password delays the next attempt of its address, in ms. */
const WRONG_PASSWORD_MS = 1000;

/** Most attempts of one address at a time; more are refused. */
const MOST_TRIES = 5;

/** Most addresses with an attempt at a time. */
const MOST_ADDRESSES = 1000;

export type LoginOutcome = "right" | "wrong" | "too many" | "too slow";

/** The part of Node's `IncomingMessage` that is used. */
export interface LoginRequest extends AsyncIterable<unknown> {
  readonly socket: { readonly remoteAddress?: string | undefined };
}

interface Attempts {
  running: number;
  last: Promise<void>;
}

export class Login {
  readonly #password: string;
  readonly #clock: Clock;
  readonly #attempts = new Map<string, Attempts>();

  constructor(password: string, clock: Clock) {
    this.#password = password;
    this.#clock = clock;
  }

  /** Checks the password in a form. Rejects when the form breaks off. */
  async check(request: LoginRequest): Promise<LoginOutcome> {
    const network = networkOf(request.socket.remoteAddress ?? "");
    const attempts = this.#attempts.get(network) ?? { running: 0, last: Promise.resolve() };
    if (attempts.running >= MOST_TRIES || this.#attempts.size >= MOST_ADDRESSES) return "too many";
    this.#attempts.set(network, attempts);
    attempts.running += 1;
    try {
      const form = await inTime(this.#clock, FORM_MS, formOf(request));
      if (form === undefined) return "too slow";
      const given = new URLSearchParams(form).get("password") ?? undefined;
      // One after the other, so that parallel attempts are no faster.
      const turn = attempts.last.then(async (): Promise<LoginOutcome> => {
        if (isSame(this.#password, given)) return "right";
        await sleep(this.#clock, WRONG_PASSWORD_MS);
        return "wrong";
      });
      attempts.last = turn.then(() => undefined);
      return await turn;
    } finally {
      attempts.running -= 1;
      if (attempts.running === 0) this.#attempts.delete(network);
    }
  }
}

/** The text of a form; empty for one that is too long. */
async function formOf(request: AsyncIterable<unknown>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request) {
    const bytes = piece as Uint8Array;
    length += bytes.length;
    if (length > MOST_BYTES) return "";
    pieces.push(bytes);
  }
  // A character may be split between two pieces.
  return Buffer.concat(pieces).toString("utf8");
}

/** One machine may use any address of its IPv6 network: the first four of eight groups. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":");
  const zeros = tail === undefined ? 0 : 8 - groups.length;
  return [...groups, ...Array<string>(zeros).fill("0")].slice(0, 4).join(":");
}
