/** Full disks, and folders without write permission: a clear error, no leftover files, no lost data. */
import type * as FileSystem from "node:fs/promises";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { fileFromPath, saveFiles } from "visionatrix-client/node";
import { resultServer, sendFile } from "../../support/results.js";
import { canMount, leftBy, NAMESPACE, ordinaryUser, saver } from "../../support/saver.js";

/** Simulates disks that tests cannot mount, such as exFAT on Windows, and actions of other programs. */
const disk = vi.hoisted(() => ({
  linkFails: undefined as string | undefined,
  renameFails: undefined as string | undefined,
  beforeRename: undefined as ((path: string) => Promise<unknown>) | undefined,
  openFails: 0,
}));

vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const failing = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
  const link: typeof real.link = (...paths) =>
    disk.linkFails ? failing(disk.linkFails) : real.link(...paths);
  const rename: typeof real.rename = async (from, to) => {
    await disk.beforeRename?.(String(to));
    return disk.renameFails ? failing(disk.renameFails) : real.rename(from, to);
  };
  const open: typeof real.open = (...args) =>
    disk.openFails-- > 0 ? failing(disk.openFails % 2 ? "EMFILE" : "ENFILE") : real.open(...args);
  return { ...real, link, rename, open };
});

afterEach(() => {
  Object.assign(disk, {
    linkFails: undefined,
    renameFails: undefined,
    beforeRename: undefined,
    openFails: 0,
  });
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vix-disk-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  // Other users may list it.
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
  /** Mounts a disk of this size, with a file that says `mine`. */
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
    // Only complete files have a final name.
    expect(names.every((name) => /^7_1_00001(-\d)?\.png$/.test(name))).toBe(true);
    expect(names.length).toBeLessThanOrEqual(5);
  });
});

describe("a disk without hard links", () => {
  it.each(["EPERM", "EACCES", "EXDEV", "UNKNOWN", "ENOTSUP", "EISDIR", "ENOSYS", "EMLINK"])(
    "that fails with %s still takes files",
    async (code) => {
      disk.linkFails = code;
      const dir = await folder();
      await writeFile(join(dir, "7_1_00001.png"), "mine");
      const server = await serverOf(1000);
      const save = async (collision: "number" | "error") =>
        saveFiles(await server.files(), dir, { collision });
      await save("number");
      await expect(save("error")).rejects.toMatchObject({ code: "name_taken" });
      expect((await readdir(dir)).sort()).toEqual(["7_1_00001-2.png", "7_1_00001.png"]);
      expect(await readFile(join(dir, "7_1_00001.png"), "utf8")).toBe("mine");
      expect((await readFile(join(dir, "7_1_00001-2.png"))).length).toBe(1000);
    },
  );

  it("gives each of many simultaneous saves its own name", async () => {
    disk.linkFails = "EACCES";
    const dir = await folder();
    const server = await serverOf(1000);
    const files = await server.files();
    const saves = await Promise.all(Array.from({ length: 12 }, () => saveFiles(files, dir)));
    expect(new Set(saves.flat()).size).toBe(12);
    const names = await readdir(dir);
    expect(names).toHaveLength(12);
    for (const name of names) expect((await readFile(join(dir, name))).length).toBe(1000);
  });

  it("reports other errors, and keeps no empty file with the name", async () => {
    Object.assign(disk, { linkFails: "EPERM", renameFails: "EIO" });
    const dir = await folder();
    const files = await (await serverOf(1000)).files();
    await expect(saveFiles(files, dir)).rejects.toThrow(
      /^Cannot save into .*: the disk reports an error\.$/,
    );
    expect(await readdir(dir)).toEqual([]);
  });

  it("keeps the file that another program put in place of the claim", async () => {
    const theirs = async (path: string) => {
      await rm(path);
      await writeFile(path, "theirs");
    };
    Object.assign(disk, { linkFails: "EPERM", renameFails: "EIO", beforeRename: theirs });
    const dir = await folder();
    const files = await (await serverOf(1000)).files();
    await expect(saveFiles(files, dir)).rejects.toMatchObject({ code: "not_saved" });
    expect(await readFile(join(dir, "7_1_00001.png"), "utf8")).toBe("theirs");
  });
});

describe("too many open files", () => {
  it("make saves wait", async () => {
    const dir = await folder();
    const files = await (await serverOf(1000)).files();
    disk.openFails = 5;
    const [path] = await saveFiles(files, dir, { metadata: true });
    expect(disk.openFails).toBeLessThan(0);
    expect((await readFile(path as string)).length).toBe(1000);
  });

  it("make uploads wait", async () => {
    const path = join(await folder(), "photo");
    await writeFile(path, "GIF89a");
    disk.openFails = 5;
    const file = await fileFromPath(path);
    expect(file.name).toBe("photo.gif");
    disk.openFails = 5;
    expect(await new Response(file.stream()).text()).toBe("GIF89a");
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

  it("who may write into a folder and not look into it", async () => {
    const dir = await folder();
    await chmod(dir, 0o333);
    onTestFinished(() => chmod(dir, 0o755));
    const { url } = await serverOf(1000);
    expect(await saver(url, dir, { uid }).ended).toMatch(/^saved 1$/m);
    await chmod(dir, 0o755);
    expect(await readdir(dir)).toEqual(["7_1_00001.png"]);
  });

  it("who may not make the folder", async () => {
    const dir = await folder();
    await chmod(dir, 0o555);
    const { url } = await serverOf(1000);
    // The folder does not exist, so there is nothing to list.
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
