/** Finished tasks from before the start. */
import { describe, expect, it } from "vitest";
import { create, FLOW, get, start } from "./support.js";

type List = Record<string, Record<string, unknown>>;

describe("a history", () => {
  it("is there at the start, finished, with files", async () => {
    const vix = await start({ workers: 0, history: { [FLOW]: 30, photo_stickers: 2 } });
    const list = (await get(vix, "/vapi/tasks/progress-summary")).json() as List;
    expect(Object.values(list)).toHaveLength(32);
    const ofStickers = Object.values(list).filter(({ name }) => name === "photo_stickers");
    expect(ofStickers).toHaveLength(2);
    for (const { task_id, progress, outputs } of ofStickers) {
      expect(progress).toBe(100);
      for (const output of outputs as { comfy_node_id: number; file_size: number }[]) {
        const path = `/vapi/tasks/results?task_id=${String(task_id)}&node_id=${output.comfy_node_id}`;
        const { bytes, headers } = await get(vix, path);
        expect(bytes.length).toBe(output.file_size);
        expect(headers["content-disposition"]).toContain(
          `"${String(task_id)}_${output.comfy_node_id}_00001.png"`,
        );
      }
    }
    expect(await create(vix)).toEqual([33]);
  });

  it("is of one flow without files where only a number is given, for the first admin", async () => {
    const vix = await start({
      workers: 0,
      history: 3,
      auth: { bob: "x", ann: { password: "y", admin: true } },
    });
    const authorization = `Basic ${Buffer.from("ann:y").toString("base64")}`;
    const answer = await fetch(`${vix.url}/vapi/tasks/progress`, { headers: { authorization } });
    const list = (await answer.json()) as List;
    expect(Object.values(list).map(({ name, user_id }) => [name, user_id])).toEqual(
      Array.from({ length: 3 }, () => [FLOW, "ann"]),
    );
  });

  it("comes back with a reset, and keeps its files when one of its tasks is deleted", async () => {
    const vix = await start({ workers: 0, history: 3 });
    await fetch(`${vix.url}/vapi/tasks/task?task_id=1`, { method: "DELETE" });
    expect((await get(vix, "/vapi/tasks/results?task_id=2&node_id=9")).status).toBe(200);
    await vix.reset();
    expect(Object.keys((await get(vix, "/vapi/tasks/progress-summary")).json() as List)).toEqual([
      "1",
      "2",
      "3",
    ]);
  });

  it("says which flow it does not know, and which number makes no sense", async () => {
    await expect(start({ history: { no_such: 1 } })).rejects.toThrow(/unknown flow: no_such/);
    await expect(start({ history: { [FLOW]: -1 } })).rejects.toThrow(/history must be numbers/);
  });
});
