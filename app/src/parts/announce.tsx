/** Says what happened: for a moment on the screen, and to screen readers. */
import type { JSX } from "preact";
import { store, useStore } from "../state/store.js";

const SHOWN_MS = 5000;

const said = store({ text: "", seen: false });
let timer: number | undefined;

/** @param seen otherwise for screen readers alone, where the page itself shows it */
export function announce(text: string, seen = true): void {
  said.set({ text, seen });
  window.clearTimeout(timer);
  timer = window.setTimeout(() => said.set({ text: "", seen: false }), SHOWN_MS);
}

export function Announcements(): JSX.Element {
  const { text, seen } = useStore(said);
  return (
    <div class={seen ? "toast" : "visually-hidden"} role="status">
      {text}
    </div>
  );
}
