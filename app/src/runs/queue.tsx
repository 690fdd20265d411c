/** What went wrong and what is under way, in the order of the queue: each with its progress, its place, a way to stop it. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { TaskInfo } from "visionatrix-client";
import { cancel, cancels } from "../state/cancels.js";
import { client } from "../state/client.js";
import { health } from "../state/health.js";
import { useTitles } from "../state/flows.js";
import { dismiss, run, runAgain, sending, serverFlow, type Sending } from "../state/runs.js";
import { useStore } from "../state/store.js";
import { aheadOf, forget, isUnfinished, silentFor, tasks, tasksChanged } from "../state/tasks.js";
import { announce } from "../parts/announce.js";
import { Icon } from "../parts/icon.js";
import { SureButton } from "../parts/sure-button.js";
import { told } from "../words/errors.js";
import { useWords, type Translate } from "../words/words.js";
import { promptOfTask } from "./texts.js";

/** A running task of which nothing was heard for so long may be lost, in ms. */
const SILENCE_MS = 5 * 60_000;

/** Failed tasks that show; older ones wait until these are put away. */
const MOST_FAILED = 5;

/** Runs under way that show until all are asked for, so that the results stay in sight. */
const MOST_OPEN = 5;

export function Queue(): JSX.Element | null {
  const t = useWords();
  const { list } = useStore(tasks);
  const local = useStore(sending);
  useStore(health);
  const [all, setAll] = useState(false);
  const open = list.filter(isUnfinished).reverse();
  const failed = list.filter(({ state }) => state === "failed").slice(0, MOST_FAILED);
  const unsent = local.filter(({ error }) => error !== undefined);
  const onTheWay = local.filter(({ error }) => error === undefined);
  const count = onTheWay.length + open.length;
  if (count + unsent.length + failed.length === 0) return null;
  const most = all ? Infinity : MOST_OPEN;
  const cancelAll = (): void => {
    for (const { ids, stop } of onTheWay) if (ids === undefined) stop.abort();
    void cancel(open.map(({ task_id }) => task_id));
  };
  return (
    <section class="queue" aria-labelledby="queue-title">
      <div class="queue-head">
        <h2 id="queue-title">
          {count > 0 ? t("queue") : t("failed")} {count > 0 && <span class="count">{count}</span>}
        </h2>
        {count > 1 && (
          <SureButton
            label={t("cancelAll")}
            sureLabel={t("cancelAllSure", { count })}
            onSure={cancelAll}
          />
        )}
      </div>
      <ul>
        {failed.map((task) => (
          <FailedRow key={task.task_id} task={task} />
        ))}
        {unsent.map((each) => (
          <SendingRow key={`s${each.key}`} entry={each} />
        ))}
        {open.slice(0, most).map((task) => (
          <OpenRow key={task.task_id} task={task} ahead={aheadOf(list, task)} />
        ))}
        {onTheWay.slice(0, Math.max(0, most - open.length)).map((each) => (
          <SendingRow key={`s${each.key}`} entry={each} />
        ))}
      </ul>
      {count > MOST_OPEN && (
        <button type="button" class="plain" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("fewerRuns") : t("moreRuns", { count: count - MOST_OPEN })}
        </button>
      )}
    </section>
  );
}

