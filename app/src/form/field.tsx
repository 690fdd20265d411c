/** One parameter of a flow as a field, by its kind. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { labelOf, type Parameter, type ServerFlow } from "visionatrix-client";
import { drafts, isNumeric, setValue, type Value } from "../state/drafts.js";
import type { InstalledFlow } from "../state/flows.js";
import { useStore } from "../state/store.js";
import { useWords, type Word } from "../words/words.js";
import { FileField } from "./file-field.js";

export interface FieldProps {
  readonly flow: ServerFlow;
  readonly installed: InstalledFlow;
  readonly parameter: Parameter;
  /** It is what the flow is about. */
  readonly main: boolean;
  readonly problem: string | undefined;
  readonly onChange: () => void;
}

/** What a control needs to be found by screen readers. */
export interface ControlProps {
  readonly id: string;
  readonly "aria-invalid": true | undefined;
  readonly "aria-describedby": string | undefined;
  readonly "aria-required": true | undefined;
}

/** Names that the server itself gives, and that its flows therefore do not label. */
const OWN_LABELS: Readonly<Record<string, Word>> = {
  count: "count",
  seed: "seed",
  translate: "translate",
};

export function Field(props: FieldProps): JSX.Element {
  const { flow, installed, parameter, main, problem, onChange } = props;
  const { name, type, required } = parameter;
  const t = useWords();
  const id = useId();
  const value = useStore(drafts)[flow.id]?.[name];
  const set = (next: Value | undefined): void => {
    setValue(flow.id, name, next);
    onChange();
  };
  const own = OWN_LABELS[name];
  const label = own ? t(own) : labelOf(parameter);
  const control: ControlProps = {
    id,
    "aria-invalid": problem === undefined ? undefined : true,
    "aria-describedby": problem === undefined ? undefined : `${id}-problem`,
    "aria-required": required,
  };
  const isSwitch = type === "boolean" || name === "translate";
  return (
    <div
      class="field"
      data-kind={isSwitch ? "switch" : main ? "main" : name === "count" ? name : type}
    >
      {!isSwitch && (
        <label for={id}>
          {label}
          {required && !main && <span class="quiet"> ({t("required")})</span>}
        </label>
      )}
      {type === "file" ? (
        <FileField {...{ flow, installed, parameter, value, set, control, label }} />
      ) : isSwitch ? (
        <label class="switch">
          <input
            {...control}
            type="checkbox"
            checked={value === undefined ? parameter.default === true : value === true}
            onChange={({ currentTarget }) => set(currentTarget.checked)}
          />
          {label}
        </label>
      ) : type === "choice" ? (
        <select
          {...control}
          value={(value ?? parameter.default ?? "") as string}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        >
          {parameter.default === undefined && <option value="" />}
          {parameter.choices?.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : isNumeric(parameter) ? (
        <NumberControl {...{ parameter, value, set, control }} />
      ) : (
        <textarea
          {...control}
          rows={main ? 3 : 1}
          value={(value ?? "") as string}
          placeholder={defaultText(installed, name) || (main ? t("promptPlaceholder") : "")}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      )}
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

/** The flow's own text, whole: the parameter has only its start. */
function defaultText({ input_params }: InstalledFlow, name: string): string {
  const value = input_params.find((each) => each.name === name)?.default;
  return typeof value === "string" ? value : "";
}

function NumberControl(props: {
  readonly parameter: Parameter;
  readonly value: Value | undefined;
  /** An empty text stays one while it is typed, and is left to the flow. */
  readonly set: (value: string) => void;
  readonly control: ControlProps;
}): JSX.Element {
  const { parameter, value, set, control } = props;
  const { min, max, step, default: initial } = parameter;
  const t = useWords();
  const text = typeof value === "string" ? value : `${initial ?? ""}`;
  return (
    <div class="number">
      {min !== undefined && max !== undefined && max - min <= 10_000 && (
        <input
          type="range"
          aria-hidden="true"
          tabIndex={-1}
          {...{ min, max, step: step ?? "any" }}
          value={Number(text) || min}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      )}
      <input
        {...control}
        inputMode={Number.isInteger(step ?? 1) ? "numeric" : "decimal"}
        autoComplete="off"
        value={text}
        placeholder={parameter.name === "seed" ? t("seedPlaceholder") : `${initial ?? ""}`}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </div>
  );
}
