/** The results, newest first. A file is fetched when its place comes into view. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon, KindIcon } from "../parts/icon.js";
import { itemsOf, type Item } from "../state/files.js";
import { useTitles } from "../state/flows.js";
import { store, useStore } from "../state/store.js";
import { tasks } from "../state/tasks.js";
import { useWords, type Word } from "../words/words.js";
import { Media } from "./media.js";
import { promptOfTask } from "./texts.js";

/** Results that are added at a time. */
const PAGE = 60;

/** How near to the screen a result is fetched. */
const NEAR = "600px";

/** Keys of the results that are chosen for comparing: two at most. */
export const compared = store<readonly string[]>([]);

/** Puts the focus on a result, or on the heading where it does not show. */
export function focusCard(key: string | undefined): void {
  const card = document.querySelector<HTMLElement>(`[data-key="${key ?? ""}"]`);
  (card ?? document.getElementById("results-title"))?.focus();
}

export function Gallery({ onOpen }: { onOpen: (key: string) => void }): JSX.Element {
  const t = useWords();
  const { loaded, list } = useStore(tasks);
  const [most, setMost] = useState(PAGE);
  const items = useMemo(() => itemsOf(list), [list]);
  return (
    <section class="gallery" aria-labelledby="results-title">
      <h2 id="results-title" tabIndex={-1}>
        {t("results")} {items.length > 0 && <span class="count">{items.length}</span>}
      </h2>
      {loaded && items.length === 0 && (
        <div class="empty">
          <Icon name="grid" />
          <p class="empty-title">{t("emptyTitle")}</p>
          <p class="quiet">{t("emptyText")}</p>
        </div>
      )}
      <ul class="grid">
        {items.slice(0, most).map((item) => (
          <Card key={item.key} item={item} onOpen={onOpen} />
        ))}
      </ul>
      {items.length > most && (
        <button type="button" class="more" onClick={() => setMost(most + PAGE)}>
          {t("showMore")}
        </button>
      )}
    </section>
  );
}

function Card({ item, onOpen }: { item: Item; onOpen: (key: string) => void }): JSX.Element {
  const t = useWords();
  const place = useRef<HTMLLIElement>(null);
  const near = useNear(place);
  const chosen = useStore(compared);
  const { key, task, kind } = item;
  const flow = useTitles()(task.name);
  const text = promptOfTask(task);
  const name = `${text || flow}, ${t("runNumber", { id: task.task_id })}`;
  const isChosen = chosen.includes(key);
  return (
    <li ref={place} class="card" data-chosen={isChosen}>
      <button
        type="button"
        class="card-open"
        data-key={key}
        aria-label={t("openResult", { kind: t(`kind.${kind}` as Word), flow, text: name })}
        onClick={() => onOpen(key)}
      >
        <Media item={item} alt="" wanted={near} small />
        {kind !== "image" && (
          <span class="badge">
            <KindIcon kind={kind} />
          </span>
        )}
      </button>
      <p class="card-text">
        <span class="one-line">{text || flow}</span>
        {text && <span class="quiet one-line">{flow}</span>}
      </p>
      <button
        type="button"
        class="select"
        aria-pressed={isChosen}
        aria-label={t("selectCompare", { text: name })}
        onClick={() =>
          compared.update((all) =>
            isChosen ? all.filter((each) => each !== key) : [...all.slice(-1), key],
          )
        }
      >
        <Icon name="check" />
      </button>
    </li>
  );
}

/** Whether a place on the page is in view, or nearly so. */
function useNear(place: { readonly current: Element | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.some(({ isIntersecting }) => isIntersecting)),
      { rootMargin: NEAR },
    );
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
  return near;
}
