/** Integers that are flags; apart, since both the checks and the words for what is wrong need it. */
import type { Parameter } from "./flow.js";

/** Whether an integer is a yes or no to the server. */
export function isFlag({ type, min, max }: Parameter): boolean {
  return type === "integer" && min === 0 && max === 1;
}
