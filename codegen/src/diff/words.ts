/** Messages of each rule: one sentence on what changed, one on what a caller must do. */
import type { ParameterModel } from "../model/flow.js";
import { isServersOwn } from "../model/standard.js";
import type { Fact } from "./fact.js";
import type { Finding } from "./change.js";
import { isWhole, name, names, pair, say, value, values, type Phrase } from "./phrase.js";
import type { Rule } from "./rules.js";
import { fact, NOTHING_TO_DO, quoteless, text, type Speak, type Words } from "./speak.js";
import { WORDS_OF_FACTS } from "./words-of-facts.js";

/**
 * The messages of a finding. `subject` starts the sentence: "`prompt`" below a heading with the flow,
 * "`prompt` of `sdxl`" where the sentence stands alone.
 */
export function wordsOf(finding: Finding, subject: Phrase): Words {
  return WORDS[finding.rule](finding, subject);
}

const WORDS: Readonly<Record<Rule, Speak>> = {
  "flow-removed": (_, subject) => ({
    message: say`The flow ${subject} is gone.`,
    advice: say`Take out its calls or move them to another flow; a server without it answers 404.`,
  }),
  "flow-renamed": ({ before, confidence }, subject) => ({
    message: say`The flow ${name(text(before))} was probably renamed to ${subject} (${percent(confidence)} sure).`,
    advice: say`Call and import it under the new name, after a look at whether it is the same flow.`,
  }),
  "flow-added": ({ whole }, subject) => ({
    message: say`The flow ${subject} is new; it ${takes(whole?.parameters ?? [])}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-removed": (_, subject) => ({
    message: say`${subject} is gone.`,
    advice: say`Take it out of the calls: they no longer compile, and a server ignores it in silence.`,
  }),
  "param-renamed": ({ before, confidence }, subject) => ({
    message: say`${subject} is probably what was ${name(text(before))} (${percent(confidence)} sure).`,
    advice: say`Pass it under the new name; the old one no longer compiles, and a server ignores it.`,
  }),
  "param-added-required": ({ after }, subject) => ({
    message: say`${subject} is new and must be given: ${quoteless(after)}.`,
    advice: say`Pass it in every call.`,
  }),
  "param-added": ({ after }, subject) => ({
    message: say`${subject} is new: ${quoteless(after)}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-now-required": ({ before }, subject) => ({
    message:
      before === null
        ? say`${subject} must be given now.`
        : say`${subject} must be given now; it was ${fact(before)} by default.`,
    advice:
      before === null
        ? say`Pass it in every call.`
        : say`Pass it in every call; ${fact(before)} is what ran until now.`,
  }),
  "param-now-optional": ({ after }, subject) => ({
    message:
      after === null
        ? say`${subject} can be left out now.`
        : say`${subject} can be left out now; it is ${fact(after)} by default.`,
    advice: NOTHING_TO_DO,
  }),
  "standard-param-removed": ({ parameter }, subject) => ({
    message: say`${subject} is no longer taken.`,
    advice: STANDARD_ADVICE.get(parameter ?? "") ?? say`Take it out of the calls.`,
  }),
  "standard-param-added": (_, subject) => ({
    message: say`${subject} is taken now.`,
    advice: NOTHING_TO_DO,
  }),
  "param-type-changed": (finding, subject) => turned(finding, subject, passNew(finding)),
  "param-type-narrowed": (finding, subject) => turned(finding, subject, passNew(finding)),
  "param-type-widened": (finding, subject) => turned(finding, subject, NOTHING_TO_DO),
  "param-file-to-value": (finding, subject) =>
    turned(finding, subject, say`Pass a value; a file or a reference to one is no longer taken.`),
  "param-value-to-file": (finding, subject) =>
    turned(finding, subject, say`Pass a file, or a reference to a file of another task.`),
  "param-text-to-choice": (finding, subject) =>
    turned(
      finding,
      subject,
      say`Pass one of the choices; any other text no longer compiles and fails.`,
    ),
  "param-choice-to-text": (finding, subject) => turned(finding, subject, NOTHING_TO_DO),
  "param-number-to-integer": (finding, subject) =>
    turned(finding, subject, say`Pass whole numbers only.`),
  "param-integer-to-number": (finding, subject) => turned(finding, subject, NOTHING_TO_DO),
  "param-media-changed": ({ before, after }, subject) => ({
    message: say`${subject} takes ${media(after)} now, not ${media(before)}.`,
    advice: say`Pass a file of that kind.`,
  }),
  "param-media-widened": ({ before, after }, subject) => ({
    message: say`${subject} takes ${media(after)} now, not only ${media(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-choice-removed": ({ before, now }, subject) => ({
    message: say`${subject} no longer takes ${values(list(before))}.`,
    advice: say`Pass one of ${values(now?.choices ?? [])}.`,
  }),
  "param-choice-added": ({ after }, subject) => ({
    message: say`${subject} also takes ${values(list(after))}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-minimum-raised": ({ before, after }, subject) => ({
    message: say`${subject} must be at least ${fact(after)} now; ${was(before, "minimum")}.`,
    advice: say`Pass no smaller number than ${fact(after)}.`,
  }),
  "param-minimum-moves-steps": ({ before, after, now }, subject) => ({
    message: say`${subject} counts its steps of ${fact(now?.step ?? null)} from ${fact(after ?? 0)} now; ${was(before, "minimum")}.`,
    advice: say`Pass numbers on the new steps; some that were taken no longer are.`,
  }),
  "param-minimum-lowered": ({ before, after }, subject) => ({
    message:
      after === null
        ? say`${subject} has no minimum any more; it was ${fact(before)}.`
        : say`${subject} goes down to ${fact(after)} now; the minimum was ${fact(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-maximum-lowered": ({ before, after }, subject) => ({
    message: say`${subject} must be at most ${fact(after)} now; ${was(before, "maximum")}.`,
    advice: say`Pass no greater number than ${fact(after)}.`,
  }),
  "param-maximum-raised": ({ before, after }, subject) => ({
    message:
      after === null
        ? say`${subject} has no maximum any more; it was ${fact(before)}.`
        : say`${subject} goes up to ${fact(after)} now; the maximum was ${fact(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-step-narrowed": ({ before, after, now }, subject) => ({
    message: say`${subject} goes in steps of ${fact(after)} now; ${wasStep(before)}.`,
    advice:
      now?.min === undefined || now.min === 0
        ? say`Pass multiples of ${fact(after)}.`
        : say`Pass multiples of ${fact(after)}, or ${fact(now.min)} plus such a multiple.`,
  }),
  "param-step-widened": ({ before, after }, subject) => ({
    message:
      after === null
        ? say`${subject} has no steps any more; they were ${fact(before)}.`
        : say`${subject} goes in steps of ${fact(after)} now; ${wasStep(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-default-changed": ({ before, after }, subject) => {
    const [old, now] = pair(before, after);
    return {
      message: say`${subject} is ${now} by default now, it was ${old}.`,
      advice: say`Calls that leave it out do something else; pass ${isWhole(before) ? old : ["the old text"]} to keep what they did.`,
    };
  },
  "param-default-added": ({ after }, subject) => ({
    message: say`${subject} is ${fact(after)} by default now; it had no default.`,
    advice: say`Look at the calls that leave it out: they may do something else.`,
  }),
  "param-default-removed": ({ before }, subject) => ({
    message: say`${subject} has no default any more; it was ${fact(before)}.`,
    advice: say`Pass ${fact(before)} in calls that leave it out, to keep what they did.`,
  }),
  "seed-default-changed": ({ before, after }, subject) => ({
    message: say`${subject} is described with the default ${fact(after)}, before with ${fact(before)}.`,
    advice: say`Nothing has to be done: a call without a seed gets a random one, whatever the default.`,
  }),
  ...WORDS_OF_FACTS,
  "param-label-changed": ({ before, after }, subject) => {
    const [old, now] = pair(before, after);
    return { message: say`${subject} is labelled ${now}, before ${old}.`, advice: NOTHING_TO_DO };
  },
  "param-choice-order-changed": ({ after }, subject) => ({
    message: say`The choices of ${subject} stand in another order: ${values(list(after))}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-order-changed": ({ after }, subject) => ({
    message: say`The parameters of ${subject} stand in another order: ${names(list(after))}.`,
    advice: NOTHING_TO_DO,
  }),
};

const STANDARD_ADVICE: ReadonlyMap<string, Phrase> = new Map([
  ["seed", say`Take it out of the calls; a run can no longer be repeated by its seed.`],
  ["count", say`Take it out of the calls, and call once for each task.`],
  ["translate", say`Take it out of the calls, and pass texts in English.`],
  ["surprise_me", say`Take it out of the calls; it needs the flow's \`prompt\` and \`count\`.`],
]);

function turned({ before, after }: Finding, subject: Phrase, advice: Phrase): Words {
  return {
    message: say`${subject} is ${withArticle(after)} now, it was ${withArticle(before)}.`,
    advice,
  };
}

function passNew({ after }: Finding): Phrase {
  return say`Pass ${withArticle(after)}.`;
}

function withArticle(shape: Fact): Phrase {
  return say`${[text(shape).startsWith("i") ? "an" : "a"]} ${quoteless(shape)}`;
}

function was(before: Fact, limit: "minimum" | "maximum"): Phrase {
  return before === null ? say`it had no ${[limit]}` : say`the ${[limit]} was ${fact(before)}`;
}

function wasStep(before: Fact): Phrase {
  return before === null ? say`it had no steps` : say`they were ${fact(before)}`;
}

function media(accept: Fact): Phrase {
  return accept === null
    ? say`any file`
    : say`${{ code: value(text(accept)).code.slice(1, -1) }} files`;
}

function list(fact_: Fact): readonly string[] {
  return Array.isArray(fact_) ? (fact_ as readonly string[]) : [];
}

function percent(confidence = 0): Phrase {
  return [`${Math.round(confidence * 100)} %`];
}

/** The parameters that a flow requires, and how many others it has beyond the standard ones. */
function takes(parameters: readonly ParameterModel[]): Phrase {
  const own = parameters.filter(({ name: id, kind }) => !isServersOwn(id, kind));
  const needed = own.filter(({ required }) => required).map(({ name: id }) => id);
  const others = own.length - needed.length;
  const rest = `${others} ${needed.length > 0 ? "more " : ""}parameter${others === 1 ? "" : "s"} of its own`;
  if (needed.length === 0) return say`needs nothing and takes ${[rest]}`;
  return others === 0
    ? say`needs ${names(needed)}`
    : say`needs ${names(needed)} and takes ${[rest]}`;
}
