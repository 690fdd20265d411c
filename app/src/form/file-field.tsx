/** A file parameter: chosen, dropped, pasted from a result, or painted where it is a mask. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Parameter, ServerFlow } from "visionatrix-client";
import { Icon } from "../parts/icon.js";
import { bytesOf, drafts, isFileValue, type FileValue, type Value } from "../state/drafts.js";
import type { InstalledFlow } from "../state/flows.js";
import { useStore } from "../state/store.js";
import { useWords } from "../words/words.js";
import type { ControlProps } from "./field.js";
import { MaskEditor } from "./mask-editor.js";

export function FileField(props: {
  readonly flow: ServerFlow;
  readonly installed: InstalledFlow;
  readonly parameter: Parameter;
  readonly value: Value | undefined;
  readonly set: (value: Value | undefined) => void;
  readonly control: ControlProps;
  readonly label: string;
}): JSX.Element {
  const { flow, installed, parameter, value, set, control, label } = props;
  const t = useWords();
  const [over, setOver] = useState(false);
  const file = isFileValue(value) ? value : undefined;
  const take = (files: FileList | null | undefined): void => {
    const first = files?.[0];
    if (first) set({ from: "machine", file: first, name: first.name });
  };
  return (
    <div
      class="drop"
      data-over={over}
      data-filled={file !== undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <input
        {...control}
        type="file"
        accept={parameter.accept}
        onChange={({ currentTarget }) => {
          take(currentTarget.files);
          currentTarget.value = "";
        }}
      />
      {file ? <Preview value={file} /> : <Icon name="upload" />}
      <span class="drop-text" aria-hidden={file ? undefined : "true"}>
        {file ? <FileName value={file} /> : t("chooseFile")}
      </span>
      {file && (
        <button
          type="button"
          class="plain square above"
          aria-label={`${t("removeFile")}: ${label}`}
          onClick={() => set(undefined)}
        >
          <Icon name="close" />
        </button>
      )}
      <MaskPart {...{ flow, installed, parameter, set }} />
    </div>
  );
}

/** For masks: painting on the picture that they are for. */
function MaskPart(props: {
  readonly flow: ServerFlow;
  readonly installed: InstalledFlow;
  readonly parameter: Parameter;
  readonly set: (value: Value) => void;
}): JSX.Element | null {
  const { flow, installed, parameter, set } = props;
  const t = useWords();
  const draft = useStore(drafts)[flow.id] ?? {};
  const [picture, setPicture] = useState<Blob>();
  const { input_params } = installed;
  const input = input_params.find(({ name }) => name === parameter.name);
  if (input?.type !== "image-mask") return null;
  const sourceName =
    input.source_input_name ?? input_params.find(({ type }) => type === "image")?.name ?? "";
  const source = draft[sourceName];
  const canPaint = isFileValue(source) && source.from !== "task";
  return (
    <div class="mask-part above">
      <button
        type="button"
        disabled={!canPaint}
        onClick={() => {
          if (isFileValue(source)) void bytesOf(source).then(setPicture);
        }}
      >
        <Icon name="brush" /> {t("paintMask")}
      </button>
      {!canPaint && <span class="quiet">{t("maskFirst")}</span>}
      {picture && (
        <MaskEditor
          picture={picture}
          onClose={() => setPicture(undefined)}
          onDone={(mask) => {
            set({ from: "machine", file: mask, name: t("maskName") });
            setPicture(undefined);
          }}
        />
      )}
    </div>
  );
}

function FileName({ value }: { value: FileValue }): JSX.Element {
  const t = useWords();
  switch (value.from) {
    case "machine":
      return <>{value.name}</>;
    case "result":
      return <>{t("fromResult", { id: value.item.task.task_id })}</>;
    case "task":
      return <>{t("fromTask", { id: value.id })}</>;
  }
}

function Preview({ value }: { value: FileValue }): JSX.Element {
  const [shown, setShown] = useState<{ url: string; type: string }>();
  useEffect(() => {
    let url: string | undefined;
    let left = false;
    void bytesOf(value).then((blob) => {
      if (left || !blob) return;
      url = URL.createObjectURL(blob);
      setShown({ url, type: blob.type });
    });
    return () => {
      left = true;
      if (url !== undefined) URL.revokeObjectURL(url);
      setShown(undefined);
    };
  }, [value]);
  if (shown?.type.startsWith("image/")) return <img src={shown.url} alt="" />;
  return <Icon name={shown?.type.startsWith("video/") ? "video" : "image"} />;
}
