// Loaded into every measured process: adds its peak memory in KB to a file when it ends.
import { appendFileSync } from "node:fs";
import process from "node:process";

process.on("exit", () => {
  appendFileSync(process.env.BENCH_PEAK_FILE, `${process.resourceUsage().maxRSS}\n`);
});
