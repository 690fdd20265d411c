/** A button for what cannot be undone: it asks once more, in the same place. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

export function SureButton(props: {
  readonly label: string;
  readonly sureLabel: string;
  readonly onSure: () => void;
}): JSX.Element {
  const { label, sureLabel, onSure } = props;
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      class={sure ? "danger sure" : "danger"}
      onClick={() => {
        setSure(!sure);
        if (sure) onSure();
      }}
      onBlur={() => setSure(false)}
    >
      {sure ? sureLabel : label}
    </button>
  );
}
