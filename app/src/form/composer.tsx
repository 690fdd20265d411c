/** The form of the chosen flow: what is asked for first is in the middle, the rest is near or folded away. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ParamProblem, Parameter, ServerFlow } from "visionatrix-client";
import { announce } from "../parts/announce.js";
import { chosen, flows, kindsOf, type InstalledFlow } from "../state/flows.js";
import { run, serverFlow, shownParameters } from "../state/runs.js";
import { useStore } from "../state/store.js";
import { draftOf } from "../state/drafts.js";
import { problemText, told, type Told } from "../words/errors.js";
import { useWords } from "../words/words.js";
import { Field } from "./field.js";

export function Composer({ onChooseFlow }: { onChooseFlow: () => void }): JSX.Element {
  const t = useWords();
  const id = useStore(chosen);
  const list = useStore(flows);
  const installed = list?.find(({ name }) => name === id);
  const flow = useServerFlow(installed);
  return (
    <section class="composer" aria-labelledby="flow-title">
      <div class="composer-head">
        <h2 id="flow-title">{installed ? installed.display_name || id : t("chooseFlow")}</h2>
        <button type="button" class="choose-flow" onClick={onChooseFlow}>
          {t("chooseFlow")}
        </button>
      </div>
      {installed && <About installed={installed} />}
      {flow && installed ? (
        <FlowForm key={id} flow={flow} installed={installed} />
      ) : (
        list?.length !== 0 && <div class="skeleton tall" aria-hidden="true" />
      )}
    </section>
  );
}

/** The checked flow of what is chosen; undefined while it is on its way. */
function useServerFlow(installed: InstalledFlow | undefined): ServerFlow | undefined {
  const [flow, setFlow] = useState<ServerFlow>();
  const key = installed && JSON.stringify(installed.input_params);
  useEffect(() => {
    let left = false;
    if (installed)
      serverFlow(installed.name).then(
        (found) => left || setFlow(() => found),
        // The list of flows is read again when the server is back.
        () => undefined,
      );
    return () => {
      left = true;
    };
  }, [installed, key]);
  return flow?.id === installed?.name ? flow : undefined;
}

function About({ installed }: { installed: InstalledFlow }): JSX.Element {
  const t = useWords();
  const made = kindsOf(installed.name).map((kind) => t(`kind.${kind}`));
  return (
    <div class="about">
      {installed.description && <p>{installed.description}</p>}
      {made.length > 0 && <p class="quiet">{t("makes", { kinds: made.join(", ") })}</p>}
    </div>
  );
}

/** The text that a flow is about; undefined for flows of files alone. */
function promptOf(parameters: readonly Parameter[]): Parameter | undefined {
  const texts = parameters.filter(
    ({ type, advanced, default: initial }) =>
      type === "text" && !advanced && typeof initial !== "number",
  );
  return texts.find(({ name }) => name === "prompt") ?? texts.find((each) => each.translatable);
}

function FlowForm(props: {
  readonly flow: ServerFlow;
  readonly installed: InstalledFlow;
}): JSX.Element {
  const { flow, installed } = props;
  const t = useWords();
  const form = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<readonly ParamProblem[]>([]);
  const [failure, setFailure] = useState<Told>();
  const parameters = shownParameters(flow);
  const prompt = promptOf(parameters);
  const isFolded = ({ name, advanced }: Parameter): boolean =>
    advanced === true || name === "seed" || name === "translate";
  const count = parameters.find(({ name }) => name === "count");
  const others = parameters.filter((each) => each !== prompt && each !== count);
  const files = others.filter((each) => each.type === "file" && !isFolded(each));
  const plain = others.filter((each) => each.type !== "file" && !isFolded(each));
  // The flow's own ones first.
  const folded = [...others.filter((each) => each.advanced), ...others.filter(isFolded)].filter(
    (each, at, all) => all.indexOf(each) === at,
  );
  const foldedHasProblem = folded.some(({ name }) => problems.some((p) => p.parameter === name));

  const submit = async (): Promise<void> => {
    setFailure(undefined);
    try {
      const found = await run(flow, draftOf(flow.id));
      setProblems(found);
      if (found.length === 0)
        announce(t("started", { flow: installed.display_name || flow.id }), false);
    } catch (error) {
      setFailure(told(error, t));
    }
  };
  useEffect(() => {
    if (problems.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [problems]);

  const field = (parameter: Parameter): JSX.Element => {
    const problem = problems.find((each) => each.parameter === parameter.name);
    return (
      <Field
        key={parameter.name}
        flow={flow}
        installed={installed}
        parameter={parameter}
        main={parameter === prompt}
        problem={problem && problemText(problem, parameter, t)}
        onChange={() => setProblems((all) => all.filter((each) => each !== problem))}
      />
    );
  };

  return (
    <form
      id="form"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void submit();
      }}
    >
      {files.length > 0 && <div class="files">{files.map(field)}</div>}
      {prompt && field(prompt)}
      {plain.length > 0 && <div class="fields">{plain.map(field)}</div>}
      {folded.length > 0 && (
        <details open={foldedHasProblem || undefined}>
          <summary>{t("advanced")}</summary>
          <div class="fields">{folded.map(field)}</div>
        </details>
      )}
      <div class="run-row">
        {count && field(count)}
        <span class="grow" />
        <div class="run-problem" role="alert">
          {problems.length > 0 ? t("someProblems") : failure?.text}
        </div>
        <kbd class="quiet">{t("runHint")}</kbd>
        <button class="primary">{t("run")}</button>
      </div>
    </form>
  );
}
