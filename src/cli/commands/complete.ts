/** `vix __complete`: answers the completion scripts. It never fails, and takes little time. */
import type { Command } from "commander";
import {
  commandsLike,
  operandAnswer,
  optionAnswer,
  wordsLike,
  type Answer,
  type Suggestion,
} from "../completion/answer.js";
import { findFlow } from "../flows/find-flow.js";
import { generatedIds } from "../flows/generated.js";
import { addFlowOptions } from "../flows/options.js";
import { firstPass, secondPass } from "../run/arguments.js";
import type { Session } from "../session.js";
import { oneLine } from "../terminal/clean.js";

/** Longest wait for the server, in ms; a shell that waits longer seems to hang. */
const PATIENCE_MS = 1200;

export async function completeCommand(
  session: Session,
  words: readonly string[],
  program: Command,
): Promise<number> {
  const answer = await answerFor(session, words, program).catch((): Answer => ({
    kind: "words",
    words: [],
  }));
  session.out.line(answer.kind);
  for (const [word, meaning] of answer.words)
    session.out.line(meaning === "" ? word : `${word}\t${oneLine(meaning)}`);
  return 0;
}

async function answerFor(
  session: Session,
  words: readonly string[],
  program: Command,
): Promise<Answer> {
  const [name = "", ...rest] = words;
  if (rest.length === 0)
    return name.startsWith("-")
      ? (optionAnswer(program, words) ?? commandsLike(program, name))
      : commandsLike(program, name);
  const typed = rest.at(-1) ?? "";
  if (name === "run") return runAnswer(session, rest, typed);
  const command = program.commands.find((known) => known.name() === name);
  if (!command) return { kind: "words", words: [] };
  const option = optionAnswer(command, rest);
  if (option) return option;
  if (name === "flows") return wordsLike(await flowIds(session), typed);
  if (name === "completion")
    return wordsLike(
      ["bash", "zsh", "fish"].map((shell): Suggestion => [shell, ""]),
      typed,
    );
  return operandAnswer(command);
}

async function runAnswer(
  session: Session,
  words: readonly string[],
  typed: string,
): Promise<Answer> {
  const before = words.slice(0, -1);
  const flow = before.length > 0 ? firstPass(before).flow : undefined;
  if (flow === undefined) {
    const plain = secondPass(undefined, () => undefined);
    return optionAnswer(plain, words) ?? wordsLike(await flowIds(session), typed);
  }
  const found = await findFlow(session, flow);
  const command = secondPass(found, (into) => addFlowOptions(into, found, () => undefined));
  return optionAnswer(command, words, found.parameters) ?? { kind: "words", words: [] };
}

/** Generated flows, and those of the server if it responds at once. */
async function flowIds(session: Session): Promise<Suggestion[]> {
  const names = new Map(generatedIds().map((id) => [id, ""]));
  try {
    const client = await session.client();
    const installed = await client.flows({ signal: AbortSignal.timeout(PATIENCE_MS) });
    for (const { name, display_name } of installed) names.set(name, display_name);
  } catch {
    // Fall back to the generated ones.
  }
  return [...names].sort(([a], [b]) => (a < b ? -1 : 1));
}
