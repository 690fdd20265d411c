/** A window above the page. The platform keeps the focus in it. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useWords } from "../words/words.js";
import { Announcements } from "./announce.js";
import { Icon } from "./icon.js";

export function Dialog(props: {
  readonly title: string;
  readonly kind: string;
  readonly onClose: () => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { title, kind, onClose, onKeyDown, children } = props;
  const t = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      // The platform gives the focus back only from a window that is still on the page.
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${kind}`}
      aria-labelledby={`${kind}-title`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === ref.current && onClose()}
      onKeyDown={onKeyDown}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={`${kind}-title`}>{title}</h2>
          <button type="button" class="plain square" aria-label={t("close")} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
        <Announcements />
      </div>
    </dialog>
  );
}
