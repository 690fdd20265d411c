/** Formats amounts for people. */

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `940 B`, `1.2 MB`; undefined gives `?`. */
export function bytes(size: number | undefined): string {
  if (size === undefined) return "?";
  let value = size;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed()} ${UNITS[unit] as string}`;
}

/** `0.8 s`, `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function seconds(value: number): string {
  if (value < 9.95) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(value / 60);
  return joined(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `1 task`, `3 tasks`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** `task 12`, `tasks 12, 13`. */
export function taskWords(ids: readonly number[]): string {
  return `task${ids.length === 1 ? "" : "s"} ${ids.join(", ")}`;
}
