/** Disks that are full, folders that may not be written: a clear error, no litter, nothing lost. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { resultServer, sendFile } from "../support/results.js";
import { canMount, leftBy, NAMESPACE, ordinaryUser, saver } from "../support/saver.js";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vix-disk-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  // Others may look into it.
  await chmod(path, 0o755);
  return path;
}

const serverOf = (size: number, outputs?: readonly number[]) => {
  const bytes = new Uint8Array(size).fill(7);
  return resultServer((asked, response) => sendFile(asked, response, bytes), outputs);
};

if (!canMount)
  console.warn("Tests of full disks are skipped: this system lets nobody mount a small tmpfs.");
if (ordinaryUser === null)
  console.warn(
    "Tests of permissions are skipped: they run as root, whom permissions do not stop, and no other user can read this folder.",
  );

describe.skipIf(!canMount)("a disk that runs full", () => {
  /** A disk of so many kB, on which `mine` is already. */
  const small = (kB: number) =>
    `mount -t tmpfs -o size=${kB}k tmpfs "$DIR"; printf mine > "$DIR/7_1_00001.png"`;

  it.each([
    ["in the middle of a file", 200_000, 100],
    ["in the middle of a large file", 9_000_000, 3000],
    ["at once", 200_000, 4],
  ])("%s", async (_, size, room) => {
    const { url } = await serverOf(size);
    for (const collision of ["number", "overwrite"] as const) {
      const options = { before: small(room), within: NAMESPACE, collision };
      const output = await saver(url, await folder(), options).ended;
      expect(output).toMatch(/^not_saved Cannot save into .*: the disk is full\.$/m);
      expect(leftBy(output)).toEqual({ "7_1_00001.png": "mine" });
    }
  });

  it("after some of several files, which stay", async () => {
    const { url } = await serverOf(100_000, [8]);
    const options = { before: small(500), within: NAMESPACE };
    const output = await saver(url, await folder(), options).ended;
    expect(output).toMatch(/^not_saved .*: the disk is full\.$/m);
    const names = Object.keys(leftBy(output));
    // Each that has a name is whole: it takes 100 kB.
    expect(names.every((name) => /^7_1_00001(-\d)?\.png$/.test(name))).toBe(true);
    expect(names.length).toBeLessThanOrEqual(5);
  });
});

describe.skipIf(ordinaryUser === null)("a user", () => {
  const uid = ordinaryUser ?? undefined;
  const denied = /^not_saved Cannot save into .*: this user may not write there\.$/m;

  it("who may not write into a folder", async () => {
    const dir = await folder();
    await writeFile(join(dir, "7_1_00001.png"), "mine");
    await chmod(dir, 0o555);
    const { url } = await serverOf(1000);
    for (const collision of ["number", "overwrite"] as const) {
      const output = await saver(url, dir, { uid, collision }).ended;
      expect(output).toMatch(denied);
      expect(leftBy(output)).toEqual({ "7_1_00001.png": "mine" });
    }
  });

  it("who may not make the folder", async () => {
    const dir = await folder();
    await chmod(dir, 0o555);
    const { url } = await serverOf(1000);
    // There is no folder to list afterwards.
    expect(await saver(url, join(dir, "new"), { uid }).ended).toMatch(denied);
    expect(await readdir(dir)).toEqual([]);
  });

  it.skipIf(uid === undefined)(
    "who may not replace the file of another (for which tests must run as root)",
    async () => {
      const dir = join(await folder(), "shared");
      await mkdir(dir);
      await writeFile(join(dir, "7_1_00001.png"), "mine");
      await chmod(dir, 0o1777);
      const { url } = await serverOf(1000);
      const output = await saver(url, dir, { uid, collision: "overwrite" }).ended;
      expect(output).toMatch(denied);
      expect(leftBy(output)).toEqual({ "7_1_00001.png": "mine" });
      expect(await saver(url, dir, { uid }).ended).toMatch(/^saved 1$/m);
      expect((await readFile(join(dir, "7_1_00001-2.png"))).length).toBe(1000);
    },
  );
});
