/** Files that change between the call and the last byte sent: an error, never a truncated upload. */
import { openAsBlob } from "node:fs";
import { appendFile, mkdtemp, rm, unlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { fileFromPath } from "visionatrix-client/node";
import { PNG, pair } from "../../support/uploads.js";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vix-inputs-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe("a file that changes", () => {
  it.each<[string, (path: string) => Promise<void>, RegExp]>([
    ["grew", (path) => appendFile(path, "x"), /changed after/],
    ["was written anew", (path) => utimes(path, 1, 1), /changed after/],
    ["vanished", (path) => unlink(path), /the file does not exist/],
  ])("since it was looked at (%s) is an error", async (_, change, message) => {
    const path = join(await folder(), "a.png");
    await writeFile(path, PNG);
    const { client } = await pair();
    const input_image = await fileFromPath(path);
    await change(path);
    await expect(removeBackgroundBirefnet(client, { input_image })).rejects.toThrow(message);
    await expect(client.task(1).details()).rejects.toMatchObject({ status: 404 });
  });

  it.each<[string, (path: string) => Promise<void>, RegExp]>([
    ["grows", (path) => appendFile(path, "x"), /changed after/],
    ["is cut", (path) => writeFile(path, "short"), /changed after/],
    ["vanishes", (path) => unlink(path), /disappeared while it was read/],
  ])("while it is sent (%s) is an error, and nothing is created", async (_, change, message) => {
    const path = join(await folder(), "a.png");
    await writeFile(path, new Uint8Array(8_000_000));
    const { client } = await pair();
    let changed: Promise<void> | undefined;
    const call = removeBackgroundBirefnet(
      client,
      { input_image: await fileFromPath(path) },
      {
        onUploadProgress: ({ loaded }) => {
          if (loaded > 200_000) changed ??= change(path);
        },
      },
    );
    await expect(call).rejects.toMatchObject({ code: "file_changed" });
    await expect(call).rejects.toThrow(message);
    await changed;
    await expect(client.task(1).details()).rejects.toMatchObject({ status: 404 });
  });

  it.each<[string, (blob: Blob) => Blob]>([
    ["when its kind is looked for", (blob) => blob],
    ["when it is sent", (blob) => new File([blob], "a.png")],
  ])("and was opened as a Blob is an error too, %s", async (_, make) => {
    const path = join(await folder(), "a.png");
    await writeFile(path, PNG);
    const input_image = make(await openAsBlob(path));
    await appendFile(path, "x");
    const { client } = await pair();
    const call = removeBackgroundBirefnet(client, { input_image });
    await expect(call).rejects.toMatchObject({ code: "file_changed" });
    await expect(call).rejects.toThrow("The file of `input_image` can no longer be read");
  });

  it("is not read before it is sent, and names what is missing", async () => {
    await expect(fileFromPath("/nowhere/a.png")).rejects.toThrow(
      "Cannot read /nowhere/a.png: the file does not exist.",
    );
    await expect(fileFromPath(tmpdir())).rejects.toThrow("it is not a file");
  });
});
