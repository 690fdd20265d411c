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
    advice: say`Remove its calls or move them to another flow; the server answers 404.`,
  }),
  "flow-renamed": ({ before, confidence }, subject) => ({
    message: say`The flow ${name(text(before))} was probably renamed to ${subject} (${percent(confidence)} sure).`,
    advice: say`Check that it is the same flow, then call and import it under the new name.`,
  }),
  "flow-added": ({ whole }, subject) => ({
    message: say`The flow ${subject} is new; it ${takes(whole?.parameters ?? [])}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-removed": (_, subject) => ({
    message: say`${subject} is gone.`,
    advice: say`Remove it from the calls: they no longer compile, and the server ignores it silently.`,
  }),
  "param-renamed": ({ before, confidence }, subject) => ({
    message: say`${subject} is probably the former ${name(text(before))} (${percent(confidence)} sure).`,
    advice: say`Pass it under the new name; the old one no longer compiles, and the server ignores it.`,
  }),
  "param-added-required": ({ after }, subject) => ({
    message: say`${subject} is new and required: ${quoteless(after)}.`,
    advice: say`Pass it in every call.`,
  }),
  "param-added": ({ after }, subject) => ({
    message: say`${subject} is new: ${quoteless(after)}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-now-required": ({ before }, subject) => ({
    message:
      before === null
        ? say`${subject} is required now.`
        : say`${subject} is required now; its default was ${fact(before)}.`,
    advice:
      before === null
        ? say`Pass it in every call.`
        : say`Pass it in every call; pass ${fact(before)} to keep the old result.`,
  }),
  "param-now-optional": ({ after }, subject) => ({
    message:
      after === null
        ? say`${subject} is optional now.`
        : say`${subject} is optional now; its default is ${fact(after)}.`,
    advice: NOTHING_TO_DO,
  }),
  "standard-param-removed": ({ parameter }, subject) => ({
    message: say`${subject} is no longer accepted.`,
    advice: STANDARD_ADVICE.get(parameter ?? "") ?? say`Remove it from the calls.`,
  }),
  "standard-param-added": (_, subject) => ({
    message: say`${subject} is accepted now.`,
    advice: NOTHING_TO_DO,
  }),
  "param-type-changed": (finding, subject) => turned(finding, subject, passNew(finding)),
  "param-type-narrowed": (finding, subject) => turned(finding, subject, passNew(finding)),
  "param-type-widened": (finding, subject) => turned(finding, subject, NOTHING_TO_DO),
  "param-file-to-value": (finding, subject) =>
    turned(
      finding,
      subject,
      say`Pass a value; files and references to files are no longer accepted.`,
    ),
  "param-value-to-file": (finding, subject) =>
    turned(finding, subject, say`Pass a file, or a reference to a file of another task.`),
  "param-text-to-choice": (finding, subject) =>
    turned(
      finding,
      subject,
      say`Pass one of the choices; any other text fails, and no longer compiles.`,
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
    message: say`${subject} accepts ${media(after)} now, not only ${media(before)}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-choice-removed": ({ before, now }, subject) => ({
    message: say`${subject} no longer accepts ${values(list(before))}.`,
    advice: say`Pass one of ${values(now?.choices ?? [])}.`,
  }),
  "param-choice-added": ({ after }, subject) => ({
    message: say`${subject} also accepts ${values(list(after))}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-minimum-raised": ({ before, after }, subject) => ({
    message: say`${subject} must be at least ${fact(after)} now; ${was(before, "minimum")}.`,
    advice: say`Pass at least ${fact(after)}.`,
  }),
  "param-minimum-moves-steps": ({ before, after, now }, subject) => ({
    message: say`${subject} has its steps of ${fact(now?.step ?? null)} counted from ${fact(after ?? 0)} now; ${was(before, "minimum")}.`,
    advice: say`Pass numbers on the new steps; some old numbers are no longer accepted.`,
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
    advice: say`Pass at most ${fact(after)}.`,
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
      message: say`${subject} is ${now} by default now, not ${old}.`,
      advice: say`Calls that leave it out have another result; pass ${isWhole(before) ? old : ["the old text"]} to keep the old one.`,
    };
  },
  "param-default-added": ({ after }, subject) => ({
    message: say`${subject} is ${fact(after)} by default now; it had no default.`,
    advice: say`Check the calls that leave it out: their result may differ.`,
  }),
  "param-default-removed": ({ before }, subject) => ({
    message: say`${subject} has no default any more; it was ${fact(before)}.`,
    advice: say`Pass ${fact(before)} in calls that leave it out, to keep their result.`,
  }),
  "seed-default-changed": ({ before, after }, subject) => ({
    message: say`${subject} has the default ${fact(after)} in the description now, not ${fact(before)}.`,
    advice: say`Nothing to do: a call without a seed gets a random one, whatever the default.`,
  }),
  ...WORDS_OF_FACTS,
  "param-label-changed": ({ before, after }, subject) => {
    const [old, now] = pair(before, after);
    return { message: say`${subject} is labelled ${now} now, not ${old}.`, advice: NOTHING_TO_DO };
  },
  "param-choice-order-changed": ({ after }, subject) => ({
    message: say`The choices of ${subject} have another order: ${values(list(after))}.`,
    advice: NOTHING_TO_DO,
  }),
  "param-order-changed": ({ after }, subject) => ({
    message: say`The parameters of ${subject} have another order: ${names(list(after))}.`,
    advice: NOTHING_TO_DO,
  }),
};

const STANDARD_ADVICE: ReadonlyMap<string, Phrase> = new Map([
  ["seed", say`Remove it from the calls; a run can no longer be repeated by its seed.`],
  ["count", say`Take it out of the calls, and call once for each task.`],
  ["translate", say`Take it out of the calls, and pass texts in English.`],
  ["surprise_me", say`Remove it from the calls; it needs the flow's \`prompt\` and \`count\`.`],
]);

function turned({ before, after }: Finding, subject: Phrase, advice: Phrase): Words {
  return {
    message: say`${subject} is ${withArticle(after)} now, not ${withArticle(before)}.`,
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
