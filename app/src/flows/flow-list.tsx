/** The flows of the server: searched, the recent ones first. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, KindIcon } from "../parts/icon.js";
import {
  choose,
  chosen,
  flows,
  kindsOf,
  recentFlows,
  searchFlows,
  type InstalledFlow,
} from "../state/flows.js";
import { useStore } from "../state/store.js";
import { tasks } from "../state/tasks.js";
import { useWords } from "../words/words.js";

const MOST_RECENT = 5;

export function FlowList({ onChosen }: { onChosen?: () => void }): JSX.Element {
  const t = useWords();
  const list = useStore(flows);
  useStore(tasks);
  const [search, setSearch] = useState("");
  const found = searchFlows(list ?? [], search);
  const recent = recentFlows(MOST_RECENT).flatMap(
    (id) => list?.find(({ name }) => name === id) ?? [],
  );
  return (
    <nav class="flows" aria-label={t("flows")}>
      <label class="search">
        <Icon name="search" />
        <span class="visually-hidden">{t("searchFlows")}</span>
        <input
          type="search"
          placeholder={t("searchFlows")}
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </label>
      <p class="visually-hidden" role="status">
        {search && t("found", { count: found.length })}
      </p>
      {!list && <FlowSkeleton />}
      {list?.length === 0 && <p class="quiet">{t("noFlows")}</p>}
      {search && found.length === 0 && list && <p class="quiet">{t("noFlowFound", { search })}</p>}
      {!search && recent.length > 0 && (
        <FlowGroup title={t("recent")} list={recent} onChosen={onChosen} />
      )}
      {found.length > 0 && <FlowGroup title={t("allFlows")} list={found} onChosen={onChosen} />}
    </nav>
  );
}

function FlowGroup(props: {
  readonly title: string;
  readonly list: readonly InstalledFlow[];
  readonly onChosen: (() => void) | undefined;
}): JSX.Element {
  const { title, list, onChosen } = props;
  const t = useWords();
  const current = useStore(chosen);
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {list.map(({ name, display_name, tags = [] }) => {
          const kinds = kindsOf(name);
          const made = kinds.map((kind) => t(`kind.${kind}`)).join(", ");
          return (
            <li key={name}>
              <button
                type="button"
                class="flow"
                aria-current={name === current ? "true" : undefined}
                onClick={() => {
                  choose(name);
                  onChosen?.();
                }}
              >
                <KindIcon kind={kinds[0] ?? ""} />
                <span class="flow-name">{display_name || name}</span>
                <span class="flow-tags">
                  {made && <span class="visually-hidden">{t("makes", { kinds: made })}</span>}
                  {tags.slice(0, 3).join(" · ")}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function FlowSkeleton(): JSX.Element {
  return (
    <div class="skeletons" aria-hidden="true">
      {Array.from({ length: 7 }, (_, index) => (
        <div key={index} class="skeleton" />
      ))}
    </div>
  );
}
