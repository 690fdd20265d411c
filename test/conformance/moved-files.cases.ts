/** Sections 3.6 and 5: files from elsewhere, files that are gone, headers of a download. */
import { type IncomingMessage, type ServerResponse } from "node:http";
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { serving } from "./steps.js";
import { FILE_FLOW, FLOW, NODE } from "./target.js";

const PHOTO = { filename: "photo.png", bytes: "pretend picture" };

export const filesCases: readonly Case[] = [
  ...rows(
    [
      ["alone", {}],
      ["before task_id", { task_id: 999_999_999, node_id: 9 }],
    ] as const,
    (name, more) => ({
      section: "3.6",
      name: `keeps what a remote_url answers, whatever its status, ${name}`,
      standinOnly: "the server must be on this machine",
      run: async (target) => {
        const seen: string[] = [];
        const answer = (req: IncomingMessage, res: ServerResponse): void => {
          seen.push(req.headers.cookie ?? "");
          res.writeHead(404).end("an error page");
        };
        await serving(answer, async (url) => {
          const reference = { remote_url: `${url}/photo.png`, type: "nextcloud", ...more };
          const created = await target.create(
            FILE_FLOW,
            [["input_image", JSON.stringify(reference)]],
            target.admin,
            { cookie: "session=1" },
          );
          expect(created.status, created.text).toBe(200);
          const [id] = (created.json() as { tasks_ids: [number] }).tasks_ids;
          const input = await target.get(`/vapi/tasks/inputs?task_id=${id}&input_index=0`);
          expect(input.text).toBe("an error page");
          expect(seen).toEqual(["session=1"]);
        });
      },
    }),
  ),
  {
    section: "5.2",
    name: "misses an input file that is gone from its disk, and so does a reference to it",
    standinOnly: "no file of a real server can be taken away over HTTP",
    run: async (target) => {
      target.standin.addFaults({ on: "create", do: "lose-inputs", times: 1 });
      const { tasks_ids } = await target.created(FILE_FLOW, [["input_image", PHOTO]]);
      const [id = 0] = tasks_ids;
      const name = `${id}_input_image.png`;
      expect(await target.details(id)).toMatchObject({ input_files: [{ file_name: name }] });
      const input = await target.get(`/vapi/tasks/inputs?task_id=${id}&input_index=0`);
      expect(input.status).toBe(404);
      expect(input.json()).toEqual({
        detail: `Task(${id}): input file \`${name}\` was not found.`,
      });
      const reference = JSON.stringify({ task_id: id, input_index: 0 });
      const answer = await target.create(FILE_FLOW, [["input_image", reference]]);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({
        detail: `Bad flow, file from task_id=\`${id}\`, index=\`0\` not found.`,
      });
    },
  },
  {
    section: "5.1",
    name: "tells of a single file what caches and downloads go by, and of a ZIP nothing",
    run: async (target) => {
      const id = await target.worker().finished();
      const path = `/vapi/tasks/results?task_id=${id}&node_id=${NODE}`;
      const single = (await target.get(path)).headers;
      expect(single).toMatchObject({ "accept-ranges": "bytes", "content-length": "20" });
      expect(single.etag).toMatch(/^"[^"]+"$/);
      expect(Date.parse(single["last-modified"] ?? "")).not.toBeNaN();
      const zip = (await target.get(`${path}&batch_index=-1`)).headers;
      expect(zip).toMatchObject({
        "content-type": "application/zip",
        "content-disposition": `attachment; filename=${id}_${NODE}_results.zip`,
      });
      for (const key of ["etag", "accept-ranges"]) expect(zip).not.toHaveProperty(key);
      for (const headers of [single, zip])
        for (const key of ["cache-control", "content-encoding"])
          expect(headers).not.toHaveProperty(key);
    },
  },
  {
    section: "5.1",
    name: "misses the result of an output without files",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      await worker.report(id, 100);
      const answer = await target.get(`/vapi/tasks/results?task_id=${id}&node_id=${NODE}`);
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({
        detail: `Missing result for task=\`${id}\` and node=\`${NODE}\`.`,
      });
    },
  },
  ...rows(
    [
      ["text", ".txt", true],
      ["an upper-case extension", ".PNG", false],
      ["an extension of another kind", ".webm", false],
    ] as const,
    (name, extension, given) => ({
      section: "5.1",
      name: `${given ? "names" : "does not hand out"} a file with ${name}`,
      run: async (target) => {
        const flow = given ? "ask_ai_internal" : FLOW;
        const worker = target.worker();
        const id = await worker.take([], flow);
        const [output] = (await target.details(id))["outputs"] as { comfy_node_id: number }[];
        const node = output?.comfy_node_id ?? 0;
        await worker.upload(id, [[`${id}_${node}_${extension}`, "x"]]);
        await worker.report(id, 100);
        const answer = await target.get(`/vapi/tasks/results?task_id=${id}&node_id=${node}`);
        expect(answer.status).toBe(given ? 200 : 404);
        if (given) {
          expect(answer.headers["content-disposition"]).toBe(
            `attachment; filename="${id}_${node}.txt"`,
          );
        }
      },
    }),
  ),
];
