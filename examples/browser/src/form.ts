/** A form made from the metadata of a flow, and its values as the flow's parameters. */
import { labelOf, type Flow, type Parameter } from "visionatrix-client";

/** Parameters for the scheduling of tasks, which somebody at a page has no use for. */
const HIDDEN = ["group_scope", "priority", "child_task", "webhook_url", "webhook_headers"];

export type Values = Record<string, unknown>;

/** Fills `form` with the fields of a flow; returns what reads their values. */
export function showForm(form: HTMLFormElement, flow: Flow<never>): () => Values {
  const readers = new Map<string, () => unknown>();
  const fields: HTMLElement[] = [];
  const more: HTMLElement[] = [];
  for (const parameter of flow.parameters) {
    if (HIDDEN.includes(parameter.name)) continue;
    const [field, read] = fieldFor(parameter);
    readers.set(parameter.name, read);
    const first =
      parameter.required || /prompt|steps/.test(parameter.name) || parameter.type === "file";
    (first ? fields : more).push(field);
  }
  if (more.length > 0) {
    const details = element("details", {}, [element("summary", {}, ["More options"]), ...more]);
    // Nothing to fold where there is nothing else.
    details.open = fields.length === 0;
    fields.push(details);
  }
  form.replaceChildren(...fields);
  return () => Object.fromEntries([...readers].map(([name, read]) => [name, read()]));
}

/** The field for a parameter, and its value, undefined where the flow's own is to be used. */
function fieldFor(parameter: Parameter): [HTMLElement, () => unknown] {
  const { type, min, max } = parameter;
  switch (type) {
    case "file":
      return fileField(parameter);
    case "choice":
      return choiceField(parameter);
    case "boolean":
      return flagField(parameter);
    case "text":
      return typeof parameter.default === "number" ? numberField(parameter) : textField(parameter);
    default:
      if (min === 0 && max === 1 && type === "integer") return flagField(parameter);
      return min !== undefined && max !== undefined
        ? rangeField(parameter)
        : numberField(parameter);
  }
}

function textField(parameter: Parameter): [HTMLElement, () => unknown] {
  const input = element("textarea", {
    name: parameter.name,
    rows: /prompt/.test(parameter.name) ? 3 : 1,
    placeholder: String(parameter.default ?? ""),
    required: parameter.required ?? false,
  });
  return [labelled(parameter, input), () => input.value || undefined];
}

function choiceField(parameter: Parameter): [HTMLElement, () => unknown] {
  const input = element("select", { name: parameter.name });
  for (const choice of parameter.choices ?? [])
    input.append(new Option(choice, choice, false, choice === parameter.default));
  return [labelled(parameter, input), () => input.value];
}

function flagField(parameter: Parameter): [HTMLElement, () => unknown] {
  const input = element("input", {
    name: parameter.name,
    type: "checkbox",
    checked: Boolean(parameter.default),
  });
  const label = element("label", { className: "field flag" }, [input, labelOf(parameter)]);
  return [label, () => (input.checked === Boolean(parameter.default) ? undefined : input.checked)];
}

function numberField(parameter: Parameter): [HTMLElement, () => unknown] {
  const { name, min, max, step, type } = parameter;
  const input = element("input", {
    name,
    type: "number",
    min: String(min ?? ""),
    max: String(max ?? ""),
    step: String(step ?? (type === "integer" ? 1 : "any")),
    placeholder: name === "seed" ? "random" : String(parameter.default ?? ""),
  });
  return [labelled(parameter, input), () => (input.value === "" ? undefined : input.valueAsNumber)];
}

function rangeField(parameter: Parameter): [HTMLElement, () => unknown] {
  const { name, min, max, step = 1 } = parameter;
  const input = element("input", {
    name,
    type: "range",
    min: String(min),
    max: String(max),
    step: String(step),
    value: String(parameter.default ?? min),
  });
  const output = element("output", {}, [input.value]);
  input.addEventListener("input", () => output.replaceChildren(input.value));
  return [labelled(parameter, input, output), () => input.valueAsNumber];
}

function fileField(parameter: Parameter): [HTMLElement, () => unknown] {
  const { name, accept = "", required = false } = parameter;
  const input = element("input", { name, type: "file", accept, required });
  const preview = element("img", { alt: "", hidden: true });
  const text = element("span", {}, ["Drop a file here, or click to choose one"]);
  const zone = element("span", { className: "drop" }, [preview, text, input]);
  let file: File | undefined;
  const take = (taken: File | undefined): void => {
    file = taken;
    // A dropped file is the field's value too, so that the browser knows that it is there.
    if (taken && input.files?.[0] !== taken) {
      const transfer = new DataTransfer();
      transfer.items.add(taken);
      input.files = transfer.files;
    }
    text.replaceChildren(
      taken ? `${taken.name}, ${sizeText(taken.size)}` : "Drop a file here, or click to choose one",
    );
    URL.revokeObjectURL(preview.src);
    preview.hidden = !taken?.type.startsWith("image/");
    if (taken) preview.src = URL.createObjectURL(taken);
  };
  input.addEventListener("change", () => take(input.files?.[0]));
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(event.dataTransfer?.files[0]);
  });
  return [labelled(parameter, zone), () => file];
}

function labelled(parameter: Parameter, content: HTMLElement, value?: HTMLElement): HTMLElement {
  const name = element("span", {}, [labelOf(parameter)]);
  if (parameter.required) name.append(element("em", { title: "required" }, ["*"]));
  const title = element("span", { className: "title" }, [name, ...(value ? [value] : [])]);
  return element("label", { className: "field" }, [title, content]);
}

/** Makes an element with properties and content. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  content: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...content);
  return made;
}

export function sizeText(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1000)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
