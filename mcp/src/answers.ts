/** What tools give back: once for programs, once as text, and links beside it. Pure. */
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import { NOTE, toldBy } from "./texts.js";
import { hasEnded, type Seen } from "./watch.js";

export function structured(content: object, more: ContentBlock[] = []): CallToolResult {
  const structuredContent = { ...content, note: NOTE };
  const text = JSON.stringify(structuredContent);
  return { content: [{ type: "text", text }, ...more], structuredContent };
}

export function failure(error: unknown): CallToolResult {
  return { isError: true, content: [{ type: "text", text: `${toldBy(error)} (${NOTE})` }] };
}

/** What a model should do after an answer about tasks. */
export function nextOf(tasks: readonly (Seen & { saving?: boolean })[]): string {
  const running = tasks.filter((task) => !hasEnded(task)).map(({ id }) => id);
  const saving = tasks.filter((task) => task.saving).map(({ id }) => id);
  if (running.length > 0)
    return `Not done: call wait_task with ids [${running.join(", ")}]. Do not run it again.`;
  if (saving.length > 0) return `Still being saved: call get_result for ${saving.join(", ")}.`;
  if (tasks.every(({ state }) => state === "done"))
    return "Done. For the next flow, give {task, node} of a file as its file param.";
  return "Some did not work: see error. A run with another request_id tries again, and costs again.";
}
