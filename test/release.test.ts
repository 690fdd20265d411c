/**
 * Releases: changesets give all packages one version. The check fails while the address and the contact are
 * unknown, or the packages disagree.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const CHECK = resolve("scripts/release-check.mjs");
const CHANGESET = resolve("scripts/changeset.mjs");
interface Manifest {
  version: string;
}

const FOLDERS = [".", "ai-provider", "codegen", "mcp", "standin"];

/** The files that a release checks, in their own folder. */
async function copy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vix-release-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const path of ["project.json", "CODE_OF_CONDUCT.md", ".changeset"])
    await cp(path, join(folder, path), { recursive: true });
  for (const each of FOLDERS) {
    await mkdir(join(folder, each), { recursive: true });
    for (const file of ["package.json", "CHANGELOG.md", "LICENSE"])
      await cp(join(each, file), join(folder, each, file));
  }
  return folder;
}

function check(
  cwd: string,
  args: readonly string[] = [],
  tag?: string,
): Promise<{ code: number; said: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [CHECK, ...args],
      { cwd, env: { ...process.env, RELEASE_TAG: tag } },
      (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), said: stdout + stderr }),
    );
  });
}

async function setProject(folder: string): Promise<void> {
  const project = { repository: "https://github.com/owner/name", contact: "conduct@example.com" };
  await writeFile(join(folder, "project.json"), JSON.stringify(project));
}

it("names what is not known yet", async () => {
  const folder = await copy();
  await writeFile(join(folder, "project.json"), '{ "repository": null, "contact": null }');
  const { code, said } = await check(folder);
  expect(code).toBe(1);
  expect(said).toContain("`repository` must be the address");
  expect(said).toContain("`contact` must be an e-mail address");
});

it("puts the address into all packages, and then passes", async () => {
  const folder = await copy();
  await setProject(folder);
  expect((await check(folder)).said).toContain(
    "mcp/package.json: `bugs` is not what project.json says",
  );
  expect(await check(folder, ["--write"])).toEqual({ code: 0, said: "Ready for a release.\n" });
  const manifest = JSON.parse(await readFile(join(folder, "mcp/package.json"), "utf8")) as object;
  expect(manifest).toMatchObject({
    homepage: "https://github.com/owner/name/tree/main/mcp#readme",
    bugs: { url: "https://github.com/owner/name/issues" },
    repository: { url: "git+https://github.com/owner/name.git", directory: "mcp" },
  });
  const conduct = await readFile(join(folder, "CODE_OF_CONDUCT.md"), "utf8");
  expect(conduct).toContain("conduct@example.com");
});

it("compares the tag, the versions, and the pending changesets", async () => {
  const folder = await copy();
  await setProject(folder);
  await check(folder, ["--write"]);
  const { version } = JSON.parse(await readFile("package.json", "utf8")) as Manifest;
  expect((await check(folder, [], `v${version}`)).code).toBe(0);
  expect((await check(folder, [], "v9.9.9")).said).toContain("The tag is v9.9.9");
  await writeFile(join(folder, ".changeset/some-words.md"), "");
  expect((await check(folder, [], `v${version}`)).said).toContain("Changes wait for a version");
});

it("gives all packages the next version, and adds the changes to their changelogs", async () => {
  const folder = await copy();
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
  const change = `---\n"visionatrix-client": minor\n---\n\nPictures are twice as bright.\n`;
  await writeFile(join(folder, ".changeset/bright.md"), change);
  await promisify(execFile)(process.execPath, [CHANGESET, "version"], { cwd: folder });
  const versions = await Promise.all(
    FOLDERS.map(async (each) => {
      const text = await readFile(join(folder, each, "package.json"), "utf8");
      return (JSON.parse(text) as Manifest).version;
    }),
  );
  const [next = ""] = versions;
  expect(next).not.toBe((JSON.parse(await readFile("package.json", "utf8")) as Manifest).version);
  expect(new Set(versions).size).toBe(1);
  const log = await readFile(join(folder, "CHANGELOG.md"), "utf8");
  expect(log).toContain(`## ${next}\n\n### Minor Changes\n\n- Pictures are twice as bright.\n`);
  expect((await check(folder)).said).not.toContain("CHANGELOG");
});
