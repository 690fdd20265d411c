/** A slow server: how long its responses take, and which requests wait for others. */
import { describe, expect, it } from "vitest";
import { FLOW, get, nextTurn, start } from "./support.js";

const LIST = "/vapi/tasks/progress-summary";

/** Milliseconds of the virtual clock after which each of the requests is answered. */
async function answerTimes(
  vix: Awaited<ReturnType<typeof start>>,
  paths: readonly string[],
): Promise<number[]> {
  const began = vix.clock.now();
  const times: number[] = [];
  const answers = [];
  for (const [index, path] of paths.entries()) {
    const before = vix.requests.length;
    answers.push(get(vix, path).then(() => (times[index] = vix.clock.now() - began)));
    // One by one, so that their order is fixed.
    while (vix.requests.length === before) await nextTurn();
    for (let k = 0; k < 20; k += 1) await nextTurn();
  }
  while (times.filter((time) => time > 0).length < paths.length) {
    await vix.clock.advance(10);
    for (let k = 0; k < 20; k += 1) await nextTurn();
  }
  await Promise.all(answers);
  return times;
}

describe("a slow server", () => {
  it("takes longer for a list the longer it is", async () => {
    const vix = await start({
      clock: "virtual",
      workers: 0,
      slow: 10,
      history: { [FLOW]: 1000, flux1_dev: 10 },
    });
    const [list = 0] = await answerTimes(vix, [`${LIST}?name=${FLOW}`]);
    expect(list).toBeGreaterThanOrEqual(10 * (10 + 140));
    expect(list).toBeLessThan(10 * (10 + 140) + 100);
    const [short = 0] = await answerTimes(vix, [`${LIST}?name=flux1_dev`]);
    expect(short).toBeLessThan(300);
  });

  it("makes all requests wait for a list", async () => {
    const vix = await start({ clock: "virtual", workers: 0, slow: 10, history: 1000 });
    const [list = 0, other = 0] = await answerTimes(vix, [LIST, "/vapi/other/whoami"]);
    expect(other).toBeGreaterThanOrEqual(list);
    const [alone = 0] = await answerTimes(vix, ["/vapi/other/whoami"]);
    expect(alone).toBeLessThan(200);
  });

  it("refuses a factor that makes no sense", async () => {
    await expect(start({ slow: -1 })).rejects.toThrow(/slow must be 0 or more/);
  });
});
