/**
 * The limit on unfinished tasks holds if pages disconnect before the response, and if lists are out of date.
 */
import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/time/clock.js";
import { createApi } from "../../src/http/api.js";
import type { Fault } from "visionatrix-standin";
import { Ownership } from "../../src/proxy/ownership.js";
import { Quota } from "../../src/proxy/quota.js";
import { creates, file, form, FORM_HEADERS, pageHeaders, startSite, type Site } from "./support.js";

const TEXTS = "/vapi/tasks/create/sdxl_lighting";
const FILES = "/vapi/tasks/create/remove_background_birefnet";

interface Listed {
  progress: number;
  error: string;
}

async function unfinished(site: Site): Promise<number> {
  const { text } = await site.ask("ann", "GET", "/vapi/tasks/progress-summary");
  return Object.values(JSON.parse(text) as Record<string, Listed>).filter(
    ({ progress, error }) => progress < 100 && error === "",
  ).length;
}

/** A create whose page disconnects as soon as the server has the form. */
async function createAndLeave(site: Site, path: string, body: string): Promise<void> {
  const left = new AbortController();
  const before = creates(site.standin).length;
  const asked = fetch(`${site.url}/api/vix${path}`, {
    method: "PUT",
    headers: { ...pageHeaders("ann"), ...FORM_HEADERS },
    body,
    signal: left.signal,
  }).catch(() => undefined);
  const isOver = asked.then(() => true);
  while (creates(site.standin).length === before)
    if (await Promise.race([isOver, new Promise((done) => setTimeout(done, 5, false))])) return;
  left.abort();
  await asked;
}

const create = (site: Site, user = "ann", count = "1") =>
  site.ask(user, "PUT", TEXTS, {
    headers: FORM_HEADERS,
    body: form([
      ["prompt", "x"],
      ["count", count],
    ]),
  });

describe("the limit on unfinished tasks", () => {
  const faults: Fault[] = [
    { on: "create", do: "delay", ms: 400, when: "before" },
    { on: "create", do: "delay", ms: 400, when: "after" },
    { on: "create", do: "hide", ms: 3000 },
  ];
  for (const fault of faults)
    for (const [what, path, body] of [
      ["texts", TEXTS, form([["prompt", "x"]])],
      ["files", FILES, form([file("input_image")])],
    ] as const)
      it(`holds for pages that leave (${what}, ${JSON.stringify(fault)})`, async () => {
        const site = await startSite({}, { workers: 0, faults: [{ ...fault, times: 99 }] });
        for (let turn = 0; turn < 8; turn++) await createAndLeave(site, path, body);
        expect(creates(site.standin)).toHaveLength(3);
        site.standin.clearFaults();
        await expect.poll(() => unfinished(site)).toBe(3);
        // The tasks are now in the list, so cancelling one makes room for one.
        expect((await create(site)).status).toBe(409);
        expect((await site.ask("ann", "DELETE", "/vapi/tasks/queue/1")).status).toBe(204);
        expect((await create(site)).status).toBe(200);
        expect((await create(site)).status).toBe(409);
      });

  it("counts tasks that the list does not show yet", async () => {
    const site = await startSite(
      {},
      { workers: 0, faults: [{ on: "create", do: "hide", ms: 60_000, times: 99 }] },
    );
    expect((await create(site, "ann", "3")).status).toBe(200);
    expect((await create(site)).status).toBe(409);
    expect((await create(site, "bob", "3")).status).toBe(200);
  });

  it("frees the place of a task that is finished, deleted or was refused", async () => {
    const site = await startSite({ limits: { unfinished: 1 } }, { workers: 1 });
    for (let turn = 0; turn < 3; turn++) {
      const made = await create(site);
      expect(made.status).toBe(200);
      const [id] = (JSON.parse(made.text) as { tasks_ids: number[] }).tasks_ids;
      const path = turn === 0 ? `/vapi/tasks/queue/${id}` : `/vapi/tasks/task?task_id=${id}`;
      expect((await site.ask("ann", "DELETE", path)).status).toBe(204);
    }
    site.standin.addFaults({ on: "create", do: "status", status: 500 });
    expect((await create(site)).status).toBe(500);
    site.standin.clearFaults();
    await createAndLeave(site, TEXTS, form([["prompt", "x"]]));
    // In any case, the task is soon finished and counted from the list.
    await expect.poll(async () => (await create(site)).status).toBe(200);
  });

  it("frees the place of a lost create after a minute", async () => {
    let now = 0;
    const clock: Clock = {
      now: () => now,
      random: () => 0,
      after: () => () => undefined,
    };
    // A server whose list stays empty.
    const fetch = () => Promise.resolve(new Response("{}"));
    const api = createApi("http://vix.test", { fetch }, clock);
    const quota = new Quota(api, new Ownership(api), 1, 1);
    const { signal } = new AbortController();
    const take = () => quota.take("ann", `create ${now}`, 1, signal);
    const refused = { status: 409, code: "too_many_unfinished" };
    const first = await take();
    now = 100_000;
    await expect(take()).rejects.toMatchObject(refused);
    first.keep();
    now = 159_999;
    await expect(take()).rejects.toMatchObject(refused);
    now = 160_000;
    (await take()).free();
    (await take()).keep(1);
    await expect(take()).rejects.toMatchObject(refused);
    now = 230_000;
    await take();
  });
});
