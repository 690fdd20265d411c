/** A complete task of an agent, over every transport. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { asked } from "../support/standin.js";
import { place, WAYS } from "./support.js";

describe.each(WAYS)("%s", (way, start) => {
  it("finds a flow, makes a picture, takes its background away, upscales it, fetches it", async () => {
    const at = await place();
    const host = await start(at);
    const { tools } = await host.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "list_flows",
      "describe_flow",
      "run_flow",
      "wait_task",
      "get_result",
      "cancel_task",
    ]);

    const listed = await host.call("list_flows", { query: "sdxl" });
    expect(listed.structuredContent?.flows.join()).toContain("sdxl_lighting: ");
    const { params } = (await host.call("describe_flow", { flow: "sdxl_lighting" }))
      .structuredContent!;
    expect(params.required).toEqual(["prompt"]);
    expect(params.properties["steps_number"]).toMatchObject({
      enum: expect.any(Array) as unknown[],
    });

    const seen: number[] = [];
    const made = await host.call(
      "run_flow",
      { flow: "sdxl_lighting", params: { prompt: "a lighthouse" }, request_id: "errand-1" },
      { onprogress: ({ progress }) => seen.push(progress) },
    );
    expect(made.isError ?? false).toBe(false);
    const [picture] = made.structuredContent!.tasks;
    expect(picture).toMatchObject({
      state: "done",
      percent: 100,
      seed: expect.any(Number) as number,
    });
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect(made.content.map(({ type }) => type)).toEqual(["text", "resource_link", "image"]);
    expect(made.content[1]?.uri).toMatch(
      way.includes("HTTP") ? /^vix:\/\/tasks\/\d+\/9\/0$/ : /^file:\/\/\//,
    );

    const { task, node } = picture!.files![0]!;
    const cut = await host.call("run_flow", {
      flow: "remove_background_birefnet",
      params: { input_image: { task, node } },
    });
    const [cutout] = cut.structuredContent!.tasks;
    const large = await host.call("run_flow", {
      flow: "supir_upscaler",
      params: { image_to_upscale: cutout!.files![0]!.uri },
      wait_s: 0,
    });
    const { id } = large.structuredContent!.tasks[0]!;
    const waited = await host.call("wait_task", { ids: [id] });
    expect(waited.structuredContent?.tasks[0]).toMatchObject({ id, state: "done" });
    const fetched = await host.call("get_result", { id, preview: false });
    expect(fetched.content.map(({ type }) => type)).toEqual(["text", "resource_link"]);
    const { path, uri } = fetched.structuredContent!.tasks[0]!.files![0]!;
    const bytes = await readFile(path);
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");

    const { contents } = await host.client.readResource({ uri });
    expect(Buffer.from((contents[0] as { blob: string }).blob, "base64").equals(bytes)).toBe(true);
    expect(asked(at.standin, "create")).toBe(3);
  });
});
