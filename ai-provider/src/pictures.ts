/** From a run to its pictures, those of the tasks that worked. */
import { UnsupportedFunctionalityError, type SharedV3Warning } from "@ai-sdk/provider";
import type { Progress, ResultFile, Run } from "visionatrix-client";

/** `providerMetadata.visionatrix.images[i]`: where picture _i_ comes from. */
// A type and not an interface: only those are known to be JSON.
export type ImageMetadata = {
  taskId: number;
  /** Makes the picture again; null where the flow takes none. */
  seed: number | null;
  /** Output node; with `taskId` a value for a file parameter: `{ task_id, node_id }`. */
  nodeId: number;
  mediaType: string;
};

export interface Pictures {
  readonly images: Uint8Array[];
  readonly metadata: ImageMetadata[];
  readonly warnings: SharedV3Warning[];
}

export interface WaitSettings {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Files that are read at once. */
const READ_AT_ONCE = 4;

/**
 * Waits for a run and reads its pictures. What fails among several becomes a warning.
 * @throws what the client throws where nothing is left, or the caller stopped
 */
export async function picturesOf(run: Run, wait: WaitSettings): Promise<Pictures> {
  const lost: unknown[] = [];
  const files = (await filesOf(run, wait, lost)).filter(({ kind }) => kind === "image");
  if (files.length === 0 && lost.length === 0) throw noPicture(run.flow);
  if (lost.length === 0)
    for (const { id } of run.tasks)
      if (!files.some(({ taskId }) => taskId === id))
        lost.push(new Error(`Task ${id} is done, and its picture is not there.`));
  const read: ({ file: ResultFile; bytes: Uint8Array } | undefined)[] = [];
  const queue = files.entries();
  const worker = async (): Promise<void> => {
    for (const [index, file] of queue)
      await file.bytes({ signal: wait.signal }).then(
        (bytes) => (read[index] = { file, bytes }),
        (error: unknown) => lost.push(error),
      );
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, worker));
  const pictures = read.filter((each) => each !== undefined);
  const stopped = lost.find((error) => (error as Error).name === "AbortError");
  if (stopped !== undefined || pictures.length === 0) throw stopped ?? lost[0];
  return {
    images: pictures.map(({ bytes }) => bytes),
    metadata: pictures.map(({ file: { taskId, seed, nodeId, mediaType } }) => ({
      taskId,
      seed: seed ?? null,
      nodeId,
      mediaType,
    })),
    warnings: lost.map((error) => ({
      type: "other",
      message: `A picture is missing: ${(error as Error).message}`,
    })),
  };
}

/** Codes of the client for a wait that was stopped or a server that is out of reach. */
const NOTHING_TO_READ = new Set(["aborted", "timeout", "not_reachable", "connection_lost", "busy"]);

/** The files of all tasks that are done; why others have none goes to `lost`. */
async function filesOf(run: Run, wait: WaitSettings, lost: unknown[]): Promise<ResultFile[]> {
  try {
    return [...(await run.result(wait)).files];
  } catch (error) {
    // A run rejects when all of its tasks have ended, so those that worked can be read at once; save
    // that it was stopped, or that nothing can be read now.
    const { code } = error as { code?: string };
    if (run.tasks.length === 1 || !code || NOTHING_TO_READ.has(code)) throw error;
  }
  const { signal } = wait;
  const results = await Promise.allSettled(run.tasks.map((task) => task.result({ signal })));
  return results.flatMap((result) => {
    if (result.status === "fulfilled") return result.value.files;
    lost.push(result.reason);
    return [];
  });
}

/** For flows that make something else. */
export function noPicture(flow: string, kinds: readonly string[] = []): Error {
  const functionality = `images by the flow ${flow}`;
  return new UnsupportedFunctionalityError({
    functionality,
    message: `The flow ${flow} makes ${kinds.length > 0 ? kinds.join(" and ") : "no picture"}, and generateImage takes pictures only: call the flow's function of visionatrix-client instead.`,
  });
}
