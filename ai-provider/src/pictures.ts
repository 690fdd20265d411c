/** Reads the images of a run, from the tasks that succeeded. */
import { UnsupportedFunctionalityError, type SharedV3Warning } from "@ai-sdk/provider";
import { outcomesOf, type Progress, type ResultFile, type Run } from "visionatrix-client";

/** `providerMetadata.visionatrix.images[i]`: where image _i_ comes from. */
// A type, because TypeScript does not treat an interface as JSON.
export type ImageMetadata = {
  taskId: number;
  /** Reproduces the image; null when the flow takes no seed. */
  seed: number | null;
  /** Output node; together with `taskId` it forms a value for a file parameter: `{ task_id, node_id }`. */
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

/** Files read at once. */
const READ_AT_ONCE = 4;

/**
 * Waits for a run and reads its images. If some of several fail, the failures become warnings.
 * @throws the client's error when no image is left, or when the caller stopped
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

/** The client's codes for a stopped wait or an unreachable server. */
const NOTHING_TO_READ = new Set(["aborted", "timeout", "not_reachable", "connection_lost", "busy"]);

/** The files of all finished tasks; errors of the others are added to `lost`. */
async function filesOf(run: Run, wait: WaitSettings, lost: unknown[]): Promise<ResultFile[]> {
  try {
    return [...(await run.result(wait)).files];
  } catch (error) {
    // A run rejects once all of its tasks have ended, so those that succeeded can be read at once, unless the
    // wait was stopped or the server is unreachable.
    const { code } = error as { code?: string };
    if (run.tasks.length === 1 || !code || NOTHING_TO_READ.has(code)) throw error;
  }
  const outcomes = await outcomesOf(run.tasks, { signal: wait.signal });
  lost.push(...outcomes.flatMap(({ error }) => error ?? []));
  return outcomes.flatMap(({ files }) => files);
}

/** The error for flows that make no images. */
export function noPicture(flow: string, kinds: readonly string[] = []): Error {
  const functionality = `images by the flow ${flow}`;
  return new UnsupportedFunctionalityError({
    functionality,
    message: `The flow ${flow} makes ${kinds.length > 0 ? kinds.join(" and ") : "no picture"}, and generateImage takes pictures only: call the flow's function of visionatrix-client instead.`,
  });
}
