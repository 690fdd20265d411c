/** The soak's server, in a separate process, so that a busy client does not delay it. */
import { startStandin, type Fault } from "visionatrix-standin";

const [, , seed, share] = process.argv.map(Number);

const KINDS: Fault[] = [
  { do: "refuse" },
  { do: "reset-before-body" },
  { do: "reset-after-body" },
  { do: "reset-after-accept" },
  { do: "reset-after-accept", accept: 1, on: "create" },
  { do: "hang" },
  { do: "hang", when: "after" },
  { do: "status", status: 429, retryAfter: 0 },
  { do: "status", status: 502 },
  { do: "status", status: 502, when: "after" },
  { do: "status", status: 503, retryAfter: 0 },
  { do: "status", status: 504 },
  { do: "html" },
  { do: "cut" },
  { do: "wrong-json", when: "after" },
  { do: "drop-connection" },
  { do: "deliver-late", afterMs: 1500, on: "create" },
  { do: "deliver-late", afterMs: 6000, on: "create" },
];

const standin = await startStandin({
  workers: 50,
  duration: [100, 2000],
  maxPictureSide: 16,
  seed: seed ?? 1,
  recordLimit: 1_000_000,
  faults: KINDS.map((fault) => ({ ...fault, chance: (share ?? 0.05) / KINDS.length })),
});

process.send?.({ url: standin.url });
// Faults end first. Late requests have arrived by the time they are counted.
process.on("message", () => {
  const struck = standin.requests.filter(({ fault }) => fault !== undefined).length;
  process.send?.({ struck, total: standin.requests.length });
  standin.clearFaults();
});
process.on("disconnect", () => void standin.close());
