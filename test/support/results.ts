/** A server with result files for one test, and a client for it. */
import { onTestFinished } from "vitest";
import { createClient, type Client, type Logger, type ResultFile } from "visionatrix-client";
import { startResultServer, type Answer, type ResultServer } from "./result-server.js";
import { QUICK } from "./standin.js";

export { sendFile, type Answer } from "./result-server.js";

export interface Results extends ResultServer {
  readonly client: Client;
  /** The files of the task. */
  files(): Promise<readonly ResultFile[]>;
}

export interface ResultOptions {
  /** Number of files of each node, from node 1 on. Default: one node with one file. */
  outputs?: readonly number[] | undefined;
  /** The size that the server reports for each node's files. */
  fileSize?: number;
  /** How long the client waits during an outage, in ms. */
  outageMs?: number;
  logger?: Logger;
}

export async function resultServer(
  answer: Answer,
  given: readonly number[] | ResultOptions = {},
): Promise<Results> {
  const options: ResultOptions = "length" in given ? { outputs: given } : given;
  const { outputs, fileSize, outageMs, logger } = options;
  const server = await startResultServer(answer, outputs, fileSize);
  onTestFinished(() => server.close());
  const poll = { ...QUICK, ...(outageMs !== undefined && { outageMs }) };
  const client = createClient({ baseUrl: server.url, poll, logger });
  return { ...server, client, files: async () => (await client.task(7).result()).files };
}
