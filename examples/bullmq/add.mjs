// Adds a job for each line of a file. Run: node add.mjs prompts.txt
// Adding the same file again adds nothing, as long as its jobs are kept.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { openQueue } from "./queue.mjs";

const lines = (await readFile(process.argv[2], "utf8")).split("\n").filter(Boolean);
const queue = openQueue();
await queue.addBulk(
  lines.map((prompt, index) => ({
    name: "picture",
    data: { prompt },
    opts: {
      // BullMQ rejects ids with only digits, or with a colon.
      jobId: `picture-${createHash("sha256").update(`${index} ${prompt}`).digest("hex").slice(0, 16)}`,
      attempts: 3,
      backoff: { type: "exponential", delay: 1000 },
      // An id prevents a second job only while the first one is kept.
      removeOnComplete: { age: 7 * 24 * 3600 },
    },
  })),
);
await queue.close();
console.log(`${lines.length} jobs`);
