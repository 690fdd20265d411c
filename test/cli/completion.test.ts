import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, privateFlow, vix, world } from "./support.js";

async function complete(words: string[], env?: Record<string, string>): Promise<string[]> {
  const { stdout, code, stderr } = await vix(["__complete", "--", ...words], env ? { env } : {});
  expect([code, stderr]).toEqual([0, ""]);
  return stdout.trimEnd().split("\n");
}

const words = (lines: string[]): string[] => lines.slice(1).map((line) => line.split("\t")[0]!);

describe("completion", () => {
  it("knows commands, flows, parameters, choices, files and folders", async () => {
    expect(words(await complete(["ba"]))).toEqual(["batch"]);
    expect(words(await complete(["run", "sdxl_li"]))).toEqual(["sdxl_lighting"]);
    expect(words(await complete(["run", "sdxl_lighting", "--st"]))).toEqual(["--steps-number"]);
    const choices = ["run", "sdxl_lighting", "--prompt", "x", "--steps-number", ""];
    expect(words(await complete(choices))).toEqual(["4 steps", "8 steps"]);
    expect(words(await complete(["run", "sdxl_lighting", "--steps_number=4"]))).toEqual([
      "--steps_number=4 steps",
    ]);
    expect(await complete(["run", "remove_background_birefnet", "--input-image", ""])).toEqual([
      "files",
    ]);
    expect(await complete(["save", "1", "-o", ""])).toEqual(["folders"]);
    expect(words(await complete(["tasks", "--state", "d"]))).toEqual(["done"]);
    expect(words(await complete(["flows", "no_such"]))).toEqual([]);
    expect(await complete(["run", "no_such", "--x"])).toEqual(["words"]);
  });

  it("knows flows that only the server has", async () => {
    const { here } = await world({ flows: privateFlow() });
    expect(words(await complete(["run", "my_p"], here.env))).toEqual(["my_portrait"]);
    expect(words(await complete(["run", "my_portrait", "--hair-style", ""], here.env))).toEqual([
      "短",
      "长",
    ]);
  });

  it("works in bash", async () => {
    const dir = await folder();
    const { stdout } = await vix(["completion", "bash"]);
    await writeFile(join(dir, "vix.bash"), stdout);
    const script = `
      vix() { "${process.execPath}" "${resolve("bin/vix.js")}" "$@"; }
      compopt() { :; }
      source ./vix.bash
      COMP_WORDS=(vix run sdxl_lighting --steps-number ""); COMP_CWORD=4; _vix
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const answer = execFileSync("bash", ["--norc", "-c", script], { cwd: dir, encoding: "utf8" });
    expect(answer).toBe("4\\ steps\n8\\ steps\n");
  });

  it.each(["zsh", "fish"])("has a script for %s", async (shell) => {
    const { stdout, code } = await vix(["completion", shell]);
    expect(code).toBe(0);
    expect(stdout).toContain("vix __complete --");
  });
});
