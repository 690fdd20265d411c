/** Paths from untrusted sources never lead out of the folders. */
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { pathWithin } from "visionatrix-client/node";

/** A folder `in` with a file `a` that says "a"; around it are a file `a` that says "b", and links to it. */
async function folders(): Promise<{ outer: string; inner: string }> {
  const outer = await realpath(await mkdtemp(join(tmpdir(), "vix-within-")));
  onTestFinished(() => rm(outer, { recursive: true, force: true }));
  const inner = join(outer, "in");
  await mkdir(inner);
  await writeFile(join(inner, "a"), "a");
  await writeFile(join(outer, "a"), "b");
  await symlink(outer, join(inner, "up"));
  return { outer, inner };
}

it("takes relative and absolute paths and file: URLs below any of the folders", async () => {
  const { outer, inner } = await folders();
  const file = join(inner, "a");
  for (const given of ["a", "./a", file, pathToFileURL(file).href])
    expect(await pathWithin(given, [inner])).toBe(file);
  expect(await pathWithin("in/a", [join(outer, "missing"), outer])).toBe(file);
});

it("gives the same error for a file elsewhere as for a missing one", async () => {
  const { outer, inner } = await folders();
  for (const given of ["../a", "up/a", join(outer, "a"), "none", ".", "a\0", "file://host/a"])
    await expect(pathWithin(given, [inner])).rejects.toMatchObject({
      code: "file_unreadable",
      message: `There is no file ${JSON.stringify(given)} below ${inner}.`,
    });
});

it("never leads elsewhere, whatever the path", async () => {
  const { outer, inner } = await folders();
  const part = fc.constantFrom("..", ".", "a", "in", "up", "", "/", outer, inner, "a/", "\\");
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
      const found = await pathWithin(parts.join("/"), [inner]).catch(() => undefined);
      if (found !== undefined) expect(await readFile(found, "utf8").catch(() => "a")).toBe("a");
    }),
  );
});
