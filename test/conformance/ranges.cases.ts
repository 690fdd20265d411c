/** Section 5.1: ranges of files. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { batch, resultPath } from "./steps.js";

export const rangesCases: readonly Case[] = [
  ...rows(
    [
      ["bytes=0-4", "00123", "bytes 0-4/21"],
      ["bytes=5-", "456789abcdefghij", "bytes 5-20/21"],
      ["bytes=-3", "hij", "bytes 18-20/21"],
      ["bytes=18-99", "hij", "bytes 18-20/21"],
    ] as const,
    (range, text, contentRange) => ({
      section: "5.1",
      name: `gives ${range}`,
      run: async (target) => {
        const answer = await target.get(resultPath(await batch(target, 1)), { range });
        expect(answer.status).toBe(206);
        expect(answer.text).toBe(text);
        expect(answer.headers["content-range"]).toBe(contentRange);
      },
    }),
  ),
  {
    section: "5.1",
    name: "cannot give what lies beyond the end",
    run: async (target) => {
      const answer = await target.get(resultPath(await batch(target, 1)), { range: "bytes=21-" });
      expect(answer.status).toBe(416);
      expect(answer.headers["content-range"]).toBe("bytes */21");
      expect(answer.text).toBe("");
    },
  },
  ...rows(
    [
      ["bytes=a-b", 400, "Range header: range must be requested"],
      ["bytes=2-1", 400, "Range header: start must be less than end"],
      ["pages=1-2", 400, "Only support bytes range"],
      ["bytes=--1", 416, ""],
      ["bytes=0-1,", 206, "00"],
    ] as const,
    (range, status, text) => ({
      section: "5.1",
      name: `answers ${status} to ${range}`,
      run: async (target) => {
        const answer = await target.get(resultPath(await batch(target, 1)), { range });
        expect(answer.status).toBe(status);
        expect(answer.text).toBe(text);
      },
    }),
  ),
  {
    section: "5.1",
    name: "gives several ranges in one multipart answer",
    run: async (target) => {
      const answer = await target.get(resultPath(await batch(target, 1)), {
        range: "bytes=0-1,10-11",
      });
      expect(answer.status).toBe(206);
      expect(answer.headers["content-type"]).toMatch(/^multipart\/byteranges; boundary=\w+$/);
      expect(answer.text).toContain("Content-Range: bytes 10-11/21");
    },
  },
  {
    section: "5.1",
    name: "honours an If-Range that matches",
    run: async (target) => {
      const id = await batch(target, 1);
      const { etag = "" } = (await target.get(resultPath(id))).headers;
      const answer = await target.get(resultPath(id), { range: "bytes=0-4", "if-range": etag });
      expect(answer.status).toBe(206);
    },
  },
  {
    section: "5.1",
    name: "gives the whole file for an If-Range that does not match",
    run: async (target) => {
      const id = await batch(target, 1);
      const answer = await target.get(resultPath(id), {
        range: "bytes=0-4",
        "if-range": '"other"',
      });
      expect(answer.status).toBe(200);
      expect(answer.bytes).toHaveLength(21);
    },
  },
];
