/** `vix ui` as a child process, connected to a stand-in, and pages of it. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";
import { startStandin, type Standin } from "visionatrix-standin";
import { launch } from "../support/browser.js";

const BIN = fileURLToPath(new URL("../../bin/vix.js", import.meta.url));

/** Registers a clean-up function; by default, for the end of the running test. */
export type Finished = (finish: () => Promise<void>) => void;

export interface App {
  /** The address that it printed, with the token. */
  readonly address: string;
  readonly origin: string;
  readonly port: number;
  /** Folder with its secret. */
  readonly config: string;
  readonly output: () => string;
  /** Stops it as Ctrl-C does. @returns its exit code */
  stop(): Promise<number | null>;
}

export interface AppOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: string;
}

export async function startApp(
  server: string,
  { args = [], env = {}, config }: AppOptions = {},
  finished: Finished = onTestFinished,
): Promise<App> {
  const folder = config ?? (await mkdtemp(join(tmpdir(), "vix-ui-")));
  if (config === undefined) finished(() => rm(folder, { recursive: true, force: true }));
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VIX_|XDG_|NODE_OPTIONS$|VITEST)/.test(name),
  );
  const child = spawn(
    process.execPath,
    [
      BIN,
      "ui",
      ...(args.includes("--open") ? [] : ["--no-open"]),
      "--port",
      "0",
      ...args.filter((each) => each !== "--open"),
    ],
    {
      env: { ...Object.fromEntries(own), VIX_URL: server, XDG_CONFIG_HOME: folder, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const stop = async (): Promise<number | null> => {
    child.kill("SIGINT");
    return ended;
  };
  finished(() => stop().then(() => undefined));
  let output = "";
  const address = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /http:\/\/\S+\?token=[\w-]+/.exec(output)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void ended.then(() => reject(new Error(`vix ui ended: ${output}`)));
  });
  const { origin, port } = new URL(address);
  return { address, origin, port: Number(port), config: folder, output: () => output, stop };
}

export interface Opened {
  readonly page: Page;
  /** Errors and warnings of the page. */
  readonly complaints: string[];
}

/** Opens a page of the app, signed in by its token, with its form. */
export async function openPage(
  browser: Browser,
  app: App,
  options: BrowserContextOptions = {},
  finished: Finished = onTestFinished,
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    // Without a graphics card, every animation costs CPU time.
    reducedMotion: "reduce",
    ...options,
  });
  finished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    // Network failures are shown on the page itself.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(app.address);
  await page.locator("#form").waitFor();
  return { page, complaints };
}

/** Goes to a flow as a user who knows its name would. */
export async function goToFlow(page: Page, title: string): Promise<void> {
  await page.getByRole("searchbox", { name: "Search flows" }).fill(title);
  const list = page.getByRole("navigation", { name: "Flows" });
  await list.getByRole("button", { name: title, exact: false }).first().click();
  await page.getByRole("heading", { name: title, exact: true }).waitFor();
  await page.getByRole("searchbox", { name: "Search flows" }).fill("");
  await page.locator("#form").waitFor();
}

/** What the tests of a file share. */
export interface World {
  readonly browser: Browser;
  readonly standin: Standin;
  readonly app: App;
}

/** A browser and the app, with a quick stand-in that is reset for each test. For the top of a `describe`. */
export function sharedWorld(): World {
  const world: { -readonly [Key in keyof World]?: World[Key] } = {};
  const endings: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const standin = await startStandin({
      duration: 60,
      steps: 2,
      maxPictureSide: 48,
      recordBodies: 64 * 1024,
    });
    endings.push(() => standin.close());
    const app = await startApp(standin.url, {}, (finish) => void endings.unshift(finish));
    const browser = await launch();
    endings.unshift(() => browser.close());
    Object.assign(world, { browser, standin, app });
  });
  beforeEach(async () => {
    await world.standin?.reset();
    world.standin?.clearFaults();
  });
  afterAll(async () => {
    for (const end of endings) await end();
  });
  return world as World;
}

export const PICTURE = "examples/still-life.jpg";

/** Fills in a flow's form: a text and a picture, if it has fields for them. Then runs it. */
export async function run(page: Page, text: string): Promise<void> {
  for (const input of await page.locator('#form input[type="file"][aria-required]').all())
    await input.setInputFiles(PICTURE);
  const box = page.locator('#form [data-kind="main"] textarea');
  if (await box.count()) {
    await box.fill(text);
    await box.press("Control+Enter");
  } else await page.getByRole("button", { name: "Run", exact: true }).click();
}

/** The results that the page shows. */
export function results(page: Page): Locator {
  return page.getByRole("button", { name: /^Open / });
}

/** The create requests to the stand-in. */
export function creates({ standin }: World): Standin["requests"] {
  return standin.requests.filter(({ endpoint }) => endpoint === "create");
}
