/**
 * The limits of the stand-in: starts and resets between tests, creates per second with a full store and many
 * waiting clients, and the memory of a large upload. Run after `npm run build`: `npx tsx bench/standin.ts`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, type ClientRequest, request } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startStandin } from "visionatrix-standin";

const BIN = fileURLToPath(new URL("../standin/bin/visionatrix-standin.js", import.meta.url));

const STORED = 10_000;
const WAITING = 200;
/** Polling interval of a waiting client. */
const POLL_MS = 1000;
const MEASURED = 10_000;
const CONNECTIONS = 16;
const CREATES_PER_SECOND = 1000;
const UPLOAD_MB = 1000;
const UPLOAD_MEMORY_MB = 64;
const START_MS = 20;
const RESET_MS = 5;
const HISTORY_MS = 1000;

interface Running {
  readonly url: string;
  readonly process: ChildProcess;
}

async function start(...flags: string[]): Promise<Running> {
  const child = spawn(process.execPath, [BIN, "--port", "0", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\S+/.exec(line)?.[0];
    if (url !== undefined) return { url, process: child };
  }
  throw new Error("the stand-in did not start; has it been built?");
}

async function stop({ process: child }: Running): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

const BOUNDARY = "bench-boundary";
const MULTIPART = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };

function part(name: string, value: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

/** A form of 1 KB. */
const FORM = Buffer.from(
  `${part("prompt", "p".repeat(780))}${part("seed", "5")}--${BOUNDARY}--\r\n`,
);

function send(
  url: string,
  method: string,
  path: string,
  options: {
    agent: Agent;
    headers?: Record<string, string | number>;
    write: (out: ClientRequest) => void;
  },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const out = request(
      url + path,
      { method, agent: options.agent, headers: options.headers },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => (text += chunk));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on("error", reject);
      },
    );
    out.on("error", reject);
    options.write(out);
  });
}

async function create(url: string, agent: Agent): Promise<number> {
  const headers = { ...MULTIPART, "content-length": FORM.length };
  const write = (out: ClientRequest): unknown => out.end(FORM);
  const { status, text } = await send(url, "PUT", "/vapi/tasks/create/sdxl_lighting", {
    agent,
    headers,
    write,
  });
  if (status !== 200) throw new Error(`create answered ${status}: ${text}`);
  return (JSON.parse(text) as { tasks_ids: number[] }).tasks_ids[0] ?? 0;
}

/** Runs `job` `count` times in total, on several connections. @returns seconds */
async function repeat(count: number, job: () => Promise<unknown>): Promise<number> {
  let left = count;
  const began = performance.now();
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await job();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return (performance.now() - began) / 1000;
}

