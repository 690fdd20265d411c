/** The provider in both majors of the AI SDK, against the stand-in. */
import * as ai6 from "ai-6";
import * as ai7 from "ai-7";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { createVisionatrix, type FlowOptions } from "visionatrix-ai-provider";
import { AbortError, InvalidParamsError, TaskFailedError, type Progress } from "visionatrix-client";
import * as byName from "visionatrix-client/flows";
import type { SdxlLightingParams } from "visionatrix-client/flows/sdxl_lighting";
import type { StandinOptions } from "visionatrix-standin";
import { asked, standinWithClient } from "../support/standin.js";

const { sdxlLighting, removeBackgroundBria, flux1DevInpaint, juggernautLite } = byName;

async function provider(options: StandinOptions = {}) {
  const { standin, client } = await standinWithClient({ maxPictureSide: 64, ...options });
  const visionatrix = createVisionatrix({ client, flows: byName.flows });
  return { standin, client, visionatrix };
}

const created = (standin: Awaited<ReturnType<typeof provider>>["standin"]) =>
  asked(standin, "create");

let logged: typeof globalThis.AI_SDK_LOG_WARNINGS;
beforeAll(() => {
  logged = globalThis.AI_SDK_LOG_WARNINGS;
  globalThis.AI_SDK_LOG_WARNINGS = false;
});
afterAll(() => {
  globalThis.AI_SDK_LOG_WARNINGS = logged;
});

