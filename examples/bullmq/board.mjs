// Shows the running jobs, every second; with --once as JSON. Run: node board.mjs
import { setTimeout as sleep } from "node:timers/promises";
import { openQueue } from "./queue.mjs";

const queue = openQueue();

async function look() {
  const counts = await queue.getJobCounts("waiting", "active", "delayed", "completed", "failed");
  const active = await queue.getActive(0, 49);
  return {
    counts,
    active: active.map(({ id, data, progress }) => ({
      id,
      tasks: data.taskIds ?? [],
      percent: typeof progress === "number" ? progress : 0,
      prompt: data.prompt,
    })),
  };
}

if (process.argv.includes("--once")) {
  console.log(JSON.stringify(await look()));
  await queue.close();
} else
  for (;;) {
    const { counts, active } = await look();
    console.clear();
    console.log(
      Object.entries(counts)
        .map(([state, count]) => `${count} ${state}`)
        .join(", "),
    );
    for (const { tasks, percent, prompt } of active) {
      const bar = "#".repeat(Math.round(percent / 5)).padEnd(20, ".");
      console.log(`${bar} ${percent.toFixed().padStart(3)} %  task ${tasks.join(", ")}  ${prompt}`);
    }
    await sleep(1000);
  }
