/** The page: flows at the side, the form in the middle, the queue and the results below it. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { FlowList } from "./flows/flow-list.js";
import { Composer } from "./form/composer.js";
import { announce, Announcements } from "./parts/announce.js";
import { Dialog } from "./parts/dialog.js";
import { Header, HealthBanner } from "./parts/header.js";
import { Compare, CompareBar } from "./runs/compare.js";
import { compared, focusCard, Gallery } from "./runs/gallery.js";
import { Queue } from "./runs/queue.js";
import { Viewer } from "./runs/viewer.js";
import { itemsOf, type Item } from "./state/files.js";
import { useTitles } from "./state/flows.js";
import { useStore } from "./state/store.js";
import { isUnfinished, tasks } from "./state/tasks.js";
import { useWords } from "./words/words.js";

export function App(): JSX.Element {
  const t = useWords();
  const { list } = useStore(tasks);
  const items = useMemo(() => itemsOf(list), [list]);
  const [choosing, setChoosing] = useState(false);
  const [comparing, setComparing] = useState(false);
  const [open, setOpen] = useState<string>();
  const at = items.findIndex(({ key }) => key === open);
  const item = items[at];
  const pair = useStore(compared).flatMap((key) => items.find((each) => each.key === key) ?? []);
  const [one, other] = pair;
  useEndings();
  return (
    <>
      <Header />
      <HealthBanner />
      <div class="columns">
        <div class="side">
          <FlowList />
        </div>
        <main>
          <div class="work">
            <Composer onChooseFlow={() => setChoosing(true)} />
            <Queue />
          </div>
          <Gallery onOpen={setOpen} />
        </main>
      </div>
      <CompareBar onCompare={() => setComparing(true)} />
      {choosing && (
        <Dialog title={t("chooseFlow")} kind="flow-sheet" onClose={() => setChoosing(false)}>
          <FlowList onChosen={() => setChoosing(false)} />
        </Dialog>
      )}
      {item && (
        <Viewer
          item={item}
          previous={items[at - 1]?.key}
          next={items[at + 1]?.key}
          onOpen={setOpen}
          onClose={() => setOpen(undefined)}
          onDeleted={() => {
            const other = ({ task }: Item): boolean => task.task_id !== item.task.task_id;
            const near = items.slice(at).find(other) ?? items.slice(0, at).findLast(other);
            setOpen(undefined);
            // Once the window is closed and the cards of the run are gone.
            requestAnimationFrame(() => focusCard(near?.key));
          }}
        />
      )}
      {comparing && one && other && (
        <Compare items={[one, other]} onClose={() => setComparing(false)} />
      )}
      <Announcements />
    </>
  );
}

/** Says when a run is done that was seen under way, and on the tab how many are. */
function useEndings(): void {
  const t = useWords();
  const titleOf = useTitles();
  const { list } = useStore(tasks);
  const open = useRef(new Set<number>());
  useEffect(() => {
    const ended = list.find(({ task_id, state }) => state === "done" && open.current.has(task_id));
    if (ended) announce(t("finished", { flow: titleOf(ended.name) }), false);
    open.current = new Set(list.filter(isUnfinished).map(({ task_id }) => task_id));
    const { size } = open.current;
    document.title = size > 0 ? `(${size}) ${t("appName")}` : t("appName");
  }, [list]);
}
