/** Section 3.1: forms that are damaged or unusual. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { type Created, FILE_FLOW, FLOW, type Json, type Target } from "./target.js";
import { type Answer, type FormFields, multipart } from "./wire.js";

const PICTURE = { filename: "photo.png", bytes: "pretend picture", type: "image/png" };

function send(
  target: Target,
  body: Buffer | string,
  contentType: string,
  flow = FLOW,
): Promise<Answer> {
  const headers = { "content-type": contentType };
  return target.send("PUT", `/vapi/tasks/create/${flow}`, { headers, body });
}

async function paramsOf(target: Target, answer: Answer): Promise<unknown> {
  expect(answer.status, answer.text).toBe(200);
  const [id = 0] = (answer.json() as Created).tasks_ids;
  return (await target.details(id))["input_params"];
}

/** A form without its last boundary. */
function unclosed(fields: FormFields): { body: Buffer; type: string } {
  const { headers, body } = multipart(fields);
  const type = headers["content-type"] ?? "";
  const closing = `--${type.split("boundary=")[1] ?? ""}--\r\n`;
  return { body: body.subarray(0, body.length - closing.length), type };
}

const TYPE = "multipart/form-data; boundary=B";
const HEAD = '--B\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n';

export const multipartCases: readonly Case[] = [
  {
    section: "3.1",
    name: "drops the last part of a form without its closing boundary",
    run: async (target) => {
      const { body, type } = unclosed([
        ["prompt", "kept"],
        ["negative_prompt", "lost"],
      ]);
      expect(await paramsOf(target, await send(target, body, type))).toEqual({ prompt: "kept" });
    },
  },
  {
    section: "3.1",
    name: "misses the file of a form without its closing boundary",
    run: async (target) => {
      const { body, type } = unclosed([["input_image", PICTURE]]);
      const answer = await send(target, body, type, FILE_FLOW);
      expect(answer.json()).toEqual({
        detail: "The parameter 'input_image' is required, but missing.",
      });
      expect(answer.status).toBe(400);
    },
  },
  {
    section: "3.1",
    name: "reads an empty form where the media type of multipart has a capital letter",
    run: async (target) => {
      const { headers, body } = multipart([["prompt", "lost"]]);
      const type = (headers["content-type"] ?? "").replace(
        "multipart/form-data",
        "Multipart/Form-Data",
      );
      expect(await paramsOf(target, await send(target, body, type))).toEqual({});
    },
  },
  {
    section: "3.1",
    name: "minds no capital letters in the media type of a urlencoded form",
    run: async (target) => {
      const answer = await send(target, "prompt=kept", "Application/X-WWW-Form-Urlencoded");
      expect(await paramsOf(target, answer)).toEqual({ prompt: "kept" });
    },
  },
  ...rows(
    [
      ["text before the first boundary", `hello\r\n${HEAD}x\r\n--B--\r\n`],
      ["garbage", "this is no multipart body at all"],
      ["another boundary", HEAD.replaceAll("B", "C")],
    ] as const,
    (name, body) => ({
      section: "3.1",
      name: `refuses ${name}`,
      run: async (target) => {
        const answer = await send(target, body, TYPE);
        expect(answer.json()).toEqual({ detail: "Invalid multipart data." });
        expect(answer.status).toBe(400);
      },
    }),
  ),
  {
    section: "3.1",
    name: "refuses a part without a Content-Disposition",
    run: async (target) => {
      const answer = await send(target, "--B\r\nX-Other: 1\r\n\r\nx\r\n--B--\r\n", TYPE);
      expect(answer.json()).toEqual({
        detail: 'The Content-Disposition header field "name" must be provided.',
      });
      expect(answer.status).toBe(400);
    },
  },
  {
    section: "3.1",
    name: "reads a text that is not UTF-8 as Latin-1",
    run: async (target) => {
      const body = Buffer.concat([
        Buffer.from(HEAD),
        Buffer.from([0xff]),
        Buffer.from("\r\n--B--\r\n"),
      ]);
      expect(await paramsOf(target, await send(target, body, TYPE))).toEqual({ prompt: "ÿ" });
    },
  },
  {
    section: "3.1",
    name: "takes what only begins like a boundary for content",
    run: async (target) => {
      const answer = await send(target, `${HEAD}a\r\n--Bb\r\n--B--\r\n`, TYPE);
      expect(await paramsOf(target, answer)).toEqual({ prompt: "a\r\n--Bb" } satisfies Json);
    },
  },
];
