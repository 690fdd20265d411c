/** What the app shows when something is wrong, and how it recovers. */
import { describe, expect, it, onTestFinished } from "vitest";
import { CHROMIUM, NO_CHROMIUM } from "../support/browser.js";
import { creates, goToFlow, openPage, results, run, sharedWorld, startApp } from "./support.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

describe.skipIf(!CHROMIUM)("trouble in the app", () => {
  const world = sharedWorld();

  it("says what is wrong with the form where it is, and sends nothing", async () => {
    const { page } = await openPage(world.browser, world.app);
    await goToFlow(page, "Remove background (BiRefNet)");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const field = page.locator('#form input[type="file"]');
    await page.getByText("Please choose a file.").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await field.evaluate((each) => each === document.activeElement)).toBe(true);
    await goToFlow(page, "SDXL Lighting");
    await page.getByLabel("How many").fill("many");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("Please enter a whole number.").waitFor();
    expect(creates(world)).toEqual([]);
    expect(await page.locator("body").innerText()).not.toMatch(/input_image|`|undefined|\{\w+\}/);
  });

  it("shows what failed in plain words, and tries again", async () => {
    world.standin.addFaults({ do: "fail", error: "CUDA out of memory\n", times: 1 });
    const { page } = await openPage(world.browser, world.app);
    await goToFlow(page, "SDXL Lighting");
    await run(page, "a whale");
    await page.getByText("The server could not finish this run.").waitFor();
    await page.getByText("Details").click();
    await page.getByText("CUDA out of memory").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(async () => results(page).count()).toBe(1);
    await page.getByText("The server could not finish this run.").waitFor({ state: "detached" });
  });

  it("says at once that the server is away, also at the very first call, and comes back", async () => {
    await world.standin.goOffline();
    const context = await world.browser.newContext();
    const page = await context.newPage();
    await page.goto(world.app.address);
    const startedAt = performance.now();
    await page.getByRole("alert").getByText("does not respond").waitFor();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await world.standin.goOnline();
    await page.getByText("does not respond").waitFor({ state: "detached" });
    await page.locator("#form").waitFor();
    await goToFlow(page, "SDXL Lighting");
    await world.standin.goOffline();
    await run(page, "an otter");
    await page.getByText("Waiting for the server").waitFor();
    await world.standin.goOnline();
    await expect.poll(async () => results(page).count()).toBe(1);
    expect(creates(world).length).toBe(1);
    await context.close();
  });

  it("reports when vix ui is gone, and when it was restarted", async () => {
    const own = await startApp(world.standin.url);
    const { page } = await openPage(world.browser, own);
    await own.stop();
    await page.getByRole("alert").getByText("No connection to vix ui").waitFor();
    const again = await startApp(world.standin.url, { args: ["--port", `${own.port}`] });
    expect(again.origin).toBe(own.origin);
    await page.getByRole("alert").getByText("vix ui was restarted").waitFor();
    await page.goto(again.address);
    await page.locator("#form").waitFor();
  });

  it("lets others in by the password that it was started with", async () => {
    const args = ["--host", "0.0.0.0"];
    const own = await startApp(world.standin.url, {
      args,
      env: { VIX_UI_PASSWORD: "open sesame" },
    });
    const context = await world.browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(own.origin);
    await page.getByLabel("Password").fill("open barley");
    await page.getByRole("button", { name: "Enter" }).click();
    await page.getByRole("alert").getByText("Wrong password.").waitFor();
    await page.getByLabel("Password").fill("open sesame");
    await page.getByRole("button", { name: "Enter" }).click();
    await page.locator("#form").waitFor();
  });
});
