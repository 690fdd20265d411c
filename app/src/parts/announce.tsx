/** Says what happened: for a moment on the screen, and to screen readers. */
import type { JSX } from "preact";
import { store, useStore } from "../state/store.js";

const SHOWN_MS = 5000;

const said = store("");
let timer: number | undefined;

export function announce(text: string): void {
  said.set(text);
  window.clearTimeout(timer);
  timer = window.setTimeout(() => said.set(""), SHOWN_MS);
}

export function Announcements(): JSX.Element {
  const text = useStore(said);
  return (
    <div class="toast" role="status" data-shown={text !== ""}>
      {text}
    </div>
  );
}
