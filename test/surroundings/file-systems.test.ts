/** File systems without hard links, each with its own error; and files that are no pictures. */
import { copyFile, link, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { fileFromPath, saveFiles } from "visionatrix-client/node";
import { standinWithClient } from "../support/standin.js";

vi.mock("node:fs/promises", { spy: true });

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vix-link-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function result() {
  const { client } = await standinWithClient();
  return (await sdxlLighting(client, { prompt: "a" }).result()).files;
}

describe.each(["EPERM", "ENOSYS", "EACCES", "EXDEV", "UNKNOWN", "EROFS", undefined])(
  "where link() is refused with %s",
  (code) => {
    const refuse = (): void => {
      const error = Object.assign(new Error(`${code}: link`), code && { code });
      vi.mocked(link).mockRejectedValue(error);
      onTestFinished(() => vi.mocked(link).mockRestore());
    };

    it("a file is saved, and nothing is left beside it", async () => {
      const [files, folder] = [await result(), await scratch()];
      refuse();
      const [path] = await saveFiles(files, folder);
      expect(await readFile(path!)).toEqual(Buffer.from(await files[0]!.bytes()));
      expect(await readdir(folder)).toHaveLength(1);
    });

    it("nothing that is there is replaced", async () => {
      const [files, folder] = [await result(), await scratch()];
      const mine = join(folder, files[0]!.name);
      await writeFile(mine, "mine");
      refuse();
      const [path] = await saveFiles(files, folder);
      expect(path).not.toBe(mine);
      expect(await readFile(mine, "utf8")).toBe("mine");
      expect(await readdir(folder)).toHaveLength(2);
    });

    it("several runs that save the same name at once keep all their files", async () => {
      const [files, folder] = [await result(), await scratch()];
      refuse();
      const saved = await Promise.all(Array.from({ length: 8 }, () => saveFiles(files, folder)));
      expect(new Set(saved.flat()).size).toBe(8);
      expect(await readdir(folder)).toHaveLength(8);
    });
  },
);

describe("a file that is no picture", () => {
  it.each(["notes.txt", "graph.json", "table.csv", "page.html", "run.log", "NOTES"])(
    "is refused for a picture: %s",
    async (name) => {
      const path = join(await scratch(), name);
      await writeFile(
        path,
        name.endsWith("json") ? "{}" : "Größe: 5 000 000 Wörter, in Zeilen.\n".repeat(9),
      );
      const { client, standin } = await standinWithClient();
      const call = removeBackgroundBirefnet(client, { input_image: await fileFromPath(path) });
      await expect(call).rejects.toMatchObject({ code: "invalid_params" });
      expect(standin.requests).toEqual([]);
    },
  );

  it("is recognised by its first bytes if the name does not show it", async () => {
    const path = join(await scratch(), "photo.raw");
    await copyFile("examples/still-life.jpg", path);
    const { client } = await standinWithClient();
    const run = await removeBackgroundBirefnet(client, { input_image: await fileFromPath(path) });
    expect(await run.result()).toHaveProperty("files.length", 1);
  });
});
