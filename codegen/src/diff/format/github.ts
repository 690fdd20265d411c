/** The report as GitHub annotations: workflow commands that place each change next to its line. */
import type { Change } from "../change.js";
import type { ChangeClass } from "../rules.js";
import { type Locator } from "../locate.js";
import { names, plain } from "../phrase.js";
import type { Report } from "../report.js";
import { commandMessage, commandProperty } from "./escape.js";
import { counts, isCallToAct, NOTHING, plural } from "./words.js";

export interface GithubOptions {
  /** Path of the new description in the repository; undefined when it is not a file. */
  readonly file: string | undefined;
  /** Lines of the new description. */
  readonly locator: Locator | undefined;
}

const LEVELS: Readonly<Record<ChangeClass, "error" | "warning" | "notice">> = {
  breaking: "error",
  behaviour: "warning",
  addition: "notice",
  docs: "notice",
};

/** One workflow command per change, the summary first: GitHub shows the first ten of each level. */
export function formatGithub(report: Report, options: GithubOptions): string {
  const { changes, semver } = report;
  const summary = changes.length === 0 ? NOTHING : `${counts(report)}; version step: ${semver}.`;
  return [
    `::notice title=Flows::${commandMessage(summary)}\n`,
    ...changes.map((change) => annotation(change, options)),
  ].join("");
}

function annotation(change: Change, { file, locator }: GithubOptions): string {
  const { flows, parameter, rule, message, advice } = change;
  const line = locator?.line(flows[0] ?? "", parameter) ?? 1;
  const properties = [
    ...(file === undefined ? [] : [`file=${commandProperty(file)}`, `line=${line}`]),
    `title=${commandProperty(`${change.class}: ${rule}`)}`,
  ];
  const text = [
    plain(message),
    ...(flows.length === 1 ? [] : [`In ${plain(names(flows))}.`]),
    ...(isCallToAct(change.class) ? [plain(advice)] : []),
    ...(change.usage === undefined || change.usage.length === 0
      ? []
      : [
          `Used in ${plural(change.usage.length, "place")}, first ${change.usage[0]?.file ?? ""}:${change.usage[0]?.line ?? 1}.`,
        ]),
  ].join(" ");
  return `::${LEVELS[change.class]} ${properties.join(",")}::${commandMessage(text)}\n`;
}
