/** A result file being written under a hidden name: a new one, or one that another save left unfinished. */
import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { Beginning } from "../results/download.js";
import { originOf, type ResultFile } from "../results/result-file.js";
import { hashInto } from "./digest.js";
import type { Folder } from "./folder.js";
import { openPatiently } from "./open-files.js";
import { fileKey, leavePartial, newPartial, removePartial, takeOver } from "./partials.js";
import { Writer } from "./writer.js";

export class PartFile {
  readonly #folder: Folder;
  readonly #into: string;
  readonly #key: string;
  readonly #hashed: boolean;
  readonly #signal: AbortSignal;
  #path: string | undefined;
  #target: FileHandle | undefined;
  #writer: Writer | undefined;
  #hash: Hash | undefined;

  /**
   * @param into the folder that holds it
   * @param hashed whether to compute its SHA-256
   */
  constructor(
    folder: Folder,
    into: string,
    file: ResultFile,
    hashed: boolean,
    signal: AbortSignal,
  ) {
    this.#folder = folder;
    this.#into = into;
    this.#key = fileKey(originOf(file).api.baseUrl, file.taskId, file.nodeId, file.index);
    this.#hashed = hashed;
    this.#signal = signal;
  }

  /** Resumes the file that another save left unfinished, if there is one. */
  async goOn(size: number | undefined): Promise<Beginning | undefined> {
    const found = await takeOver(this.#into, this.#key, size);
    if (!found) return undefined;
    this.#path = found.path;
    const { length } = found;
    await this.#open("r+", length);
    if (this.#hash)
      await this.#folder.doing(() =>
        hashInto(this.#hash as Hash, this.#target as FileHandle, length),
      );
    return found;
  }

  /** Starts from the first byte of this version, and discards bytes of any other. */
  async start(version: string | undefined): Promise<void> {
    await this.remove();
    this.#path = newPartial(this.#into, this.#key, version);
    // `wx` also refuses a link planted at that path.
    await this.#open("wx", 0);
  }

  /** Appends bytes. Returns a promise only while the disk is behind. */
  add(chunk: Uint8Array): Promise<void> | undefined {
    this.#hash?.update(chunk);
    return this.#writer?.add(chunk);
  }

  /** Finishes a complete file. */
  async end(): Promise<{ partial: string; sha256: string | undefined }> {
    await this.#writer?.end();
    await this.#folder.doing(() => this.#target?.close());
    return { partial: this.#path as string, sha256: this.#hash?.digest("hex") };
  }

  /** Leaves the unfinished file for a later save to resume. */
  async leave(): Promise<void> {
    await this.#writer?.end().catch(() => undefined);
    await this.#close();
    if (this.#path !== undefined) await leavePartial(this.#path);
  }

  /** Deletes it. */
  async remove(): Promise<void> {
    await this.#close();
    if (this.#path !== undefined) await removePartial(this.#path);
    this.#path = undefined;
  }

  async #open(flags: string, at: number): Promise<void> {
    const path = this.#path as string;
    const target = await this.#folder.doing(() => openPatiently(path, flags, this.#signal));
    this.#target = target;
    this.#writer = new Writer(target, this.#folder, at);
    this.#hash = this.#hashed ? createHash("sha256") : undefined;
  }

  async #close(): Promise<void> {
    await this.#writer?.settled();
    await this.#target?.close().catch(() => undefined);
    this.#writer = this.#target = undefined;
  }
}
