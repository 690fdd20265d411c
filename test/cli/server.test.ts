import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, vix, vixJson, world } from "./support.js";

const ANN = { auth: "ann:secret" };

/** Folder of settings for one test, and the environment that names it. */
async function settings(): Promise<{ path: string; env: Record<string, string> }> {
  const dir = await folder();
  return { path: join(dir, "vix", "servers.json"), env: { XDG_CONFIG_HOME: dir } };
}

describe("vix login", () => {
  it("remembers a server with a file that only its owner can read", async () => {
    const { standin } = await world(ANN);
    const { path, env } = await settings();
    const login = ["login", standin.url, "--username", "ann"];
    const { code, stdout } = await vix(login, { env, input: "secret\n" });
    expect(code).toBe(0);
    expect(stdout).toBe(`Logged in to ${standin.url} as ann.\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await vix(["tasks"], { env })).toMatchObject({ code: 0, stdout: "" });
  });

  it("remembers nothing that the server refuses", async () => {
    const { standin } = await world(ANN);
    const { path, env } = await settings();
    const login = ["login", standin.url, "--username", "ann"];
    expect((await vix(login, { env, input: "wrong" })).code).toBe(4);
    await expect(stat(path)).rejects.toThrow();
  });

  it("takes the password from a file, and drops its one line break", async () => {
    const { standin, dir } = await world({ auth: { ann: { password: "two\nlines\n" } } });
    const { env } = await settings();
    await writeFile(join(dir, "password"), "two\nlines\n\n");
    const args = ["--username", "ann", "--password-file", join(dir, "password")];
    expect((await vix(["login", standin.url, ...args], { env })).code).toBe(0);
  });

  it("warns of a password on the command line, and of a file that others can read", async () => {
    const { standin } = await world(ANN);
    const { path, env } = await settings();
    const loud = await vix(["tasks", "--url", standin.url.replace("//", "//ann:secret@")], { env });
    expect(loud).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("can be seen") as string,
    });
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, JSON.stringify({ current: standin.url, servers: {} }), { mode: 0o644 });
    expect((await vix(["tasks"], { env })).stderr).toContain("chmod 600");
  });
});

describe("the server of a command", () => {
  it("is that of the options, else of the environment, else of the login", async () => {
    const [option, variable, known] = [await world(), await world(), await world()];
    const { env } = await settings();
    await vix(["login", known.standin.url], { env });
    const asked = (): number[] =>
      [option, variable, known].map(
        ({ standin }) => standin.requests.filter(({ endpoint }) => endpoint !== "whoami").length,
      );
    await vix(["tasks"], { env });
    expect(asked()).toEqual([0, 0, 1]);
    const both = { ...env, VIX_URL: variable.standin.url };
    await vix(["tasks"], { env: both });
    expect(asked()).toEqual([0, 1, 1]);
    await vix(["tasks", "--url", option.standin.url], { env: both });
    expect(asked()).toEqual([1, 1, 1]);
    await vix(["--url", option.standin.url, "tasks"], { env: both });
    expect(asked()).toEqual([2, 1, 1]);
  });

  it("never gets credentials that were given for another", async () => {
    const [mine, other] = [await world(ANN), await world()];
    const { env } = await settings();
    await vix(["login", mine.standin.url, "--username", "ann"], { env, input: "secret" });
    const { code } = await vix(["tasks", "--url", other.standin.url], { env });
    expect(code).toBe(0);
    expect(other.standin.requests.length).toBeGreaterThan(0);
    for (const { headers } of other.standin.requests)
      expect(Object.keys(headers)).not.toContain("authorization");
  });

  it("is required, else exit 1", async () => {
    const { code, document } = await vixJson(["tasks"]);
    expect([code, document.error?.code]).toEqual([1, "no_server"]);
    expect(document.error?.hint).toContain("vix login");
  });

  it("that is not there ends commands with 3", async () => {
    const { standin, here } = await world();
    await standin.goOffline();
    for (const args of [["tasks"], ["watch", "1"], ["save", "1"], ["flows"], ["cancel", "1"]]) {
      const { code, document } = await vixJson(args, here);
      expect([args, code, document.ok]).toEqual([args, 3, false]);
    }
    const doctor = await vixJson(["doctor"], here);
    expect(doctor.code).toBe(3);
    expect(doctor.document.checks.at(-1)).toMatchObject({ name: "server", ok: false });
  });

  it("that is no Visionatrix ends them with 3 as well", async () => {
    const { standin, here } = await world();
    standin.addFaults({ do: "html", on: "progress-summary" });
    const { code, document } = await vixJson(["tasks"], here);
    expect([code, document.error?.code]).toEqual([3, "invalid_response"]);
  });
});

describe("vix", () => {
  it("shows its help, and its version", async () => {
    const help = await vix(["--help"]);
    expect([help.code, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toContain("vix batch");
    const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
    expect((await vix(["--version"])).stdout).toBe(`${version}\n`);
  });

  it("answers wrong usage with 1 and one document", async () => {
    for (const args of [[], ["dance"], ["tasks", "--state", "asleep"], ["watch", "x"], ["batch"]]) {
      const { code, document } = await vixJson(args);
      expect([args, code, document.error?.code]).toEqual([args, 1, "usage"]);
    }
  });
});
