// Tests of an application that mock the server with msw, or let requests through to the stand-in.
// Needs: npm install --save-dev vitest msw visionatrix-standin. Run: npx vitest run
import { http, HttpResponse, passthrough } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from "vitest";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { startStandin } from "visionatrix-standin";

const msw = setupServer();
beforeAll(() => msw.listen({ onUnhandledRequest: "error" }));
afterEach(() => msw.resetHandlers());
afterAll(() => msw.close());

it("answers what the test says", async () => {
  const output = { comfy_node_id: 9, type: "image", file_size: 3, batch_size: 1 };
  msw.use(
    http.put("http://vix.test/vapi/tasks/create/sdxl_lighting", () =>
      HttpResponse.json({ tasks_ids: [1], outputs: [output] }),
    ),
    http.get("http://vix.test/vapi/tasks/progress/1", () =>
      HttpResponse.json({
        task_id: 1,
        name: "sdxl_lighting",
        progress: 100,
        error: "",
        execution_time: 2,
        group_scope: 1,
        locked_at: null,
        input_params: { prompt: "a" },
        input_files: [],
        outputs: [output],
      }),
    ),
    http.get("http://vix.test/vapi/tasks/results", () =>
      HttpResponse.text("abc", { headers: { "content-type": "image/png" } }),
    ),
  );
  const client = createClient({ baseUrl: "http://vix.test" });
  const { files } = await sdxlLighting(client, { prompt: "a" }).result();
  expect(await files[0].text()).toBe("abc");
});

it("lets requests through to a stand-in", async () => {
  const vix = await startStandin({ speed: "instant" });
  onTestFinished(() => vix.close());
  msw.use(http.all(`${vix.url}/*`, () => passthrough()));
  const client = createClient({ baseUrl: vix.url });
  const { files } = await sdxlLighting(client, { prompt: "a" }).result();
  expect((await files[0].bytes()).length).toBeGreaterThan(100);
});

it("shows what the application makes of a server that refuses", async () => {
  msw.use(http.put("http://vix.test/*", () => new HttpResponse(null, { status: 401 })));
  const client = createClient({ baseUrl: "http://vix.test" });
  await expect(sdxlLighting(client, { prompt: "a" })).rejects.toMatchObject({ status: 401 });
});
