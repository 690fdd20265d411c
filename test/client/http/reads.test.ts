/** Every read of the public API continues after one broken response. */
import { describe, expect, it } from "vitest";
import { verifyFlows, type Client, type Task } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { asked, standinWithClient } from "../../support/standin.js";

type Read = (client: Client) => Promise<unknown>;

/** Members of a client or task that are no reads: they change something, or are no functions. */
type NoRead =
  | "baseUrl"
  | "logger"
  | "submit"
  | "settle"
  | "task"
  | "stop"
  | "wake"
  | "watched"
  | "close"
  | typeof Symbol.asyncDispose;
type NoReadOfTask = Exclude<keyof Task, "details" | "result" | "progress">;

/** All other members. The compiler requires an entry for each new one. */
const READS: Readonly<
  Record<Exclude<keyof Client, NoRead> | Exclude<keyof Task, NoReadOfTask>, Read>
> = {
  whoami: (client) => client.whoami(),
  flows: (client) => client.flows(),
  flow: (client) => client.flow("sdxl_lighting"),
  tasks: (client) => client.tasks(),
  cancelAll: (client) => client.cancelAll(),
  details: (client) => client.task(1).details(),
  result: async (client) => (await client.task(1).result()).files[0]!.bytes(),
  progress: async (client) => {
    for await (const { percent } of client.task(1).progress()) if (percent === 100) return;
  },
};
const reads: [string, Read][] = [
  ...Object.entries(READS),
  ["verifyFlows", (client) => verifyFlows(client, [sdxlLighting])],
];

describe.each(reads)("%s", (_, read) => {
  it.each([
    ["a 502", { do: "status", status: 502 }],
    ["a reset", { do: "reset-after-accept" }],
    ["half a body", { do: "cut" }],
  ] as const)("goes on after %s", async (_fault, fault) => {
    const { client, standin } = await standinWithClient();
    await (await sdxlLighting(client, { prompt: "a" })).result();
    const before = standin.requests.length;
    await read(client);
    const endpoints = new Set(standin.requests.slice(before).map(({ endpoint }) => endpoint));
    expect(endpoints.size).toBeGreaterThan(0);
    for (const on of endpoints) {
      const times = asked(standin, on);
      standin.addFaults({ ...fault, on, times: 1 });
      await read(client);
      // The broken request, and at least one more.
      expect(asked(standin, on) - times).toBeGreaterThan(1);
    }
  });
});
