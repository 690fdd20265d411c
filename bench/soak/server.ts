/** The server of the soak, in a process of its own: one that shared the client's would be late when it is. */
import { startStandin, type Fault } from "visionatrix-standin";

const SHARE = 0.05;

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
];

const standin = await startStandin({
  workers: 50,
  duration: [100, 2000],
  maxPictureSide: 16,
  seed: Number(process.argv[2]),
  recordLimit: 1_000_000,
  faults: KINDS.map((fault) => ({ ...fault, chance: SHARE / KINDS.length })),
});

process.send?.({ url: standin.url });
process.on("message", () => {
  const struck = standin.requests.filter(({ fault }) => fault !== undefined).length;
  process.send?.({ struck, total: standin.requests.length });
  standin.clearFaults();
});
process.on("disconnect", () => void standin.close());
