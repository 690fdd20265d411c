import { fork } from "node:child_process";
import { once } from "node:events";

/** Starts the server for large files and uploads in a separate process. */
export async function startSink(bytes: number): Promise<{ url: string; stop: () => void }> {
  const child = fork("bench/bytes/sink.ts", [String(bytes)], { execArgv: ["--import", "tsx"] });
  const [port] = (await once(child, "message")) as [number];
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}