describe.each([
  ["ai@6", ai6 as Pick<typeof ai6, "generateImage" | "createProviderRegistry">],
  ["ai@7", ai7 as unknown as Pick<typeof ai6, "generateImage" | "createProviderRegistry">],
])("%s", (_, { generateImage, createProviderRegistry }) => {
  it("makes pictures with distinct seeds, in one create, and reports their origin", async () => {
    const { standin, visionatrix, client } = await provider();
    const model = visionatrix.image(sdxlLighting);
    const { images, warnings, providerMetadata, responses } = await generateImage({
      model,
      prompt: "a lighthouse",
      n: 3,
      seed: 40,
      providerOptions: model.options({ steps_number: "8 steps" }),
    });
    expect(created(standin)).toBe(1);
    expect(images.map(({ mediaType }) => mediaType)).toEqual(Array(3).fill("image/png"));
    expect(new Set(images.map(({ base64 }) => base64)).size).toBe(3);
    expect(warnings).toEqual([]);
    const metadata = providerMetadata["visionatrix"]!.images;
    expect(metadata).toMatchObject(
      [40, 41, 42].map((seed) => ({ seed, nodeId: 9, mediaType: "image/png" })),
    );
    expect(responses).toMatchObject([{ modelId: "sdxl_lighting" }]);
    const { taskId } = metadata[1] as { taskId: number };
    const { files } = await client.task(taskId).result();
    expect(Buffer.from(await files[0]!.bytes()).equals(images[1]!.uint8Array)).toBe(true);
    const { input_params } = await client.task(taskId).details();
    expect(input_params).toMatchObject({ prompt: "a lighthouse", steps_number: "8 steps" });
  });

  it("works on pictures, from bytes, data URLs and earlier tasks", async () => {
    const { visionatrix, standin } = await provider();
    const { image, providerMetadata } = await generateImage({
      model: visionatrix.image(sdxlLighting),
      prompt: "a",
    });
    const model = visionatrix.imageModel("remove_background_bria");
    for (const given of [image.uint8Array, `data:image/png;base64,${image.base64}`]) {
      const { warnings } = await generateImage({ model, prompt: { images: [given] } });
      expect(warnings).toEqual([]);
    }
    const { taskId, nodeId } = providerMetadata["visionatrix"]!.images[0] as {
      taskId: number;
      nodeId: number;
    };
    const typed = visionatrix.image(removeBackgroundBria);
    const { images } = await generateImage({
      model: typed,
      prompt: { images: [] },
      providerOptions: typed.options({ input_image: { task_id: taskId, node_id: nodeId } }),
    });
    expect(images).toHaveLength(1);
    await generateImage({
      model: visionatrix.image(flux1DevInpaint),
      prompt: { text: "a hat", images: [image.uint8Array], mask: image.uint8Array },
    });
    expect(created(standin)).toBe(5);
  });

  it("has addresses fetched by the client, within its guards", async () => {
    const { visionatrix, standin } = await provider();
    const call = generateImage({
      model: visionatrix.image(removeBackgroundBria),
      prompt: { images: [`${standin.url}/vapi/other/whoami`] },
    });
    await expect(call).rejects.toMatchObject({ code: "url_refused" });
    expect(created(standin)).toBe(0);
  });

  it("warns of what the flow cannot do, and does the rest", async () => {
    const { visionatrix } = await provider();
    const { images, warnings } = await generateImage({
      model: visionatrix.image(sdxlLighting),
      prompt: "a",
      size: "512x512",
    });
    expect(images).toHaveLength(1);
    expect(warnings).toMatchObject([{ type: "unsupported", feature: "size" }]);
  });

  it("gives the pictures of the tasks that worked, and a warning for the others", async () => {
    const { visionatrix, standin } = await provider({
      faults: [{ do: "fail", error: "CUDA out of memory", nth: 2 }],
    });
    const { images, warnings, providerMetadata } = await generateImage({
      model: visionatrix.image(sdxlLighting),
      prompt: "a",
      n: 3,
      seed: 5,
    });
    expect(images).toHaveLength(2);
    const seeds = providerMetadata["visionatrix"]!.images.map(
      (each) => (each as { seed: number }).seed,
    );
    expect(seeds).toEqual([5, 7]);
    expect(warnings).toMatchObject([
      { type: "other", message: expect.stringContaining("CUDA out of memory") as string },
    ]);
    expect(created(standin)).toBe(1);
  });

  it.each<[string, StandinOptions["faults"], RegExp]>([
    ["lost", [{ do: "lose-files", task: 2 }], /Task 2 is done/],
    ["not to be had", [{ on: "results", task: 2, do: "status", status: 404 }], /is missing/],
  ])("gives the other pictures when one is %s, and a warning", async (_case, faults, message) => {
    const { visionatrix, client } = await provider({ faults: faults ?? [] });
    const model = visionatrix.image(sdxlLighting);
    const { images, warnings } = await generateImage({ model, prompt: "a", n: 3 });
    expect(images).toHaveLength(2);
    expect(warnings).toMatchObject([
      { type: "other", message: expect.stringMatching(message) as string },
    ]);
    expect(await client.tasks()).toHaveLength(3);
  });

  it("throws the client's own error, after one create, if it made no picture", async () => {
    const { visionatrix, standin } = await provider({ faults: [{ do: "fail", error: "no" }] });
    const failing = generateImage({ model: visionatrix.image(sdxlLighting), prompt: "a", n: 2 });
    await expect(failing).rejects.toBeInstanceOf(TaskFailedError);
    expect(created(standin)).toBe(1);
    const wrong = generateImage({
      model: visionatrix.image(sdxlLighting),
      prompt: "a",
      providerOptions: { visionatrix: { step_number: "8 steps" } },
    });
    await expect(wrong).rejects.toBeInstanceOf(InvalidParamsError);
    await expect(wrong).rejects.toThrow("steps_number");
    expect(created(standin)).toBe(1);
  });

  it.each<[string, StandinOptions["faults"]]>([
    ["the answer is lost", [{ on: "create", nth: 1, do: "reset-after-accept" }]],
    [
      "the answer is lost and half is there",
      [{ on: "create", nth: 1, do: "reset-after-accept", accept: 1 }],
    ],
    [
      "a proxy says 502 after it was accepted",
      [{ on: "create", nth: 1, do: "status", status: 502, when: "after" }],
    ],
    ["it is busy", [{ on: "create", nth: 1, do: "status", status: 503 }]],
    [
      "every fifth look fails",
      [{ on: ["progress", "progress-summary"], every: 5, do: "bare-500" }],
    ],
    ["a download breaks", [{ on: "results", nth: 2, do: "cut" }]],
  ])("creates no task twice when %s", async (_case, faults) => {
    const { visionatrix, client, standin } = await provider({ faults: faults ?? [] });
    const { images } = await generateImage({
      model: visionatrix.image(sdxlLighting),
      prompt: "a",
      n: 2,
      seed: 1,
    });
    expect(images).toHaveLength(2);
    standin.clearFaults();
    const tasks = await client.tasks();
    expect(tasks.map(({ input_params }) => Number(input_params["seed"])).sort()).toEqual([1, 2]);
  });

  it("creates nothing twice when the files of a task are lost: no picture, no retry", async () => {
    const { visionatrix, client } = await provider({ faults: [{ do: "lose-files" }] });
    const call = generateImage({ model: visionatrix.image(sdxlLighting), prompt: "a" });
    await expect(call).rejects.toThrow();
    expect(await client.tasks()).toHaveLength(1);
  });

  it("cancels on the server when it is aborted", async () => {
    const { visionatrix, client, standin } = await provider({ speed: 1, duration: 60_000 });
    const stop = new AbortController();
    const call = generateImage({
      model: visionatrix.image(sdxlLighting, { onProgress: () => stop.abort(new Error("enough")) }),
      prompt: "a",
      n: 2,
      abortSignal: stop.signal,
    });
    const error = await call.catch((reason: unknown) => reason as AbortError);
    expect(error).toBeInstanceOf(AbortError);
    await expect.poll(() => (error as AbortError).cancelled).toBe("yes");
    await expect.poll(() => client.tasks()).toEqual([]);
    expect(created(standin)).toBe(1);
  });

  it("reports progress where the model was made", async () => {
    const { visionatrix } = await provider();
    const seen: Progress[] = [];
    await generateImage({
      model: visionatrix.image(sdxlLighting, { onProgress: (progress) => seen.push(progress) }),
      prompt: "a",
    });
    expect(seen.at(-1)).toMatchObject({ percent: 100, state: "done" });
  });

  it("returns all pictures of a batch, and those in pieces when the caller limits a call", async () => {
    const { visionatrix } = await provider();
    const model = visionatrix.image(juggernautLite);
    const { images, providerMetadata } = await generateImage({
      model,
      prompt: "a",
      n: 2,
      providerOptions: model.options({ batch_size: 2 }),
    });
    expect(images).toHaveLength(4);
    expect(providerMetadata["visionatrix"]!.images).toHaveLength(4);
    const pieces = await generateImage({ model, prompt: "a", n: 3, maxImagesPerCall: 2 });
    expect(pieces.images).toHaveLength(3);
    expect(pieces.responses).toHaveLength(2);
  });

  it("refuses flows that make something else by name", async () => {
    const { visionatrix } = await provider();
    const call = async () =>
      generateImage({ model: visionatrix.image("ltxv_txt2video"), prompt: "a" });
    await expect(call).rejects.toThrow(/ltxv_txt2video makes .*pictures only/);
  });

  it("sends the caller's headers with the create, and not the AI SDK's name", async () => {
    const { visionatrix, standin } = await provider();
    await generateImage({
      model: visionatrix.image(sdxlLighting),
      prompt: "a",
      headers: { "x-tenant": "blue" },
    });
    const { headers } = standin.requests.find(({ endpoint }) => endpoint === "create")!;
    expect(headers["x-tenant"]).toBe("blue");
    expect(headers["user-agent"] ?? "").not.toContain("ai/");
  });

  it("is found in a registry", async () => {
    const { visionatrix } = await provider();
    const registry = createProviderRegistry({ visionatrix });
    const { images } = await generateImage({
      model: registry.imageModel("visionatrix:sdxl_lighting"),
      prompt: "a",
    });
    expect(images).toHaveLength(1);
    expect(() => registry.languageModel("visionatrix:sdxl_lighting")).toThrow(
      expect.objectContaining({ name: "AI_NoSuchModelError" }),
    );
    expect(() => visionatrix.embeddingModel("x")).toThrow("x");
    expect(() => visionatrix.image("no_such_flow")).toThrow("no_such_flow");
  });

  it("makes the same pictures for the same `idempotency-key` header", async () => {
    const { visionatrix, client } = await provider();
    const call = async () =>
      generateImage({
        model: visionatrix.image(sdxlLighting),
        prompt: "a",
        headers: { "idempotency-key": "order-7" },
      });
    const [first, second] = [await call(), await call()];
    expect(second.image.base64).toBe(first.image.base64);
    expect(await client.tasks()).toHaveLength(1);
  });

  it("makes models by id without `flows`, as the server describes them", async () => {
    const { client } = await provider();
    const model = createVisionatrix({ client }).image("sdxl_lighting");
    expect((await generateImage({ model, prompt: "a" })).images).toHaveLength(1);
  });
});

