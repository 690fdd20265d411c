/** A client that does not know of the proxy works behind it as it does with a server. */
import { describe, expect, it } from "vitest";
import { TaskFailedError } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
import { fileFromPath } from "visionatrix-client/node";
import type { Fault } from "visionatrix-standin";
import { creates, startSite } from "./support.js";

describe("a client behind the proxy", () => {
  it("submits, watches and reads results", async () => {
    const { page, standin } = await startSite();
    const run = await sdxlLighting(page("ann"), { prompt: "a sunset", count: 2, seed: 5 });
    const percents: number[] = [];
    for await (const { percent } of run.progress()) percents.push(percent);
    expect(percents.at(-1)).toBe(100);
    const { files } = await run.result();
    expect(files).toHaveLength(2);
    const bytes = await files[0]!.bytes();
    expect(new TextDecoder("latin1").decode(bytes.subarray(1, 4))).toBe("PNG");
    expect(bytes.length).toBe(files[0]!.size);
    expect(run.tasks.map(({ seed }) => seed)).toEqual([5, 6]);
    expect(creates(standin)).toHaveLength(1);
    expect(creates(standin)[0]!.headers["authorization"]).toMatch(/^Basic /);
    expect(creates(standin)[0]!.headers["cookie"]).toBeUndefined();
  });

  it("sends a file, chains by reference, lists, restarts, cancels and deletes", async () => {
    const { page } = await startSite();
    const client = page("ann");
    const picture = await fileFromPath("examples/still-life.jpg");
    const first = await removeBackgroundBirefnet(client, { input_image: picture }).result();
    const reference = first.files[0]!.reference();
    const second = await removeBackgroundBirefnet(client, { input_image: reference });
    await second.result();
    const ids = (await client.tasks()).map(({ task_id }) => task_id);
    expect(ids).toEqual([first.files[0]!.taskId, second.tasks[0]!.id]);
    await second.tasks[0]!.delete();
    expect(await client.tasks()).toHaveLength(1);
    expect((await client.whoami()).user_id).toBe("visitor");
    expect((await client.flows()).map(({ name }) => name).sort()).toEqual([
      "remove_background_birefnet",
      "sdxl_lighting",
    ]);
    const flow = await client.flow("sdxl_lighting");
    expect((await flow(client, { prompt: "x" }).result()).files).toHaveLength(1);
  });

  it("reports which picture a mask is for, so that a page can offer to paint it", async () => {
    const { page } = await startSite({ flows: "installed" });
    const flows = await page("ann").flows();
    const flow = flows.find(({ name }) => name === "flux1_dev_inpaint");
    const mask = flow?.input_params.find(({ name }) => name === "mask_redraw");
    expect(mask).toMatchObject({ type: "image-mask", source_input_name: "source_image" });
  });
});

describe("trouble behind the proxy", () => {
  it.each<[string, Fault]>([
    ["an answer that was lost", { do: "reset-after-accept", on: "create", nth: 1 }],
    ["half a create", { do: "reset-after-accept", accept: 1, on: "create", nth: 1 }],
    ["a create that never arrived", { do: "reset-after-body", on: "create", nth: 1 }],
    ["a server that asks to come again", { do: "status", status: 503, on: "create", nth: 1 }],
  ])("settles %s, and nothing runs twice", async (_, fault) => {
    const { page, standin } = await startSite({}, { faults: [fault] });
    const client = page("ann");
    const run = await sdxlLighting(client, { prompt: "a sunset", count: 2 });
    expect((await run.result()).files).toHaveLength(2);
    const ids = (await client.tasks()).map(({ task_id }) => task_id);
    expect(ids).toEqual(run.tasks.map(({ id }) => id));
    expect(standin.requests.some(({ endpoint }) => endpoint === "create")).toBe(true);
  });

  it("finds a lost create of a file among others' tasks", async () => {
    const { page } = await startSite(
      {},
      { faults: [{ do: "reset-after-accept", on: "create", nth: 3 }] },
    );
    const picture = await fileFromPath("examples/still-life.jpg");
    await sdxlLighting(page("bob"), { prompt: "his" }).result();
    const ann = page("ann");
    await sdxlLighting(ann, { prompt: "hers" }).result();
    const { files } = await removeBackgroundBirefnet(ann, { input_image: picture }).result();
    expect(files).toHaveLength(1);
    expect(await ann.tasks()).toHaveLength(2);
    expect(await page("bob").tasks()).toHaveLength(1);
  });

  it("runs a failed task again", async () => {
    const { page } = await startSite(
      {},
      {
        faults: [{ do: "fail", error: "no space at /srv/vix/out/a b.png on gpu-box:8188", nth: 1 }],
      },
    );
    const client = page("ann");
    const run = await sdxlLighting(client, { prompt: "x" });
    const failed = (await run.result().catch((error: unknown) => error)) as Error;
    expect(failed).toBeInstanceOf(TaskFailedError);
    expect(failed.message).not.toMatch(/srv|gpu-box/);
    await run.tasks[0]!.restart();
    expect((await client.task(run.tasks[0]!.id).result()).files).toHaveLength(1);
  });

  it("says in a sentence what a site does not allow", async () => {
    const { page } = await startSite({ limits: { count: 2 } });
    await expect(sdxlLighting(page("ann"), { prompt: "x", count: 3 })).rejects.toMatchObject({
      status: 422,
      detail: "`count` may be at most 2 on this site.",
    });
    await expect(sdxlLighting(page("ann"), { prompt: "x", priority: 3 })).rejects.toMatchObject({
      detail: "The order of the queue cannot be set on this site: leave out `priority`.",
    });
  });

  it("reports a server that is down or refuses the site, without naming it", async () => {
    const { page, standin, ask } = await startSite();
    const { host } = new URL(standin.url);
    await standin.close();
    const answer = await ask("ann", "GET", "/vapi/other/whoami");
    expect([answer.status, answer.detail]).toEqual([
      503,
      "The server behind this site cannot be reached.",
    ]);
    const error = (await page("ann")
      .whoami()
      .catch((caught: unknown) => caught)) as Error;
    expect(error.message).not.toContain(host);
  });

  it("keeps the server's challenge for a password to itself", async () => {
    const { ask } = await startSite({}, { auth: "site:another password" });
    const answer = await ask("ann", "GET", "/vapi/other/whoami");
    expect(answer.status).toBe(500);
    expect(answer.headers.get("www-authenticate")).toBeNull();
    expect(answer.detail).toBe("The server does not accept the credentials of this site.");
  });
});

describe("what gets out", () => {
  it("holds no workflow, user, worker or webhook", async () => {
    const { page, ask } = await startSite();
    const run = await sdxlLighting(page("ann"), { prompt: "x" });
    await run.result();
    const { id } = run.tasks[0]!;
    for (const path of [
      `/vapi/tasks/progress/${id}`,
      "/vapi/tasks/progress-summary",
      "/vapi/flows/installed",
      "/vapi/other/whoami",
    ]) {
      const { text, headers } = await ask("ann", "GET", path);
      expect(text).not.toMatch(
        /flow_comfy|class_type|stand-in|x-vix|extra_flags|"user_id":"(?!visitor)/,
      );
      expect(headers.get("cache-control")).toBe("private, no-store");
      expect(headers.get("set-cookie")).toBeNull();
    }
  });
});
