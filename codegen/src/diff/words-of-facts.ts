/** Messages of the rules about outputs, names, and flags, which are not in a plain description. */
import type { Fact } from "./fact.js";
import { say, type Phrase } from "./phrase.js";
import type { Rule } from "./rules.js";
import { fact, NOTHING_TO_DO, quoteless, type Speak } from "./speak.js";

export const WORDS_OF_FACTS = {
  "output-removed": ({ before }, subject) => ({
    message: say`${subject} no longer makes ${theOutput(before)}.`,
    advice: say`Check the code that uses its files: this one is no longer made.`,
  }),
  "output-kind-changed": ({ before, after }, subject) => ({
    message: say`${subject} makes ${theOutput(after)} now, not ${theOutput(before)}.`,
    advice: say`Check the code that uses its files: this one has another kind.`,
  }),
  "output-moved": ({ before, after }, subject) => ({
    message: say`${subject} makes ${theOutput(after)} now, not ${theOutput(before)}.`,
    advice: say`Nothing to do, unless your code selects files by \`nodeId\`.`,
  }),
  "output-now-optional": ({ after }, subject) => ({
    message: say`${subject} makes ${theOutput(after)} only if every file that it needs is given.`,
    advice: say`Check the calls that leave out a file.`,
  }),
  "output-now-certain": ({ before }, subject) => ({
    message: say`${subject} makes ${theOutput(before)} also without an optional file.`,
    advice: NOTHING_TO_DO,
  }),
  "output-added": ({ after }, subject) => ({
    message: say`${subject} also makes ${theOutput(after)}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-now-hidden": (_, subject) => ({
    message: say`${subject} is hidden now: forms do not show it.`,
    advice: say`Offer it elsewhere if people set it in a form made from the description.`,
  }),
  "param-now-shown": (_, subject) => ({
    message: say`${subject} is no longer hidden.`,
    advice: NOTHING_TO_DO,
  }),
  "param-now-translated": (_, subject) => ({
    message: say`${subject} is translated now if \`translate\` is set.`,
    advice: say`Check the calls that set \`translate\`.`,
  }),
  "param-no-longer-translated": (_, subject) => ({
    message: say`${subject} is no longer translated.`,
    advice: say`Pass it in English in calls that set \`translate\`.`,
  }),
  "param-advanced-changed": ({ after }, subject) => ({
    message:
      after === true
        ? say`${subject} is marked as advanced.`
        : say`${subject} is no longer marked as advanced.`,
    advice: NOTHING_TO_DO,
  }),
  "flow-title-changed": ({ before, after }, subject) => ({
    message: say`${subject} is called ${fact(after)} now, not ${fact(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "flow-tags-changed": ({ before, after }, subject) => ({
    message: say`${subject} has the tags ${fact(after)} now, not ${fact(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "flow-version-changed": ({ before, after }, subject) => ({
    message: say`${subject} is version ${fact(after)} now, not ${fact(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "flow-visibility-changed": ({ after }, subject) => ({
    message:
      after === true
        ? say`${subject} is for internal use now.`
        : say`${subject} is for general use now.`,
    advice: NOTHING_TO_DO,
  }),
} as const satisfies Partial<Record<Rule, Speak>>;

function theOutput(output: Fact): Phrase {
  return say`the ${quoteless(output)}`;
}
