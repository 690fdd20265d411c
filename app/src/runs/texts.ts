/** Short texts about tasks. Pure. */
import type { TaskInfo } from "visionatrix-client";

/** What a task was asked for in words, if anything. */
export function promptOfTask({ input_params }: TaskInfo): string {
  const prompt = input_params["prompt"];
  if (typeof prompt === "string" && prompt !== "") return prompt;
  const longest = Object.values(input_params)
    .map(String)
    .filter((text) => /\s/.test(text))
    .sort((a, b) => b.length - a.length)[0];
  return longest ?? "";
}

/** A name for a parameter of a task whose flow may be gone. */
export function nameOf(parameter: string): string {
  return parameter.charAt(0).toUpperCase() + parameter.slice(1).replaceAll("_", " ");
}

/** What a task was given, as pairs to show. */
export function paramsOfTask({ input_params }: TaskInfo): [name: string, value: string][] {
  return Object.entries(input_params)
    .filter(([, value]) => `${value}` !== "")
    .map(([name, value]) => [name, `${value}`]);
}
