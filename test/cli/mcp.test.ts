/** `vix mcp`: the tools of `visionatrix-mcp` for the server that `vix` knows. */
import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { folder, start, vix, world } from "./support.js";

const HELLO = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};

describe("vix mcp", () => {
  it("serves tools over stdio for the server of vix, and ends with its host", async () => {
    const { dir, standin } = await world({ auth: "ann:secret" });
    const config = await folder();
    const known = { cwd: dir, env: { XDG_CONFIG_HOME: config } };
    await vix(["login", standin.url, "--username", "ann"], { ...known, input: "secret\n" });
    const call = { name: "list_flows", arguments: {} };
    const lines = [
      HELLO,
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { jsonrpc: "2.0", id: 2, method: "tools/call", params: call },
    ];
    const child = start(["mcp", "--files", dir], { ...known, keepInput: true });
    let said = "";
    const answered = new Promise<void>((done) => {
      child.child.stdout?.on("data", (piece: Buffer) => {
        said += piece.toString();
        if (/"id":2/.test(said)) done();
      });
    });
    for (const line of lines) child.child.stdin?.write(`${JSON.stringify(line)}\n`);
    await answered;
    expect(said).toContain('"protocolVersion"');
    expect(said).toContain("sdxl_lighting");
    child.child.stdin?.end();
    expect((await child.ended).code).toBe(0);
  });

  it("shows the options of the package, and refuses others in a sentence", async () => {
    expect((await vix(["mcp", "--help"])).stdout).toContain("--files DIR");
    const { code, stderr } = await vix(["mcp", "--no-such-option"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^vix: .*--no-such-option/);
  });

  it("says what to install where the package is not there", async () => {
    const place = await folder();
    await mkdir(join(place, "node_modules"));
    for (const name of await readdir("node_modules"))
      if (!/^(visionatrix-|\.)/.test(name))
        await symlink(resolve("node_modules", name), join(place, "node_modules", name));
    for (const name of ["bin", "dist", "package.json"])
      await cp(name, join(place, name), { recursive: true });
    const child = spawn(process.execPath, [join(place, "bin/vix.js"), "mcp"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
    const code = await new Promise((done) => child.on("close", done));
    expect(code).toBe(1);
    expect(stderr).toBe(
      "vix: `vix mcp` needs the package visionatrix-mcp, which is not installed.\n" +
        "Install it beside this one: npm install visionatrix-mcp\n",
    );
  });
});
