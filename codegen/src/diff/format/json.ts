/** The report as JSON: a public interface, described by `schema/diff.schema.json`. */
import type { Change } from "../change.js";
import { plain } from "../phrase.js";
import type { Report } from "../report.js";
import { forJson } from "./escape.js";

/** The report as indented JSON, with a trailing line break. */
export function formatJson(report: Report): string {
  const { summary, semver, changes, accepted, leftOut } = report;
  const document = {
    version: 1,
    summary,
    semver,
    changes: changes.map((change) => changeObject(change)),
    ...(accepted.length === 0
      ? {}
      : {
          accepted: accepted.map(({ change, acceptance }) => ({
            ...changeObject(change),
            reason: acceptance.reason,
            expires: acceptance.expires,
          })),
        }),
    ...(leftOut.length === 0 ? {} : { leftOut }),
  };
  return `${forJson(document, 2)}\n`;
}

function changeObject(change: Change): object {
  const { rule, flows, parameter, before, after, confidence, fingerprint, usage } = change;
  return {
    rule,
    class: change.class,
    ...(flows.length === 1 ? { flow: flows[0] } : { flows }),
    parameter,
    before,
    after,
    ...(confidence === undefined ? {} : { confidence }),
    message: plain(change.message),
    advice: plain(change.advice),
    fingerprint,
    ...(usage === undefined ? {} : { usage }),
  };
}
