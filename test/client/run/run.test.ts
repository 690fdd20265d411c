import { describe, expect, it } from "vitest";
import {
  AbortError,
  HttpError,
  InvalidParamsError,
  TaskFailedError,
  TaskGoneError,
  TimeoutError,
  createClient,
} from "visionatrix-client";
import {
  photoStickers,
  removeBackgroundBirefnet,
  sdxlLighting,
  supirUpscaler,
} from "visionatrix-client/flows";
import { asked, QUICK, standinWithClient } from "../../support/standin.js";

describe("a run", () => {
  it("goes from parameters to files", async () => {
    const { client } = await standinWithClient();
    const run = await sdxlLighting(client, { prompt: "a sunset", steps_number: "8 steps" });
    const [task] = run.tasks;
    expect(task?.seed).toBeGreaterThan(0);
    const { files } = await run.result();
    expect(files).toHaveLength(1);
    const [file] = files;
    expect(file).toMatchObject({
      taskId: task?.id,
      index: 0,
      kind: "image",
      mediaType: "image/png",
    });
    expect(file?.name).toMatch(/^\d+_\d+_00001\.png$/);
    const bytes = await file!.bytes();
    expect(bytes.length).toBe(file?.size);
    expect([...bytes.subarray(1, 4)]).toEqual([...Buffer.from("PNG")]);
  });

  it("gives the same picture for the same seed, and says which it was", async () => {
    const { client } = await standinWithClient();
    const first = await sdxlLighting(client, { prompt: "a" });
    const again = await sdxlLighting(client, { prompt: "a", seed: first.tasks[0]!.seed! });
    const other = await sdxlLighting(client, { prompt: "a" });
    const [a, b, c] = await Promise.all(
      [first, again, other].map(async (run) => (await run.result()).files[0]!.bytes()),
    );
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it("fetches every output of every task", async () => {
    const { client } = await standinWithClient();
    const { files, tasks } = await photoStickers(client, {
      person_face: await picture(),
      count: 2,
    }).result();
    expect(tasks.map(({ seed }) => seed! - tasks[0]!.seed!)).toEqual([0, 1]);
    expect(files).toHaveLength(8);
    expect(new Set(files.map(({ taskId, nodeId }) => `${taskId} ${nodeId}`)).size).toBe(8);
  });

  it("chains flows by reference, without moving bytes", async () => {
    const { client, standin } = await standinWithClient();
    const cutout = await removeBackgroundBirefnet(client, {
      input_image: await picture(),
    }).result();
    standin.clearRequests();
    await supirUpscaler(client, { image_to_upscale: cutout.files[0]!.reference() }).result();
    const create = standin.requests.find(({ endpoint }) => endpoint === "create");
    expect(create?.bytesIn).toBeLessThan(2000);
  });

  it("shows progress that ends at 100, and ends at once when asked again", async () => {
    const { client } = await standinWithClient({ speed: 20 });
    const run = await sdxlLighting(client, { prompt: "a" });
    const seen: number[] = [];
    for await (const { percent } of run.progress()) seen.push(percent);
    expect(seen.at(-1)).toBe(100);
    const again: string[] = [];
    for await (const { state } of run.progress()) again.push(state);
    expect(again).toEqual(["done"]);
  });

  it("can be waited for from another client, which does not own it", async () => {
    const { client, standin } = await standinWithClient({ workers: 0 });
    const run = await sdxlLighting(client, { prompt: "a" });
    const onlooker = createClient({
      baseUrl: standin.url,
      auth: { username: "ann", password: "secret" },
      poll: QUICK,
    });
    const id = run.tasks[0]!.id;
    await expect(onlooker.task(id).result({ timeoutMs: 30 })).rejects.toMatchObject({
      name: "TimeoutError",
      cancelled: "no",
      taskIds: [id],
    });
    expect((await onlooker.task(id).details()).name).toBe("sdxl_lighting");
    expect(asked(standin, "cancel")).toBe(0);
  });
});

describe("errors", () => {
  it("are raised before anything is sent where parameters are wrong", async () => {
    const { client, standin } = await standinWithClient();
    const call = sdxlLighting(client, { steps_number: "9 steps", promt: "x" } as never);
    await expect(call).rejects.toThrow(InvalidParamsError);
    await expect(call).rejects.toThrow(
      /did you mean `prompt`\?.*`prompt` is required.*one of "4 steps"/s,
    );
    expect(standin.requests).toHaveLength(0);
  });

  it("name the flow that is not installed", async () => {
    const { client } = await standinWithClient({
      flows: new URL("../../support/one-flow.openapi.json", import.meta.url).pathname,
    });
    await expect(sdxlLighting(client, { prompt: "a" })).rejects.toMatchObject({
      name: "HttpError",
      code: "flow_not_installed",
      status: 404,
      detail: "Flow `sdxl_lighting` is not installed.",
    });
  });

  it("tell wrong credentials, without showing them", async () => {
    const { standin } = await standinWithClient();
    const client = createClient({
      baseUrl: standin.url,
      auth: { username: "änn", password: "geheim" },
    });
    const error = await client.whoami().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({
      code: "not_authenticated",
      status: 401,
      path: "/vapi/other/whoami",
    });
    expect(JSON.stringify([error, (error as Error).message, client])).not.toContain("geheim");
  });

  it("quote the engine's error when a task failed", async () => {
    const { client } = await standinWithClient({
      faults: [{ do: "fail", error: "CUDA out of memory", at: 40 }],
    });
    const call = sdxlLighting(client, { prompt: "a" }).result();
    await expect(call).rejects.toThrow(TaskFailedError);
    await expect(call).rejects.toThrow(/Task 1 of sdxl_lighting failed: CUDA out of memory/);
  });

  it("tell a task that was deleted meanwhile", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "vanish", at: 40 }] });
    await expect(sdxlLighting(client, { prompt: "a" }).result()).rejects.toThrow(TaskGoneError);
  });

  it("come quickly where no server ever answered", async () => {
    const { standin, client } = await standinWithClient();
    await standin.close();
    await expect(client.whoami()).rejects.toMatchObject({
      name: "ConnectionError",
      code: "not_reachable",
      neverSent: true,
    });
  });

  it("refuse a base URL that is none", () => {
    expect(() => createClient({ baseUrl: "localhost:8288" })).toThrow(/http\(s\) address/);
    expect(() => createClient({ baseUrl: "http://a:b@h" })).toThrow(/as `auth`/);
  });
});

