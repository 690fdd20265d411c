/** Detects requests that were never sent, and chooses the pause before the next try. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDelay } from "../../../src/http/backoff.js";
import { surelyNeverSent } from "../../../src/http/never-sent.js";

describe("pauses between tries", () => {
  it("grow, stay below their bound, and differ from client to client", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, random) => {
          const pause = retryDelay(failures, random, 5000);
          expect(pause).toBeGreaterThan(0);
          expect(pause).toBeLessThanOrEqual(5000);
          expect(retryDelay(failures + 1, random, 5000)).toBeGreaterThanOrEqual(pause);
        },
      ),
    );
  });
});

describe("surelyNeverSent", () => {
  const error = (code: string, cause?: unknown) =>
    Object.assign(new Error("x", { cause }), { code });
  it.each([
    ["refused", new TypeError("fetch failed", { cause: error("ECONNREFUSED") }), true],
    ["no such host", new TypeError("fetch failed", { cause: error("ENOTFOUND") }), true],
    [
      "a bad certificate",
      new TypeError("fetch failed", { cause: error("DEPTH_ZERO_SELF_SIGNED_CERT") }),
      true,
    ],
    ["Bun", error("ConnectionRefused"), true],
    ["Deno", new TypeError("error sending request: tcp connect error: Connection refused"), true],
    ["reset", new TypeError("fetch failed", { cause: error("ECONNRESET") }), false],
    ["a browser, which says nothing", new TypeError("Failed to fetch"), false],
    [
      "all addresses refused",
      new TypeError("fetch failed", {
        cause: Object.assign(new AggregateError([error("ECONNREFUSED"), error("ECONNREFUSED")])),
      }),
      true,
    ],
  ])("%s", (_, thrown, expected) => {
    expect(surelyNeverSent(thrown)).toBe(expected);
  });
});
