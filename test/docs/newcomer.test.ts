/**
 * A newcomer's first day, from an empty folder with the packed packages: a first program, a private flow, a
 * test, a flow that changes, the command line, a batch, and the app.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startStandin, type Standin } from "visionatrix-standin";
import oneFlow from "../support/one-flow.openapi.json" with { type: "json" };
import { createScratch, removeScratch } from "./support/scratch.js";
import { openShell, type Shell } from "./support/shell.js";
import { PATIENCE_MS } from "../support/patience.js";

/** The newcomer's flow. Later, its parameter `prompt_strength` has another name. */
function houseStyle(strength: string): object {
  const text = JSON.stringify(oneFlow);
  return JSON.parse(
    text.replaceAll("auraflow", "house_style").replaceAll('"prompt_strength"', `"${strength}"`),
  ) as object;
}

/** A server with that flow. */
function server(strength: string): Promise<Standin> {
  return startStandin({
    ...{ flows: houseStyle(strength), auth: "admin:admin", speed: "instant" },
    maxPictureSide: 64,
  });
}

let folder: string;
let before: Standin;
let after: Standin;
let shell: Shell;
beforeAll(async () => {
  [folder, before, after] = await Promise.all([
    createScratch(),
    server("prompt_strength"),
    server("strength"),
  ]);
  shell = openShell(
    folder,
    {},
    {
      ...{ HOME: folder, XDG_CONFIG_HOME: join(folder, "config") },
      ...{ VIX_USERNAME: "admin", VIX_PASSWORD: "admin", BEFORE: before.url, AFTER: after.url },
      PATH: `${join(folder, "node_modules/.bin")}:${process.env["PATH"]}`,
    },
  );
});
afterAll(async () => {
  await shell.close();
  await Promise.all([before.close(), after.close()]);
  await removeScratch(folder);
});

const file = (name: string): Promise<string> => readFile(join(folder, name), "utf8");

const PROGRAM = `
import { createClient } from "visionatrix-client";
import { saveFiles } from "visionatrix-client/node";
import { houseStyle } from "./src/vix/index.js";

export async function picture(baseUrl: string, prompt: string): Promise<string[]> {
  const client = createClient({ baseUrl, auth: { username: "admin", password: "admin" } });
  const { files } = await houseStyle(client, { prompt, prompt_strength: 3 }).result();
  return saveFiles(files, "out");
}
`;

const TEST = `
import { test } from "node:test";
import assert from "node:assert/strict";
import { startStandin } from "visionatrix-standin";
import { picture } from "./picture.mts";

test("makes a picture, although an answer is lost", async () => {
  await using vix = await startStandin({
    flows: "specs/flows.openapi.json",
    auth: "admin:admin",
    speed: "instant",
    faults: [{ do: "reset-after-accept", on: "create", nth: 1 }],
  });
  assert.equal((await picture(vix.url, "a barn")).length, 1);
});
`;

// Each step uses the results of the earlier ones.
describe("On the first day, a newcomer", () => {
  it("generates a flow of their own", async () => {
    await shell.run("git init --quiet && vix-codegen init --from $BEFORE --out src/vix --all");
    await shell.run("vix-codegen pull && vix-codegen generate");
    await shell.run("git config user.email n@example.com && git config user.name Newcomer");
    await shell.run("git add specs src && git commit --quiet -m flows");
    expect(await file("src/vix/flows/house_style.ts")).toContain("prompt_strength");
  });

  it("writes a program, and a test of their own that needs no server", async () => {
    await writeFile(join(folder, "picture.mts"), PROGRAM);
    await writeFile(join(folder, "picture.test.mts"), TEST);
    await shell.run("tsx --test picture.test.mts");
    await shell.run(
      `tsx -e 'import("./picture.mts").then(({ picture }) => picture(process.env.BEFORE, "a barn"))' && ls out/*.png`,
    );
  });

  it("is led through a breaking change by the diff and the compiler", async () => {
    await shell.run("vix-codegen pull --from $AFTER");
    await shell.run("! vix-codegen diff --fail-on breaking --usage '*.mts' > diff.txt");
    const diff = await file("diff.txt");
    expect(diff).toMatch(/house_style[\s\S]*prompt_strength[\s\S]*picture\.mts:8/);
    await shell.run("vix-codegen generate");
    const check =
      "tsc --noEmit --strict --skipLibCheck --module nodenext --target es2022 picture.mts";
    await shell.run(`! ${check} > errors.txt`);
    expect(await file("errors.txt")).toMatch(/picture\.mts\(8,.*prompt_strength/);
    await writeFile(join(folder, "picture.mts"), PROGRAM.replace("prompt_strength:", "strength:"));
    await shell.run(`${check} && vix-codegen check && tsx --test picture.test.mts`);
  });

  it("runs the flow from the command line, once and for a list", async () => {
    await shell.run(
      "VIX_URL=$AFTER vix run house_style --prompt 'a barn' -o typed --json > run.json",
    );
    expect(JSON.parse(await file("run.json"))).toMatchObject({ ok: true, flow: "house_style" });
    const lines = ["a barn", "a mill", "a well"].map((prompt) => JSON.stringify({ prompt }));
    await writeFile(join(folder, "list.jsonl"), lines.join("\n"));
    const batch = "VIX_URL=$AFTER vix batch list.jsonl --flow house_style -o night --json";
    await shell.run(`${batch} > batch.json && ${batch}`);
    expect(JSON.parse(await file("batch.json"))).toMatchObject({ total: 3, done: 3, failed: 0 });
    expect(await file("night/report.html")).toContain("a mill");
    // The second call found nothing left to do.
    expect(after.requests.filter(({ endpoint }) => endpoint === "create")).toHaveLength(4);
  });

  it("opens the app", async () => {
    await shell.serve("VIX_URL=$AFTER vix ui --no-open --port 0 2>&1 | tee app.txt");
    const address = await vi.waitFor(async () => {
      const found = /http:\S+token=\S+/.exec(await file("app.txt"))?.[0];
      return found ?? Promise.reject(new Error("no address yet"));
    }, PATIENCE_MS);
    const entered = await fetch(address, { redirect: "manual" });
    const cookie = entered.headers.get("set-cookie")!.split(";")[0]!;
    const page = await fetch(new URL(address).origin, { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<script");
  });
});
