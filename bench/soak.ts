/**
 * Runs through a bad night: 2,000 runs, 200 at a time, while 5 % of all requests go wrong in ways drawn
 * from a seed. Ends with exit code 1 if a run is lost or doubled.
 * Run: npx tsx bench/soak.ts [--runs 2000] [--seed 1]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createClient, type Client } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

const RUNS = option("runs", 2000);
const AT_ONCE = 200;

const PICTURE = new File([await readFile("examples/still-life.jpg")], "still-life.jpg");

const server = fork("bench/soak/server.ts", [String(option("seed", 1))], {
  execArgv: ["--import", "tsx"],
});
/** What the server says next. */
async function told<T>(): Promise<T> {
  const [message] = (await once(server, "message")) as [T];
  return message;
}
const { url } = await told<{ url: string }>();
const client = createClient({
  baseUrl: url,
  poll: { minMs: 100, maxMs: 1000 },
  retry: { requestMs: 3000, graceMs: 500, budgetMs: 30_000 },
});

const start = Date.now();
const ids: number[] = [];
const lost: string[] = [];
const numbers = Array.from({ length: RUNS }, (_, number) => number).values();
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (const number of numbers) {
      try {
        const run = await submit(client, number);
        ids.push(...run.tasks.map(({ id }) => id));
        const { files } = await run.result();
        if (files.length !== run.tasks.length) throw new Error(`${files.length} files`);
      } catch (error) {
        lost.push(`run ${number}: ${String(error)}`);
      }
    }
  }),
);
server.send("how many?");
const { struck, total } = await told<{ struck: number; total: number }>();
const there = (await client.tasks()).map(({ task_id }) => task_id);
const doubled = there.filter((id) => !ids.includes(id));
server.disconnect();

for (const line of lost.slice(0, 10)) console.error(line);
console.log(
  `${RUNS} runs of ${ids.length} tasks in ${((Date.now() - start) / 1000).toFixed(0)} s; ${struck} of ${total} requests (${((100 * struck) / total).toFixed(1)} %) struck by faults`,
);
console.log(`${lost.length} lost, ${doubled.length} doubled`);
process.exitCode = lost.length + doubled.length > 0 ? 1 : 0;

/** Three kinds of run: one task, several tasks, and a flow without seeds. */
function submit(to: Client, number: number) {
  if (number % 3 === 0) return sdxlLighting(to, { prompt: `night ${number}` });
  if (number % 3 === 1) return sdxlLighting(to, { prompt: "the same", count: 3 });
  return removeBackgroundBirefnet(to, { input_image: PICTURE });
}
