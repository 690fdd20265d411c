/** The completions of a command line. Pure but for the flow, which the caller finds. */
import type { Command, Option } from "commander";
import type { Parameter } from "../../index.js";

/** A completion, and what it means. */
export type Suggestion = readonly [word: string, meaning: string];

export interface Answer {
  readonly kind: "words" | "files" | "folders";
  readonly words: readonly Suggestion[];
}

const FILES: Answer = { kind: "files", words: [] };
const FOLDERS: Answer = { kind: "folders", words: [] };

/** Suggestions that begin with the typed text. */
export function wordsLike(suggestions: readonly Suggestion[], typed: string): Answer {
  return { kind: "words", words: suggestions.filter(([word]) => word.startsWith(typed)) };
}

/** Completes a command name. */
export function commandsLike(program: Command, typed: string): Answer {
  const visible = program.createHelp().visibleCommands(program);
  return wordsLike(
    visible.map((command) => [command.name(), command.summary() || command.description()]),
    typed,
  );
}

/**
 * Completes an option, or the value of the last typed option.
 * @param words after the command name; the last is being typed
 * @returns undefined when neither fits
 */
export function optionAnswer(
  command: Command,
  words: readonly string[],
  parameters: readonly Parameter[] = [],
): Answer | undefined {
  const typed = words.at(-1) ?? "";
  const at = typed.startsWith("--") ? typed.indexOf("=") : -1;
  if (at > 0) {
    const option = command.options.find(({ long }) => long === typed.slice(0, at));
    const values = option && valuesOf(option, parameters);
    if (values?.kind !== "words") return values;
    const head = typed.slice(0, at + 1);
    return wordsLike(
      values.words.map(([word, meaning]) => [head + word, meaning]),
      typed,
    );
  }
  const before = command.options.find(({ long, short }) =>
    [long, short].includes(words.at(-2) ?? ""),
  );
  if (before && (before.required || (before.optional && !typed.startsWith("-")))) {
    const { kind, words: values } = valuesOf(before, parameters);
    return kind === "words" ? wordsLike(values, typed) : { kind, words: [] };
  }
  if (!typed.startsWith("-")) return undefined;
  const visible = command.createHelp().visibleOptions(command);
  return wordsLike(
    visible.flatMap(({ long, description }): Suggestion[] => (long ? [[long, description]] : [])),
    typed,
  );
}

function valuesOf(option: Option, parameters: readonly Parameter[]): Answer {
  const name = option.long?.slice(2) ?? "";
  const parameter = parameters.find(
    (known) => known.name.replaceAll("_", "-") === name.replaceAll("_", "-"),
  );
  if (parameter?.type === "file") return FILES;
  const choices = option.argChoices ?? parameter?.choices;
  if (choices) return { kind: "words", words: choices.map((choice): Suggestion => [choice, ""]) };
  if (option.optional)
    return {
      kind: "words",
      words: [
        ["true", ""],
        ["false", ""],
      ],
    };
  if (option.flags.includes("<dir>")) return FOLDERS;
  return option.flags.includes("<file>") ? FILES : { kind: "words", words: [] };
}

/** Completes the argument of commands that take a path. */
export function operandAnswer(command: Command): Answer {
  return command.name() === "batch" ? FILES : { kind: "words", words: [] };
}
