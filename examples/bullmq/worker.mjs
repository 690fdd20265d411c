// Takes jobs and runs them on a Visionatrix server. Run one per machine: node worker.mjs
//
// BullMQ runs a job at least once. The idempotency key makes that exactly one task: a job that is retried
// after a kill or a stall finds its existing run.
import { Worker } from "bullmq";
import { createClient, TaskFailedError } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { saveFiles } from "visionatrix-client/node";
import { connection, QUEUE } from "./queue.mjs";

const {
  VIX_URL = "http://localhost:8288",
  VIX_USERNAME,
  VIX_PASSWORD,
  OUT = "out",
  // About twice the number of GPU workers, so that none of them waits for a job, divided by these processes.
  CONCURRENCY = "2",
  LOCK_MS = "30000",
  GRACE_MS = "60000",
} = process.env;

const auth = VIX_USERNAME && { auth: { username: VIX_USERNAME, password: VIX_PASSWORD ?? "" } };
const client = createClient({ baseUrl: VIX_URL, ...auth, logger: console });

async function makePicture(job) {
  const { prompt, seed, round = 1 } = job.data;
  const run = await sdxlLighting(
    client,
    { prompt, seed },
    {
      idempotencyKey: `${job.id} ${round}`,
      // A first attempt has no earlier run, so it need not search for one.
      firstTry: job.attemptsStarted === 1 && round === 1,
    },
  );
  const [task] = run.tasks;
  // For the board only: a job that was killed before this still finds its task by the key.
  await job.updateData({ ...job.data, taskIds: run.tasks.map(({ id }) => id) });
  try {
    for await (const { percent } of run.progress()) await job.updateProgress(percent);
    const { files } = await run.result();
    // A job that runs again finds its files, and writes none twice.
    return { files: await saveFiles(files, OUT, { collision: "skip-same" }) };
  } catch (error) {
    if (error instanceof TaskFailedError) {
      // The next attempt creates a new task with the same seed, under another key: a restarted task would
      // keep the files of the failed one.
      await job.updateData({ ...job.data, seed: task.seed, round: round + 1 });
      await task.delete();
    }
    throw error;
  }
}

const worker = new Worker(QUEUE, makePicture, {
  connection,
  concurrency: Number(CONCURRENCY),
  lockDuration: Number(LOCK_MS),
  stalledInterval: Number(LOCK_MS),
  // A killed process is not the job's fault.
  maxStalledCount: 10,
});
worker.on("failed", (job, error) => console.error(`${job?.id}: ${error.message}`));
worker.on("error", (error) => console.error(error.message));

// Takes no new jobs, and waits for the running ones. Unfinished tasks stay on the server, and the next worker
// of the job attaches to them. `cancelAllJobs` would restart the jobs at once, in this process.
let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(0), Number(GRACE_MS)).unref();
  await worker.close();
  await client.close();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
console.log("ready");
