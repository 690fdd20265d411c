/** One result, large, with what made it and what can be done with it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { announce } from "../parts/announce.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { client } from "../state/client.js";
import { setDraft, setValue } from "../state/drafts.js";
import { blobOf, fileOf, type Item } from "../state/files.js";
import { choose, flows, useTitles, type InstalledFlow } from "../state/flows.js";
import { draftOfTask, runAgain, serverFlow } from "../state/runs.js";
import { useStore } from "../state/store.js";
import { forget, tasksChanged } from "../state/tasks.js";
import { told } from "../words/errors.js";
import { useWords } from "../words/words.js";
import { Media } from "./media.js";
import { nameOf, paramsOfTask, promptOfTask } from "./texts.js";

export function Viewer(props: {
  readonly item: Item;
  readonly previous: string | undefined;
  readonly next: string | undefined;
  readonly onOpen: (key: string) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { item, previous, next, onOpen, onClose } = props;
  const { task } = item;
  const t = useWords();
  const flow = useTitles()(task.name);
  const go = (key: string | undefined): void => {
    if (key !== undefined) onOpen(key);
  };
  /** Says what went wrong, in the place where everything is said. */
  const attempt = (work: () => Promise<void>): void => {
    work().catch((error: unknown) => announce(told(error, t).text));
  };
  return (
    <Dialog
      title={flow}
      kind="viewer"
      onClose={onClose}
      onKeyDown={(event) => {
        // Films and sounds have uses of their own for these keys.
        if (event.target instanceof HTMLMediaElement) return;
        if (event.key === "ArrowLeft") go(previous);
        if (event.key === "ArrowRight") go(next);
      }}
    >
      <div class="viewer-columns">
        <div class="stage">
          <Media
            key={item.key}
            item={item}
            alt={`${promptOfTask(task) || flow}, ${t("runNumber", { id: task.task_id })}`}
          />
          <div class="steps">
            <button
              type="button"
              class="square"
              aria-label={t("previous")}
              disabled={previous === undefined}
              onClick={() => go(previous)}
            >
              <Icon name="left" />
            </button>
            <button
              type="button"
              class="square"
              aria-label={t("next")}
              disabled={next === undefined}
              onClick={() => go(next)}
            >
              <Icon name="right" />
            </button>
          </div>
        </div>
        <aside class="facts" aria-label={t("parameters")}>
          <p class="quiet">{t("runNumber", { id: task.task_id })}</p>
          <Facts item={item} />
          <div class="actions">
            <button
              type="button"
              class="primary"
              onClick={() =>
                attempt(async () => {
                  await runAgain(task, true);
                  announce(t("started", { flow }));
                })
              }
            >
              {t("vary")}
            </button>
            <button
              type="button"
              onClick={() =>
                attempt(async () => {
                  await runAgain(task, false);
                  announce(t("started", { flow }));
                })
              }
            >
              {t("runAgain")}
            </button>
            <button
              type="button"
              onClick={() =>
                attempt(async () => {
                  setDraft(task.name, draftOfTask(await serverFlow(task.name), task));
                  // The same seed would make much the same again.
                  setValue(task.name, "seed", undefined);
                  choose(task.name);
                  onClose();
                  window.scrollTo({ top: 0 });
                })
              }
            >
              {t("edit")}
            </button>
            <button type="button" onClick={() => attempt(() => save(item))}>
              {t("download")}
            </button>
          </div>
          <UseIn item={item} onUsed={onClose} />
          <DeleteButton
            onDelete={() =>
              attempt(async () => {
                await client.task(task.task_id).delete();
                forget(task.task_id);
                onClose();
                announce(t("deleted"));
                tasksChanged();
              })
            }
          />
        </aside>
      </div>
    </Dialog>
  );
}

function Facts({ item }: { item: Item }): JSX.Element {
  const t = useWords();
  const params = paramsOfTask(item.task);
  if (params.length === 0) return <p>{t("noParameters")}</p>;
  return (
    <dl>
      {params.map(([name, value]) => (
        <div key={name}>
          <dt>{name === "seed" ? t("seed") : nameOf(name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Flows that take a file of a kind. Pure. */
function flowsFor(list: readonly InstalledFlow[], kind: string): InstalledFlow[] {
  const wanted = kind === "video" ? "video" : kind.startsWith("image") ? "image" : undefined;
  return list.filter(({ input_params }) => input_params.some(({ type }) => type === wanted));
}

function UseIn({ item, onUsed }: { item: Item; onUsed: () => void }): JSX.Element {
  const t = useWords();
  const fitting = flowsFor(useStore(flows) ?? [], item.kind);
  const use = async (flow: InstalledFlow): Promise<void> => {
    const input = flow.input_params.find(
      ({ type }) => type === (item.kind === "video" ? "video" : "image"),
    );
    if (!input) return;
    setValue(flow.name, input.name, { from: "result", item, result: await fileOf(item) });
    choose(flow.name);
    onUsed();
    window.scrollTo({ top: 0 });
  };
  if (fitting.length === 0) return <p class="quiet">{t("useInNone")}</p>;
  return (
    <details class="use-in">
      <summary>{t("useIn")}</summary>
      <ul>
        {fitting.map((flow) => (
          <li key={flow.name}>
            <button
              type="button"
              class="plain"
              onClick={() =>
                void use(flow).catch((error: unknown) => announce(told(error, t).text))
              }
            >
              {flow.display_name || flow.name}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Asks once more, in the same place. */
function DeleteButton({ onDelete }: { onDelete: () => void }): JSX.Element {
  const t = useWords();
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      class={sure ? "danger sure" : "danger"}
      onClick={() => (sure ? onDelete() : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {sure ? t("deleteSure") : t("delete")}
    </button>
  );
}

async function save(item: Item): Promise<void> {
  const [{ name }, blob] = await Promise.all([fileOf(item), blobOf(item)]);
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the file over by then.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
