/** Changes that reviewers have accepted: by fingerprint, with a reason and an expiry date. */
import { CodegenError } from "../errors.js";
import { parseJson } from "../json/parse.js";
import { Place } from "../json/pointer.js";
import { isObject, preview } from "../json/value.js";
import type { Change } from "./change.js";

/** One accepted change. */
export interface Acceptance {
  readonly fingerprint: string;
  readonly reason: string;
  /** Last day of validity, in UTC, as `YYYY-MM-DD`. */
  readonly expires: string;
}

/** The changes, sorted by the ignore file. */
export interface Sorted {
  /** Not accepted. */
  readonly open: readonly Change[];
  readonly accepted: readonly { readonly change: Change; readonly acceptance: Acceptance }[];
  /** Entries that match a change but have expired. */
  readonly expired: readonly Acceptance[];
  /** Entries that match no change of this comparison. */
  readonly unused: readonly Acceptance[];
}

/** Reads an ignore file. @throws CodegenError `ignore_invalid`, `json_…`. */
export function readIgnoreFile(text: string): Acceptance[] {
  const root = new Place(parseJson(text));
  const list = root.at("accepted");
  if (root.at("version").value !== 1 || !Array.isArray(list.value)) {
    throw invalid(root, 'The ignore file is not { "version": 1, "accepted": [ … ] }.');
  }
  return list.value.map((_, index) => readAcceptance(list.at(index)));
}

function readAcceptance(place: Place): Acceptance {
  if (!isObject(place.value)) throw invalid(place, "An entry of the ignore file is not an object.");
  for (const key of place.value.keys()) {
    if (!["fingerprint", "reason", "expires"].includes(key)) {
      throw invalid(place.at(key), "An entry of the ignore file has an unknown member.");
    }
  }
  const fingerprint = readText(place.at("fingerprint"), /^[0-9a-f]{16}$/);
  const reason = readText(place.at("reason"), /\S/);
  const expires = readText(place.at("expires"), /^\d{4}-\d{2}-\d{2}$/);
  if (!isDay(expires)) throw invalid(place.at("expires"), "This date does not exist.");
  return { fingerprint, reason, expires };
}

function readText(place: Place, pattern: RegExp): string {
  const { value } = place;
  if (typeof value === "string" && pattern.test(value)) return value;
  throw invalid(place, "An entry of the ignore file is not complete.");
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function invalid(place: Place, message: string): CodegenError {
  return new CodegenError("ignore_invalid", message, {
    pointer: place.pointer,
    value: preview(place.value),
    hint:
      "An entry is { fingerprint: 16 hexadecimal digits as the report shows them, reason: a string, " +
      "expires: the last day as YYYY-MM-DD }.",
  });
}

/** Separates accepted changes. `today` is `YYYY-MM-DD` in UTC. */
export function sortByAcceptance(
  changes: readonly Change[],
  acceptances: readonly Acceptance[],
  today: string,
): Sorted {
  const holds = new Map(
    acceptances
      .filter(({ expires }) => today <= expires)
      .map((acceptance) => [acceptance.fingerprint, acceptance]),
  );
  const found = new Set(changes.map(({ fingerprint }) => fingerprint));
  return {
    open: changes.filter(({ fingerprint }) => !holds.has(fingerprint)),
    accepted: changes.flatMap((change) => {
      const acceptance = holds.get(change.fingerprint);
      return acceptance === undefined ? [] : [{ change, acceptance }];
    }),
    expired: acceptances.filter(
      ({ fingerprint }) => found.has(fingerprint) && !holds.has(fingerprint),
    ),
    unused: acceptances.filter(({ fingerprint }) => !found.has(fingerprint)),
  };
}
