/**
 * A program that starts a run and stops on signals, for `stop-on-signals.test.ts`. Its first argument says
 * what it does next: `wait` for the run, `forget` it and work for ever, or first turn the handlers `off`.
 */
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { stopOnSignals } from "visionatrix-client/node";

const client = createClient({ baseUrl: process.env["VIX_URL"]!, poll: { minMs: 20 } });
const off = stopOnSignals(client);
const [task] = process.argv.slice(2);
if (task === "off") off();
const pending = sdxlLighting(client, { prompt: "a", count: 2 });
process.stdout.write("begun\n");
try {
  const run = await pending;
  process.stdout.write("submitted\n");
  if (task !== "wait") setInterval(() => undefined, 1000);
  else await run.result();
} catch (error) {
  process.stdout.write(`${(error as Error).name}\n`);
  process.exitCode = 1;
}
