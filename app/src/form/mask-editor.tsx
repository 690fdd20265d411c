/** Paints a mask on a picture, with mouse, finger, pen or keyboard. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "../parts/dialog.js";
import { useWords } from "../words/words.js";
import { maskPng } from "./mask-png.js";

/** The pixels are read at every stroke, to be taken back. */
const READ: CanvasRenderingContext2DSettings = { willReadFrequently: true };

/** Strokes that can be taken back. */
const MOST_UNDO = 20;

interface Point {
  readonly x: number;
  readonly y: number;
}

export function MaskEditor(props: {
  readonly picture: Blob;
  readonly onClose: () => void;
  readonly onDone: (mask: Blob) => void;
}): JSX.Element {
  const { picture, onClose, onDone } = props;
  const t = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [url, setUrl] = useState<string>();
  const [brush, setBrush] = useState(8);
  const [erasing, setErasing] = useState(false);
  const last = useRef<Point>(undefined);
  const cursor = useRef<Point>({ x: 0.5, y: 0.5 });
  const before = useRef<ImageData[]>([]);

  useEffect(() => {
    const address = URL.createObjectURL(picture);
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [picture]);

  /** The mask has the size of the picture, whatever the size that it is shown in. */
  const fit = (image: HTMLImageElement): void => {
    const { current } = canvas;
    if (!current) return;
    current.width = image.naturalWidth;
    current.height = image.naturalHeight;
  };
  const draw = (from: Point, to: Point): void => {
    const { current } = canvas;
    const pen = current?.getContext("2d", READ);
    if (!current || !pen) return;
    pen.globalCompositeOperation = erasing ? "destination-out" : "source-over";
    pen.lineCap = "round";
    pen.strokeStyle = "#ff3d71";
    pen.lineWidth = (brush / 100) * Math.max(current.width, current.height);
    pen.beginPath();
    pen.moveTo(from.x * current.width, from.y * current.height);
    // A line of no length would leave no dot.
    pen.lineTo(to.x * current.width + 0.01, to.y * current.height);
    pen.stroke();
  };
  const remember = (): void => {
    const { current } = canvas;
    const pixels = current
      ?.getContext("2d", READ)
      ?.getImageData(0, 0, current.width, current.height);
    if (pixels) before.current = [...before.current.slice(1 - MOST_UNDO), pixels];
  };
  const undo = (): void => {
    const pixels = before.current.pop();
    if (pixels) canvas.current?.getContext("2d", READ)?.putImageData(pixels, 0, 0);
  };
  const clear = (): void => {
    remember();
    const { current } = canvas;
    current?.getContext("2d", READ)?.clearRect(0, 0, current.width, current.height);
  };
  const pointAt = ({ offsetX, offsetY }: MouseEvent): Point => ({
    x: offsetX / (canvas.current?.clientWidth ?? 1),
    y: offsetY / (canvas.current?.clientHeight ?? 1),
  });
  const byKey = (event: KeyboardEvent): void => {
    const steps: Record<string, Point> = {
      ArrowLeft: { x: -1, y: 0 },
      ArrowRight: { x: 1, y: 0 },
      ArrowUp: { x: 0, y: -1 },
      ArrowDown: { x: 0, y: 1 },
      " ": { x: 0, y: 0 },
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const from = cursor.current;
    const move = (value: number, by: number): number =>
      Math.min(1, Math.max(0, value + (by * brush) / 200));
    cursor.current = { x: move(from.x, step.x), y: move(from.y, step.y) };
    mark();
    if (event.key !== " " && !event.shiftKey) return;
    remember();
    draw(from, cursor.current);
  };
  /** Shows where the keyboard's brush is. */
  const mark = (): void => {
    canvas.current?.style.setProperty("--x", `${cursor.current.x * 100}%`);
    canvas.current?.style.setProperty("--y", `${cursor.current.y * 100}%`);
  };
  const done = async (): Promise<void> => {
    const { current } = canvas;
    const pixels = current
      ?.getContext("2d", READ)
      ?.getImageData(0, 0, current.width, current.height);
    if (!pixels) return;
    const painted = new Uint8Array(pixels.width * pixels.height);
    for (let i = 0; i < painted.length; i++) painted[i] = pixels.data[4 * i + 3] ?? 0;
    onDone(await maskPng(pixels.width, pixels.height, painted));
  };

  return (
    <Dialog title={t("maskTitle")} kind="mask-editor" onClose={onClose}>
      <p class="quiet">{t("maskHelp")}</p>
      <div class="mask-stage">
        {url !== undefined && (
          <img src={url} alt="" onLoad={({ currentTarget }) => fit(currentTarget)} />
        )}
        <canvas
          ref={canvas}
          tabIndex={0}
          role="application"
          aria-label={`${t("maskTitle")}. ${t("maskHelp")}`}
          onKeyDown={byKey}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            remember();
            last.current = pointAt(event);
            draw(last.current, last.current);
          }}
          onPointerMove={(event) => {
            if (!last.current) return;
            const point = pointAt(event);
            draw(last.current, point);
            last.current = point;
          }}
          onPointerUp={() => (last.current = undefined)}
          onPointerCancel={() => (last.current = undefined)}
        />
      </div>
      <div class="mask-tools">
        <label>
          {t("brush")}
          <input
            type="range"
            min="1"
            max="30"
            value={brush}
            onInput={({ currentTarget }) => setBrush(Number(currentTarget.value))}
          />
        </label>
        <button type="button" aria-pressed={!erasing} onClick={() => setErasing(false)}>
          {t("paint")}
        </button>
        <button type="button" aria-pressed={erasing} onClick={() => setErasing(true)}>
          {t("erase")}
        </button>
        <button type="button" onClick={undo}>
          {t("undo")}
        </button>
        <button type="button" onClick={clear}>
          {t("clear")}
        </button>
        <span class="grow" />
        <button type="button" class="primary" onClick={() => void done()}>
          {t("useMask")}
        </button>
      </div>
    </Dialog>
  );
}