describe("without flows", () => {
  it("looks a flow up on the server", async () => {
    const { client } = await standinWithClient();
    const visionatrix = createVisionatrix({ client });
    const model = visionatrix.image("sdxl_lighting");
    expect((await ai6.generateImage({ model, prompt: "a" })).images).toHaveLength(1);
    const unknown = visionatrix.image("sdxl_lightnig");
    await expect(ai6.generateImage({ model: unknown, prompt: "a" })).rejects.toThrow(
      "did you mean sdxl_lighting?",
    );
  });
});

describe("types", () => {
  it("are those of both majors, and of the flow", async () => {
    const { visionatrix } = await provider();
    expectTypeOf(visionatrix.image(sdxlLighting)).toExtend<ai6.ImageModel>();
    expectTypeOf(visionatrix.image(sdxlLighting)).toExtend<ai7.ImageModel>();
    ai7.createProviderRegistry({ visionatrix });
    const model = visionatrix.image(removeBackgroundBria);
    model.options({ input_image: { url: "https://example.com/a.png" } });
    model.options({ input_image: "data:image/png;base64,AAAA" });
    // @ts-expect-error: `providerOptions` are JSON
    model.options({ input_image: new Blob() });
    const options: FlowOptions<SdxlLightingParams> = { steps_number: "8 steps", seed: 1 };
    expect(visionatrix.image(sdxlLighting).options(options)).toEqual({ visionatrix: options });
    // @ts-expect-error: not a choice
    visionatrix.image(sdxlLighting).options({ steps_number: "9 steps" });
    // @ts-expect-error: no parameter of the flow
    visionatrix.image(sdxlLighting).options({ step_number: "8 steps" });
  });
});
