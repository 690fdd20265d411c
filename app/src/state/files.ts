/** Result files, looked up once and kept in memory up to a bound. */
import { useEffect, useState } from "preact/hooks";
import type { ResultFile, TaskInfo } from "visionatrix-client";
import { client } from "./client.js";

/** Bytes of files that are kept, so that what was seen is there at once. */
const MOST_BYTES = 256 * 1024 * 1024;

/** One file of a task that is done: known from the list, before anything of it is fetched. */
export interface Item {
  readonly key: string;
  readonly task: TaskInfo;
  readonly node: number;
  readonly index: number;
  readonly kind: string;
}

/** The files that tasks have made, in the order of the tasks. Pure. */
export function itemsOf(list: readonly TaskInfo[]): Item[] {
  return list
    .filter(({ state }) => state === "done")
    .flatMap((task) =>
      [...task.outputs]
        .sort((a, b) => a.comfy_node_id - b.comfy_node_id)
        .flatMap(({ comfy_node_id: node, type: kind, batch_size }) =>
          Array.from({ length: Math.max(1, batch_size) }, (_, index) => ({
            ...{ key: `${task.task_id}-${node}-${index}`, task, node, index, kind },
          })),
        ),
    );
}

const results = new Map<number, Promise<readonly ResultFile[]>>();
/** In the order of their last use. */
const blobs = new Map<string, Promise<Blob>>();
const sizes = new Map<string, number>();

/** @throws what the client throws, and an Error where the server lists a file that it does not have */
export async function fileOf({ task, node, index }: Item): Promise<ResultFile> {
  const id = task.task_id;
  let found = results.get(id);
  if (!found) {
    found = client
      .task(id)
      .result()
      .then(({ files }) => files);
    results.set(id, found);
    found.catch(() => results.delete(id));
  }
  const file = (await found).find((each) => each.nodeId === node && each.index === index);
  if (!file) throw new Error("missing");
  return file;
}

export function blobOf(item: Item): Promise<Blob> {
  const known = blobs.get(item.key);
  blobs.delete(item.key);
  const blob = known ?? fileOf(item).then((file) => file.blob());
  blobs.set(item.key, blob);
  if (!known)
    blob.then(
      ({ size }) => {
        sizes.set(item.key, size);
        drop();
      },
      () => blobs.delete(item.key),
    );
  return blob;
}

function drop(): void {
  let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  for (const key of blobs.keys()) {
    if (total <= MOST_BYTES || blobs.size < 2) return;
    total -= sizes.get(key) ?? 0;
    sizes.delete(key);
    blobs.delete(key);
  }
}

export interface Loaded {
  readonly url?: string;
  readonly blob?: Blob;
  readonly error?: unknown;
}

/** An address of the file for this page, while `wanted`. */
export function useFile(item: Item | undefined, wanted = true): Loaded & { retry: () => void } {
  const [loaded, setLoaded] = useState<Loaded & { key?: string }>({});
  const [tries, setTries] = useState(0);
  const key = item?.key;
  useEffect(() => {
    if (!item || !wanted) return undefined;
    let url: string | undefined;
    let left = false;
    blobOf(item).then(
      (blob) => {
        if (left) return;
        url = URL.createObjectURL(blob);
        setLoaded({ url, blob, key: item.key });
      },
      (error: unknown) => left || setLoaded({ error, key: item.key }),
    );
    return () => {
      left = true;
      if (url !== undefined) URL.revokeObjectURL(url);
      setLoaded({});
    };
  }, [key, wanted, tries]);
  return { ...(loaded.key === key ? loaded : {}), retry: () => setTries((count) => count + 1) };
}
