/** Many runs at once in a process that may open few files and connections. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { limitOpenFiles } from "visionatrix-client/node";
import { node } from "../../support/saver.js";
import { standinWithClient } from "../../support/standin.js";

const program = (url: string, runs: number): string => `
  import { createClient } from "./dist/src/index.js";
  import { sdxlLighting } from "./dist/generated/flows/sdxl_lighting.js";
  import { removeBackgroundBirefnet } from "./dist/generated/flows/remove_background_birefnet.js";
  import { fileFromPath, saveFiles } from "./dist/src/node/index.js";
  const { DIR } = process.env;
  const client = createClient({
    baseUrl: ${JSON.stringify(url)},
    auth: { username: "ann", password: "secret" },
    poll: { minMs: 50, maxMs: 500 },
  });
  const one = async (index) => {
    // Some of them send a file, too.
    const { files } = DIR && index % 10 === 0
      ? await removeBackgroundBirefnet(client, { input_image: await fileFromPath("examples/still-life.jpg") }).result()
      : await sdxlLighting(client, { prompt: "a " + index }).result();
    return DIR ? saveFiles(files, DIR, { pattern: "{task}", metadata: true }) : files;
  };
  const all = await Promise.allSettled(Array.from({ length: ${runs} }, (_, index) => one(index)));
  const failed = all.find(({ status }) => status === "rejected");
  console.log("done", all.filter(({ value }) => value?.length === 1).length, failed?.reason);
`;

it("300 runs with files saved, in a process with 120 handles", async () => {
  const dir = await mkdtemp(join(tmpdir(), "vix-handles-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const { standin } = await standinWithClient({ maxPictureSide: 16 });
  const { ended } = node(program(standin.url, 300), {
    before: "ulimit -n 120",
    env: { DIR: dir },
  });
  expect(await ended).toBe("done 300 undefined");
  // Each run has a picture and a side-car, and nothing is unfinished.
  const names = await readdir(dir);
  expect(names.filter((name) => name.startsWith("."))).toEqual([]);
  expect(names).toHaveLength(600);
});

it("2,000 runs in a process with plenty", async () => {
  const { standin } = await standinWithClient({ maxPictureSide: 16 });
  expect(await node(program(standin.url, 2000), {}).ended).toBe("done 2000 undefined");
});

it.each([NaN, 1, "48" as unknown as number])("a limit of %s is refused", (most) => {
  expect(() => limitOpenFiles(most)).toThrow(/takes a number of at least 2/);
});