function Row(props: {
  readonly flow: string;
  readonly text: string;
  readonly state: ComponentChildren;
  readonly percent?: number | undefined;
  readonly wrong?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { flow, text, state, percent, wrong = false, children } = props;
  const t = useWords();
  const title = useTitles()(flow);
  return (
    <li class="row" data-wrong={wrong}>
      <div class="row-text">
        <strong>{title}</strong>
        {text && <span class="quiet one-line">{text}</span>}
      </div>
      <div class="row-state">{state}</div>
      <div class="row-buttons">{children}</div>
      {!wrong && (
        <progress
          aria-label={t("progressOf", { flow: title })}
          max="100"
          {...(percent !== undefined && { value: percent })}
        />
      )}
    </li>
  );
}

function SendingRow({ entry }: { entry: Sending }): JSX.Element {
  const { key, flow, draft, sent, ids, error, stop } = entry;
  const t = useWords();
  const titleOf = useTitles();
  const prompt = draft["prompt"];
  const text = typeof prompt === "string" ? prompt : "";
  if (error !== undefined) {
    const { text: words, details } = told(error, t);
    return (
      <Row flow={flow} text={text} wrong state={<Failure text={words} details={details} />}>
        <button
          type="button"
          onClick={() => {
            serverFlow(flow)
              .then((found) => run(found, draft))
              .then(
                () => dismiss(key),
                (failure: unknown) => announce(told(failure, t).text),
              );
          }}
        >
          {t("tryAgain")}
        </button>
        <button type="button" class="plain" onClick={() => dismiss(key)}>
          {t("dismiss")}
        </button>
      </Row>
    );
  }
  const percent = sent?.total ? Math.floor((100 * sent.loaded) / sent.total) : undefined;
  const words =
    health.get() !== "ok" && ids === undefined
      ? t("waitingForServer")
      : percent !== undefined && percent < 100
        ? t("sentOf", { percent })
        : t("sending");
  return (
    <Row flow={flow} text={text} state={words}>
      {ids === undefined && (
        <button
          type="button"
          class="plain"
          aria-label={t("cancelRun", { flow: titleOf(flow) })}
          onClick={() => stop.abort()}
        >
          {t("cancel")}
        </button>
      )}
    </Row>
  );
}

function stateOf(percent: number, ahead: number | undefined, t: Translate): string {
  if (ahead === undefined) return percent === 0 ? t("running") : t("percent", { percent });
  return ahead === 0 ? t("queuedNext") : t("queuedBehind", { count: ahead });
}

function OpenRow(props: {
  readonly task: TaskInfo;
  readonly ahead: number | undefined;
}): JSX.Element {
  const { task, ahead } = props;
  const t = useWords();
  const titleOf = useTitles();
  const percent = Math.max(0, Math.min(100, Math.floor(task.progress)));
  const silence = silentFor(task);
  const isSilent = task.state === "running" && silence > SILENCE_MS;
  const cancelling = useStore(cancels).get(task.task_id);
  return (
    <Row
      flow={task.name}
      text={promptOfTask(task)}
      percent={task.state === "running" && percent === 0 ? undefined : percent}
      state={
        cancelling === "failed" ? (
          <span class="problem" role="alert">
            {t("notCancelled")}
          </span>
        ) : cancelling ? (
          t("cancelling")
        ) : isSilent ? (
          t("silent", { minutes: Math.floor(silence / 60_000) })
        ) : (
          stateOf(percent, ahead, t)
        )
      }
    >
      {isSilent && (
        <button
          type="button"
          onClick={() => {
            client
              .task(task.task_id)
              .rerun()
              .then(tasksChanged, (error: unknown) => announce(told(error, t).text));
          }}
        >
          {t("runAgain")}
        </button>
      )}
      <button
        type="button"
        class="plain"
        aria-label={t("cancelRun", { flow: titleOf(task.name) })}
        disabled={cancelling === "under way"}
        onClick={() => void cancel([task.task_id])}
      >
        {t("cancel")}
      </button>
    </Row>
  );
}

function FailedRow({ task }: { task: TaskInfo }): JSX.Element {
  const t = useWords();
  const remove = async (): Promise<void> => {
    forget(task.task_id);
    try {
      await client.task(task.task_id).delete();
    } catch (error) {
      announce(told(error, t).text);
    }
    tasksChanged();
  };
  return (
    <Row
      flow={task.name}
      text={promptOfTask(task)}
      wrong
      state={<Failure text={t("error.taskFailed")} details={task.error.trim()} />}
    >
      <button
        type="button"
        onClick={() => {
          runAgain(task, false).then(remove, (error: unknown) => announce(told(error, t).text));
        }}
      >
        {t("tryAgain")}
      </button>
      <button type="button" class="plain" onClick={() => void remove()}>
        {t("dismiss")}
      </button>
    </Row>
  );
}

function Failure(props: {
  readonly text: string;
  readonly details: string | undefined;
}): JSX.Element {
  const { text, details } = props;
  const t = useWords();
  return (
    <div class="failure">
      <p>
        <Icon name="alert" /> {text}
      </p>
      {details && (
        <details>
          <summary>{t("details")}</summary>
          <pre>{details}</pre>
        </details>
      )}
    </div>
  );
}
