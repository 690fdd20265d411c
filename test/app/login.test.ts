/** The password of `vix ui`: attempts are counted by address, and forms have limits. */
import { describe, expect, it } from "vitest";
import { Login, type LoginRequest } from "../../src/cli/ui/login.js";
import { advance, VirtualClock } from "../client/submit/virtual-clock.js";

const PASSWORD = "open sesame, é";

function form(address: string, text: string | Uint8Array, pieceLength = Infinity): LoginRequest {
  const bytes = Buffer.from(text as string);
  return {
    socket: { remoteAddress: address },
    async *[Symbol.asyncIterator]() {
      await Promise.resolve();
      for (let at = 0; at < bytes.length; at += pieceLength)
        yield bytes.subarray(at, at + pieceLength);
    },
  };
}

/** A form that never ends. */
function endless(address: string): LoginRequest {
  return {
    socket: { remoteAddress: address },
    // eslint-disable-next-line require-yield
    async *[Symbol.asyncIterator]() {
      await new Promise(() => {});
    },
  };
}

const right = `password=${encodeURIComponent(PASSWORD)}`;

describe("the password", () => {
  it("is not locked by the wrong tries of another address", async () => {
    const clock = new VirtualClock(() => 0);
    const login = new Login(PASSWORD, clock);
    const wrong = Array.from({ length: 12 }, () => login.check(form("10.0.0.1", "password=x")));
    const outcomes = Promise.all(wrong);
    await advance(clock, 0);
    expect(await login.check(form("10.0.0.1", right))).toBe("too many");
    expect(await login.check(form("10.0.0.2", right))).toBe("right");
    await advance(clock, 5000);
    const counted = await outcomes;
    expect(counted.filter((each) => each === "wrong")).toHaveLength(5);
    expect(counted.filter((each) => each === "too many")).toHaveLength(7);
    expect(await login.check(form("10.0.0.1", right))).toBe("right");
  });

  it("counts a network of IPv6 as one address", async () => {
    const login = new Login(PASSWORD, new VirtualClock(() => 0));
    for (let host = 1; host <= 5; host++) void login.check(endless(`2001:db8:1:2::${host}`));
    expect(await login.check(form("2001:db8:1:2:3:4:5:6", right))).toBe("too many");
    expect(await login.check(form("2001:db8:1:3::1", right))).toBe("right");
    expect(await login.check(form("::ffff:10.0.0.1", right))).toBe("right");
  });

  it("waits for a form for a limited time, and frees its place", async () => {
    const clock = new VirtualClock(() => 0);
    const login = new Login(PASSWORD, clock);
    const slow = Array.from({ length: 5 }, () => login.check(endless("10.0.0.1")));
    await advance(clock, 10_000);
    expect(new Set(await Promise.all(slow))).toEqual(new Set(["too slow"]));
    expect(await login.check(form("10.0.0.1", right))).toBe("right");
  });

  it("reads split characters, and refuses a long form", async () => {
    const clock = new VirtualClock(() => 0);
    const login = new Login(PASSWORD, clock);
    expect(await login.check(form("10.0.0.1", `password=${PASSWORD}`, 1))).toBe("right");
    const long = login.check(form("10.0.0.1", `${right}&x=${"x".repeat(5000)}`));
    await advance(clock, 2000);
    expect(await long).toBe("wrong");
  });
});
