/** Two results side by side, and in what their runs differ. */
import type { JSX } from "preact";
import { Dialog } from "../parts/dialog.js";
import type { Item } from "../state/files.js";
import { useTitles } from "../state/flows.js";
import { useStore } from "../state/store.js";
import { useWords } from "../words/words.js";
import { compared } from "./gallery.js";
import { Media } from "./media.js";
import { nameOf, paramsOfTask, promptOfTask } from "./texts.js";

/** Shows while results are chosen for comparing. */
export function CompareBar({ onCompare }: { onCompare: () => void }): JSX.Element | null {
  const t = useWords();
  const { length } = useStore(compared);
  if (length === 0) return null;
  return (
    <div class="compare-bar">
      {length < 2 && <p>{t("compareOne")}</p>}
      {length === 2 && (
        <button type="button" class="primary" onClick={onCompare}>
          {t("compare")}
        </button>
      )}
      <button type="button" class="plain" onClick={() => compared.set([])}>
        {t("clearSelection")}
      </button>
    </div>
  );
}

/** The parameters of two tasks, those that differ first. Pure. */
function differences(
  one: readonly (readonly [string, string])[],
  other: readonly (readonly [string, string])[],
): { name: string; values: [string, string]; differs: boolean }[] {
  const [first, second] = [new Map(one), new Map(other)];
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((name) => {
      const values: [string, string] = [first.get(name) ?? "", second.get(name) ?? ""];
      return { name, values, differs: values[0] !== values[1] };
    })
    .sort((a, b) => Number(b.differs) - Number(a.differs));
}

export function Compare(props: {
  readonly items: readonly [Item, Item];
  readonly onClose: () => void;
}): JSX.Element {
  const { items, onClose } = props;
  const t = useWords();
  const titleOf = useTitles();
  const rows = differences(paramsOfTask(items[0].task), paramsOfTask(items[1].task));
  return (
    <Dialog title={t("compareTitle")} kind="compare" onClose={onClose}>
      <div class="compare-columns">
        {items.map((item) => (
          <figure key={item.key}>
            <Media item={item} alt={promptOfTask(item.task) || titleOf(item.task.name)} />
            <figcaption>
              {titleOf(item.task.name)}
              <span class="quiet"> {t("runNumber", { id: item.task.task_id })}</span>
            </figcaption>
          </figure>
        ))}
      </div>
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("parameters")}</th>
              {items.map(({ key, task }) => (
                <th key={key} scope="col">
                  {t("runNumber", { id: task.task_id })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, values, differs }) => (
              <tr key={name} data-differs={differs}>
                <th scope="row">
                  {name === "seed" ? t("seed") : nameOf(name)}
                  {differs && <span class="visually-hidden"> ({t("difference")})</span>}
                </th>
                <td>{values[0]}</td>
                <td>{values[1]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}
