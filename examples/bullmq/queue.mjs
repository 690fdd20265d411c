// Shared by all programs of the example: where Redis is, and the name of the queue.
import { Queue } from "bullmq";

const { REDIS_URL = "redis://127.0.0.1:6379" } = process.env;

export const QUEUE = "pictures";

// Workers wait while Redis restarts.
export const connection = { url: REDIS_URL, maxRetriesPerRequest: null };

export function openQueue() {
  return new Queue(QUEUE, { connection });
}
