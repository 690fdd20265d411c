/** One result, large, with what made it and what can be done with it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { announce } from "../parts/announce.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { SureButton } from "../parts/sure-button.js";
import { client } from "../state/client.js";
import { setDraft, setValue } from "../state/drafts.js";
import { blobOf, fileOf, itemsOf, type Item } from "../state/files.js";
import { choose, flows, useTitles, type InstalledFlow } from "../state/flows.js";
import { draftOfTask, runAgain, serverFlow } from "../state/runs.js";
import { useStore } from "../state/store.js";
import { forget, tasksChanged } from "../state/tasks.js";
import { told } from "../words/errors.js";
import { useWords } from "../words/words.js";
import { Media } from "./media.js";
import { nameOf, paramsOfTask, promptOfTask } from "./texts.js";

/** Characters that fill about six lines of a narrow screen. */
const LONG_VALUE = 240;

export function Viewer(props: {
  readonly item: Item;
  readonly previous: string | undefined;
  readonly next: string | undefined;
  readonly onOpen: (key: string) => void;
  readonly onClose: () => void;
  /** The run of the result is gone, and the result with it. */
  readonly onDeleted: () => void;
}): JSX.Element {
  const { item, previous, next, onOpen, onClose, onDeleted } = props;
  const { task } = item;
  const t = useWords();
  const flow = useTitles()(task.name);
  const [failure, setFailure] = useState<string>();
  const go = (key: string | undefined): void => {
    setFailure(undefined);
    if (key !== undefined) onOpen(key);
  };
  const count = itemsOf([task]).length;
  /** What went wrong stays until the next attempt. */
  const attempt = (work: () => Promise<void>): void => {
    setFailure(undefined);
    work().catch((error: unknown) => setFailure(told(error, t).text));
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
          {failure !== undefined && (
            <p class="problem" role="alert">
              {failure}
            </p>
          )}
          <SureButton
            label={count > 1 ? t("deleteRun", { count }) : t("delete")}
            sureLabel={count > 1 ? t("deleteRunSure", { count }) : t("deleteSure")}
            onSure={() =>
              attempt(async () => {
                await client.task(task.task_id).delete();
                forget(task.task_id);
                onDeleted();
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
          <Value text={value} />
        </div>
      ))}
    </dl>
  );
}

/** A value; on a narrow screen a long one is folded. */
function Value({ text }: { text: string }): JSX.Element {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const isLong = text.length > LONG_VALUE;
  return (
    <dd>
      <span class={isLong && !open ? "folded" : undefined}>{text}</span>
      {isLong && (
        <button
          type="button"
          class="plain fold"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? t("showLess") : t("showAll")}
        </button>
      )}
    </dd>
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
