/** Finds the sizes that a flow can make. Pure. */
import type { FlowFacts, Params } from "./mapping.js";

/** A size that a flow can make, or, without `params`, the name of the nearest one. */
export interface Fit {
  readonly params?: Params;
  readonly nearest?: string;
}

/** A choice such as `2:3 (832x1216)`. */
interface SizeChoice {
  readonly choice: string;
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
}

/** The parameter whose choices are sizes, if any. */
function sizeChoices({ parameters }: FlowFacts): { name: string; sizes: SizeChoice[] } | undefined {
  for (const { name, choices = [] } of parameters) {
    const sizes = choices.flatMap((choice): SizeChoice[] => {
      const [, w, h, width, height] = /^(\d+):(\d+) \((\d+)x(\d+)\)$/.exec(choice) ?? [];
      if (height === undefined) return [];
      return [
        { choice, ratio: Number(w) / Number(h), width: Number(width), height: Number(height) },
      ];
    });
    if (sizes.length > 0) return { name, sizes };
  }
  return undefined;
}

/** Undefined when the flow has no choice of sizes. */
export function choiceOfSize(flow: FlowFacts, size: string): Fit | undefined {
  const [width, height] = pair(size, "x");
  return choose(
    flow,
    (each) => Math.abs(Math.log(each.width / width)) + Math.abs(Math.log(each.height / height)),
    ({ width: w, height: h }) => `${w}x${h}`,
  );
}

/** Undefined when the flow has no choice of aspect ratios. */
export function choiceOfRatio(flow: FlowFacts, aspectRatio: string): Fit | undefined {
  const [w, h] = pair(aspectRatio, ":");
  return choose(
    flow,
    ({ ratio }) => Math.abs(Math.log((ratio * h) / w)),
    ({ choice }) => choice.split(" ")[0] ?? "",
  );
}

function choose(
  flow: FlowFacts,
  distance: (size: SizeChoice) => number,
  nameOf: (size: SizeChoice) => string,
): Fit | undefined {
  const found = sizeChoices(flow);
  if (!found) return undefined;
  const nearest = found.sizes.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  // Ratios such as 16:9 and 32:18 are equal up to rounding.
  return distance(nearest) < 1e-9
    ? { params: { [found.name]: nearest.choice } }
    : { nearest: nameOf(nearest) };
}

/** `width` and `height`, for flows that have them. */
export function sidesOf({ parameters }: FlowFacts, size: string): Fit | undefined {
  const sides = pair(size, "x");
  const nearest: number[] = [];
  for (const [index, side] of ["width", "height"].entries()) {
    const parameter = parameters.find(({ name }) => name === side);
    if (!parameter || !/^(number|integer)$/.test(parameter.type)) return undefined;
    const { min = 0, max = Infinity, step = 1 } = parameter;
    const within = Math.min(Math.max(sides[index] ?? 0, min), max);
    nearest.push(min + Math.floor((within - min) / step + 0.5) * step);
  }
  const [width = 0, height = 0] = nearest;
  return width === sides[0] && height === sides[1]
    ? { params: { width, height } }
    : { nearest: `${width}x${height}` };
}

function pair(text: string, divider: string): [number, number] {
  const [a, b] = text.split(divider);
  return [Number(a), Number(b)];
}
