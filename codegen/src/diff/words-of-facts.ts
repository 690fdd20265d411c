/** Messages of the rules about outputs, names, and flags, which are not in a plain description. */
import type { Fact } from "./fact.js";
import { say, type Phrase } from "./phrase.js";
import type { Rule } from "./rules.js";
import { fact, NOTHING_TO_DO, quoteless, type Speak } from "./speak.js";

export const WORDS_OF_FACTS = {
  "output-removed": ({ before }, subject) => ({
    message: say`${subject} no longer gives ${theOutput(before)}.`,
    advice: say`Look at what is done with its files: that one will not come.`,
  }),
  "output-kind-changed": ({ before, after }, subject) => ({
    message: say`${subject} gives ${theOutput(after)} now, it was ${theOutput(before)}.`,
    advice: say`Look at what is done with its files: that one is of another kind.`,
  }),
  "output-moved": ({ before, after }, subject) => ({
    message: say`${subject} gives ${theOutput(after)} now, it was ${theOutput(before)}.`,
    advice: say`Nothing has to be done, unless files are told apart by \`nodeId\`.`,
  }),
  "output-now-optional": ({ after }, subject) => ({
    message: say`${subject} gives ${theOutput(after)} only if no file that it needs is left out.`,
    advice: say`Look at the calls that leave out a file.`,
  }),
  "output-now-certain": ({ before }, subject) => ({
    message: say`${subject} gives ${theOutput(before)} also where a file is left out.`,
    advice: NOTHING_TO_DO,
  }),
  "output-added": ({ after }, subject) => ({
    message: say`${subject} also gives ${theOutput(after)}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-now-hidden": (_, subject) => ({
    message: say`${subject} is hidden now: forms do not show it.`,
    advice: say`Give it another place if people set it in a form that is made from the description.`,
  }),
  "param-now-shown": (_, subject) => ({
    message: say`${subject} is no longer hidden.`,
    advice: NOTHING_TO_DO,
  }),
  "param-now-translated": (_, subject) => ({
    message: say`${subject} is translated now where \`translate\` is set.`,
    advice: say`Look at the calls that set \`translate\`.`,
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
    message: say`${subject} is called ${fact(after)} now, before ${fact(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "flow-tags-changed": ({ before, after }, subject) => ({
    message: say`${subject} has the tags ${fact(after)} now, before ${fact(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "flow-version-changed": ({ before, after }, subject) => ({
    message: say`${subject} is version ${fact(after)} now, before ${fact(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "flow-visibility-changed": ({ after }, subject) => ({
    message:
      after === true
        ? say`${subject} is meant for the server's own use now.`
        : say`${subject} is meant for everybody now.`,
    advice: NOTHING_TO_DO,
  }),
} as const satisfies Partial<Record<Rule, Speak>>;

function theOutput(output: Fact): Phrase {
  return say`the ${quoteless(output)}`;
}
