/** The icons of the page: drawn here, so that nothing is loaded for them. */
import type { JSX } from "preact";

const PATHS = {
  image: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01",
  video: "M4 6h11v12H4zM15 10.5l5-3v9l-5-3",
  audio:
    "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  text: "M5 6h14M5 10h14M5 14h14M5 18h8",
  model: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  alert: "M12 8v5M12 16.5h.01M12 3l9.5 17h-19z",
  upload: "M12 16V5M7 9.5L12 5l5 4.5M5 19h14",
  brush: "M14 4l6 6-8 8-6-6zM6 12c-2 2-1 5-3 7 3 1 7 1 9-1",
  grid: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

const OF_KIND: Readonly<Record<string, IconName>> = {
  image: "image",
  "image-animated": "video",
  video: "video",
  audio: "audio",
  text: "text",
  "3d-model": "model",
};

export function KindIcon({ kind }: { kind: string }): JSX.Element {
  return <Icon name={OF_KIND[kind] ?? "image"} />;
}