describe("stopping", () => {
  it("cancels the task on the server", async () => {
    const { client, standin } = await standinWithClient({ workers: 0 });
    const stop = new AbortController();
    const reason = new Error("changed my mind");
    const waiting = sdxlLighting(client, { prompt: "a" }).result({
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    const error = await waiting.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({
      name: "AbortError",
      cause: reason,
      taskIds: [1],
    });
    await expect.poll(() => (error as AbortError).cancelled).toBe("yes");
    expect(asked(standin, "cancel")).toBe(1);
    await expect(client.task(1).details()).rejects.toMatchObject({ status: 404 });
  });

  it("takes back a create that is under way", async () => {
    const { client, standin } = await standinWithClient({
      workers: 0,
      faults: [{ on: "create", do: "delay", ms: 100, when: "after" }],
    });
    const error = await sdxlLighting(client, { prompt: "a" })
      .result({ timeoutMs: 20 })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TimeoutError);
    await expect.poll(() => (error as TimeoutError).cancelled).toBe("yes");
    expect(asked(standin, "cancel")).toBe(1);
    await expect(client.task(1).details()).rejects.toMatchObject({ status: 404 });
  });

  it("does not wait for a server that does not answer the cancel", async () => {
    const { client, standin } = await standinWithClient({
      workers: 0,
      faults: [{ on: "cancel", do: "hang" }],
    });
    const run = await sdxlLighting(client, { prompt: "a" });
    const stopped = run.result({ timeoutMs: 20 }).catch((error: unknown) => error);
    // The server never answers. Waiting for it would take 5 s, the time limit of a cancel.
    const inTime = new Promise((resolve) => setTimeout(resolve, 2000, "too late"));
    expect(await Promise.race([stopped, inTime])).toMatchObject({
      name: "TimeoutError",
      cancelled: "unknown",
      taskIds: [1],
    });
    expect(asked(standin, "cancel")).toBe(1);
  });

  it("leaves a loop and cancels what it owned", async () => {
    const { client } = await standinWithClient({ workers: 0 });
    const run = await sdxlLighting(client, { prompt: "a" });
    for await (const { state } of run.progress()) {
      expect(state).toBe("queued");
      break;
    }
    await expect(run.tasks[0]!.details()).rejects.toMatchObject({ status: 404 });
  });

  it("hands on what the caller's own callback threw", async () => {
    const { client } = await standinWithClient({ workers: 0 });
    const own = new RangeError("mine");
    const waiting = sdxlLighting(client, { prompt: "a" }).result({
      onProgress: () => {
        throw own;
      },
    });
    await expect(waiting).rejects.toBe(own);
    await expect
      .poll(() =>
        client
          .task(1)
          .details()
          .catch((error: unknown) => (error as HttpError).status),
      )
      .toBe(404);
  });

  it("follows a signal given to the call for the whole life of the run", async () => {
    const { client } = await standinWithClient({ workers: 0 });
    const stop = new AbortController();
    const run = await sdxlLighting(client, { prompt: "a" }, { signal: stop.signal });
    stop.abort();
    const error = await run.result().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "AbortError" });
    await expect.poll(() => (error as AbortError).cancelled).toBe("yes");
  });
});

/** A small picture that the stand-in can decode. */
async function picture(): Promise<Blob> {
  const { client } = await standinWithClient({ maxPictureSide: 32 });
  return (await sdxlLighting(client, { prompt: "a" }).result()).files[0]!.blob();
}
