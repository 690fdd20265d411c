/** A server of result files for one test, and a client of it. */
import { onTestFinished } from "vitest";
import { createClient, type Client, type ResultFile } from "visionatrix-client";
import { startResultServer, type Answer, type ResultServer } from "./result-server.js";
import { QUICK } from "./standin.js";

export { sendFile, type Answer } from "./result-server.js";

export interface Results extends ResultServer {
  readonly client: Client;
  /** The files of the task. */
  files(): Promise<readonly ResultFile[]>;
}

export async function resultServer(
  answer: Answer,
  outputs?: readonly number[],
  fileSize?: number,
): Promise<Results> {
  const server = await startResultServer(answer, outputs, fileSize);
  onTestFinished(() => server.close());
  const client = createClient({ baseUrl: server.url, poll: QUICK });
  return { ...server, client, files: async () => (await client.task(7).result()).files };
}
