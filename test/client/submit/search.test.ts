/** Searches for the tasks of a create whose response was lost, while others create tasks. */
import { describe, expect, it } from "vitest";
import { createApi } from "../../../src/http/api.js";
import { prepare } from "../../../src/submit/submission.js";
import { Search } from "../../../src/submit/search.js";
import { KnownTasks } from "../../../src/tasks/known-tasks.js";
import { systemClock } from "../../../src/time/clock.js";

/** A server with tasks up to an id, of which `ours` has our seed. Each read adds a task. */
function busyServer(highest: number, ours: number) {
  const known = new KnownTasks();
  known.saw(highest);
  const asked: string[] = [];
  const task = (id: number) => ({
    ...{ task_id: id, name: "f", group_scope: 1, progress: 0, error: "" },
    input_params: { prompt: "a", seed: id === ours ? 1000 : id },
  });
  const fetch = (url: string) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    // This task belongs to another run of the same client.
    if (++highest !== ours) known.own(highest);
    if (pathname.endsWith("/progress-summary"))
      return Promise.resolve(Response.json(ours <= highest ? { [ours]: task(ours) } : {}));
    const id = Number(pathname.split("/").at(-1));
    return Promise.resolve(
      id <= highest
        ? Response.json(task(id))
        : Response.json({ detail: `Task \`${id}\` was not found.` }, { status: 404 }),
    );
  };
  const plan = {
    ...{ flow: "f", seed: 1000, seedDrawn: true, count: 1 },
    parts: [
      { name: "prompt", value: "a" },
      { name: "seed", value: "1000" },
    ],
  };
  const api = createApi("http://vix.test", { fetch }, systemClock);
  const submission = prepare(plan, highest);
  return { known, asked, search: new Search({ api, known }, submission) };
}

const never = new AbortController().signal;

describe("a look", () => {
  it("ends, however fast others create", async () => {
    const { asked, search, known } = busyServer(500, 501);
    // The list is large (a long history), so reading ids costs less.
    known.listed(known.listFor("f", 1), 12_000_000, []);
    await expect(search.look(never)).resolves.toMatchObject([{ task_id: 501 }]);
    expect(asked.length).toBeLessThan(250);
  });

  it("reads the list as soon as ids cost more", async () => {
    const { asked, search, known } = busyServer(500, 501);
    known.listed(known.listFor("f", 1), 50_000, []);
    await expect(search.look(never)).resolves.toMatchObject([{ task_id: 501 }]);
    expect(asked.filter((path) => path.endsWith("progress-summary"))).toHaveLength(1);
    expect(asked.length).toBeLessThan(15);
  });

  it("reads the list once, also where its task is not in it", async () => {
    const { asked, search, known } = busyServer(500, 9999);
    known.listed(known.listFor("f", 1), 50_000, []);
    await search.look(never, true);
    expect(asked.filter((path) => path.endsWith("progress-summary"))).toHaveLength(1);
  });
});