/** Resident memory of a process in MB; undefined if the system does not report it. */
function residentMb({ process: child }: Running): number | undefined {
  try {
    const status = readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8");
    const kb = /VmRSS:\s+(\d+)/.exec(status)?.[1];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly wanted: string;
  readonly held: boolean;
}

async function measureCreates(): Promise<Row[]> {
  const running = await start("--workers", "0");
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const pollers = new Agent({ keepAlive: true, maxSockets: WAITING });
  const { url } = running;
  try {
    const ids: number[] = [];
    await repeat(STORED, async () => ids.push(await create(url, agent)));
    let polls = 0;
    const done = new AbortController();
    const poll = async (id: number): Promise<void> => {
      while (!done.signal.aborted) {
        const began = performance.now();
        await send(url, "GET", `/vapi/tasks/progress/${id}`, {
          agent: pollers,
          write: (out) => out.end(),
        });
        polls += 1;
        const rest = POLL_MS - (performance.now() - began);
        if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      }
    };
    const clients = ids.slice(0, WAITING).map(poll);
    const seconds = await repeat(MEASURED, () => create(url, agent));
    done.abort();
    await Promise.all(clients);
    const rate = MEASURED / seconds;
    const listed = performance.now();
    const list = await send(url, "GET", "/vapi/tasks/progress-summary", {
      agent,
      write: (out) => out.end(),
    });
    const listMs = performance.now() - listed;
    return [
      {
        what: `creates a second, ${STORED} stored, ${WAITING} clients waiting`,
        measured: rate.toFixed(0),
        wanted: `>= ${CREATES_PER_SECOND}`,
        held: rate >= CREATES_PER_SECOND,
      },
      {
        what: "polls a second beside them",
        measured: (polls / seconds).toFixed(0),
        wanted: "",
        held: true,
      },
      {
        what: `summary of ${STORED + MEASURED} tasks, first time`,
        measured: `${listMs.toFixed(0)} ms, ${(list.text.length / 1e6).toFixed(1)} MB`,
        wanted: "",
        held: true,
      },
      {
        what: `memory with ${STORED + MEASURED} tasks`,
        measured: `${residentMb(running)?.toFixed(0) ?? "?"} MB`,
        wanted: "",
        held: true,
      },
    ];
  } finally {
    agent.destroy();
    pollers.destroy();
    await stop(running);
  }
}

async function measureUpload(): Promise<Row[]> {
  const running = await start("--workers", "0");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    // Idle after one request, so that the cost of the first request is not counted.
    await create(running.url, agent);
    const idle = residentMb(running);
    let peak = idle ?? 0;
    const watch = setInterval(() => (peak = Math.max(peak, residentMb(running) ?? 0)), 20);
    const head = Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="input_image"; filename="a.png"\r\n\r\n`,
    );
    const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
    const chunk = Buffer.alloc(256 * 1024, "0123456789abcdef\r\n");
    const chunks = (UPLOAD_MB * 1e6) / chunk.length;
    const whole = Math.floor(chunks);
    const began = performance.now();
    const headers = {
      ...MULTIPART,
      "content-length": head.length + whole * chunk.length + tail.length,
    };
    const { status } = await send(running.url, "PUT", "/vapi/tasks/create/remove_background_bria", {
      agent,
      headers,
      write: (out) => {
        out.write(head);
        let left = whole;
        const pump = (): void => {
          while (left > 0) {
            left -= 1;
            if (!out.write(chunk)) {
              out.once("drain", pump);
              return;
            }
          }
          out.end(tail);
        };
        pump();
      },
    });
    clearInterval(watch);
    const seconds = (performance.now() - began) / 1000;
    const over = idle === undefined ? undefined : peak - idle;
    return [
      {
        what: `memory of an upload of ${UPLOAD_MB} MB over idle (${idle?.toFixed(0) ?? "?"} MB)`,
        measured: over === undefined ? "?" : `${over.toFixed(0)} MB`,
        wanted: `<= ${UPLOAD_MEMORY_MB} MB`,
        held: over === undefined || over <= UPLOAD_MEMORY_MB,
      },
      {
        what: "its speed",
        measured: `${(UPLOAD_MB / seconds).toFixed(0)} MB/s, status ${status}`,
        wanted: "status 200",
        held: status === 200,
      },
    ];
  } finally {
    agent.destroy();
    await stop(running);
  }
}

async function measureTests(): Promise<Row[]> {
  const warm = await startStandin({ workers: 0 });
  await warm.close();
  const began = performance.now();
  const standin = await startStandin({ speed: "instant" });
  const startMs = performance.now() - began;
  const before = performance.now();
  await standin.reset();
  const resetMs = performance.now() - before;
  await standin.close();
  const filled = performance.now();
  const old = await startStandin({ workers: 0, history: STORED });
  const historyMs = performance.now() - filled;
  await old.close();
  const row = (what: string, ms: number, limit: number): Row => ({
    what,
    measured: `${ms.toFixed(1)} ms`,
    wanted: `<= ${limit} ms`,
    held: ms <= limit,
  });
  return [
    row("a start in a warm process", startMs, START_MS),
    row("a reset", resetMs, RESET_MS),
    row(`a start with ${STORED} finished tasks`, historyMs, HISTORY_MS),
  ];
}

const rows = [...(await measureTests()), ...(await measureCreates()), ...(await measureUpload())];
console.log(`Node ${process.version}`);
const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, measured, wanted, held } of rows) {
  const verdict = wanted === "" ? "" : `  wanted ${wanted}: ${held ? "held" : "NOT HELD"}`;
  console.log(`${what.padEnd(width)}  ${measured.padStart(18)}${verdict}`);
}
if (rows.some(({ held }) => !held)) process.exitCode = 1;
