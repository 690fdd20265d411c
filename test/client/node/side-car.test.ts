/** Side-cars: what they contain, what they replace, and what is rejected. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { rerun, saveFiles, type SideCar } from "visionatrix-client/node";
import { resultServer, sendFile } from "../../support/results.js";
import { standinWithClient } from "../../support/standin.js";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vix-side-car-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const read = async (dir: string, name: string) =>
  JSON.parse(await readFile(join(dir, name), "utf8")) as SideCar;

/** Side-cars in a folder. */
const sideCarsIn = async (dir: string) =>
  (await readdir(dir)).filter((name) => name.endsWith(".json")).sort();

const serverOf = (outputs?: readonly number[], byte = 7) => {
  const bytes = new Uint8Array(1000).fill(byte);
  return resultServer((asked, response) => sendFile(asked, response, bytes), outputs);
};

/** A run of three tasks, with seeds from 41 on. */
async function runOfThree() {
  const { client } = await standinWithClient({ maxPictureSide: 64 });
  const run = await sdxlLighting(client, { prompt: "a", seed: 41, count: 3 });
  const { files } = await run.result();
  return { client, files, name: `sdxl_lighting-${run.tasks[0]?.id}.json`, tasks: run.tasks };
}

describe("a side-car", () => {
  it("of a part of a run can rerun the whole run", async () => {
    const { client, files, name, tasks } = await runOfThree();
    const dir = await folder();
    await saveFiles(
      files.filter(({ seed }) => seed === 43),
      dir,
      { metadata: true },
    );
    expect(await sideCarsIn(dir)).toEqual([name]);
    expect(await read(dir, name)).toMatchObject({
      seed: 41,
      count: 3,
      run: tasks.map(({ id }) => id),
      tasks: [{ seed: 43 }],
    });
    const again = await (await rerun(client, join(dir, name))).result();
    expect(again.files.map(({ seed }) => seed)).toEqual([41, 42, 43]);
  });

  it.each(["number", "error", "overwrite", "skip-same"] as const)(
    "combines a run that is saved in several calls, also with %s",
    async (collision) => {
      const { files, name, tasks } = await runOfThree();
      const dir = await folder();
      // Two of them at once, the last task first.
      const save = (index: number) =>
        saveFiles(files.slice(index, index + 1), dir, {
          metadata: true,
          collision,
          pattern: "{seed}",
        });
      await Promise.all([save(2), save(0)]);
      await save(1);
      expect(await sideCarsIn(dir)).toEqual([name]);
      const sideCar = await read(dir, name);
      expect(sideCar.tasks.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
      expect(sideCar.files.map(({ path }) => path).sort()).toEqual(
        ["41", "42", "43"].map((seed) => expect.stringContaining(seed) as string),
      );
      expect(sideCar).toMatchObject({ seed: 41, count: 3 });
    },
  );

  it("lists a file once, even if it was saved again", async () => {
    const server = await serverOf([2]);
    const dir = await folder();
    for (let time = 0; time < 2; time++)
      await saveFiles(await server.files(), dir, {
        metadata: true,
        collision: "overwrite",
        pattern: "{index}",
      });
    expect(await sideCarsIn(dir)).toEqual(["some_flow-7.json"]);
    expect((await read(dir, "some_flow-7.json")).files.map(({ path }) => path)).toEqual([
      "0.png",
      "1.png",
    ]);
  });

  it.each([
    ["number", ["some_flow-7-2.json", "some_flow-7.json"]],
    ["skip-same", ["some_flow-7-2.json", "some_flow-7.json"]],
    ["error", ["some_flow-7.json"]],
    ["overwrite", ["some_flow-7.json"]],
  ] as const)(
    "treats what is no side-car of its run by collision: %s",
    async (collision, names) => {
      for (const there of ["my notes", '{"format":1,"flow":"some_flow","tasks":"mine"}']) {
        const dir = await folder();
        await writeFile(join(dir, "some_flow-7.json"), there);
        const files = await (await serverOf()).files();
        const save = saveFiles(files, dir, { metadata: true, collision });
        if (collision === "error") await expect(save).rejects.toMatchObject({ code: "name_taken" });
        else await save;
        expect(await sideCarsIn(dir)).toEqual(names);
        const kept = (await readFile(join(dir, "some_flow-7.json"), "utf8")) === there;
        expect(kept).toBe(collision !== "overwrite");
      }
    },
  );

  it("is not shared with a restarted task", async () => {
    const server = await serverOf();
    const dir = await folder();
    await saveFiles(await server.files(), dir, { metadata: true });
    const first = await read(dir, "some_flow-7.json");
    const earlier = first.tasks.map((task) => ({ ...task, startedAt: "2020-01-01T00:00:00Z" }));
    await writeFile(join(dir, "some_flow-7.json"), JSON.stringify({ ...first, tasks: earlier }));
    await saveFiles(await server.files(), dir, { metadata: true });
    expect(await sideCarsIn(dir)).toEqual(["some_flow-7-2.json", "some_flow-7.json"]);
    expect((await read(dir, "some_flow-7.json")).files).toHaveLength(1);
  });

  it.each(["number", "overwrite"] as const)(
    "never mixes two servers, whose tasks may have the same ids: %s",
    async (collision) => {
      const servers = [await serverOf(), await serverOf(undefined, 8)];
      const files = (await Promise.all(servers.map((server) => server.files()))).flat();
      const dir = await folder();
      await saveFiles(files, dir, { metadata: true, collision });
      const names = await sideCarsIn(dir);
      expect(names).toEqual(["some_flow-7-2.json", "some_flow-7.json"]);
      for (const name of names) expect((await read(dir, name)).files).toHaveLength(1);
    },
  );

  const whole = { format: 1, flow: "x", seed: 1, count: 1, params: {}, inputs: {} };

  it.each([
    { params: null },
    { params: ["a"] },
    { params: { a: 1 } },
    { inputs: null },
    { inputs: { a: null } },
    { seed: "1" },
    { seed: undefined },
    { seed: 1.5 },
    { count: 0 },
    { flow: 1 },
  ])("is refused with %j", async (wrong) => {
    const { client } = await serverOf();
    const path = join(await folder(), "a.json");
    await writeFile(path, JSON.stringify({ ...whole, ...wrong }));
    await expect(rerun(client, path)).rejects.toMatchObject({ code: "not_a_side_car" });
  });
});
