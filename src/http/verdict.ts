/** What an error status says about reading the same again: one rule for waits and for results. Pure. */
import type { HttpError } from "../errors/request-errors.js";

/** Refusals in a row after which credentials count as wrong: one can be a hiccup of the user backend. */
export const MOST_REFUSALS = 2;

/** Whether credentials were not accepted. */
export function isRefusal({ status }: { status?: number }): boolean {
  return status === 401 || status === 403;
}

/**
 * `final`: the server itself has responded to this very request · `refused`: it did not accept the credentials
 * · `passing`: it is out, or a proxy responded in its place
 */
export function verdictOf(error: HttpError): "final" | "refused" | "passing" {
  const { status, spoken } = error;
  if (isRefusal(error)) return "refused";
  return status === 400 || status === 422 || (status === 404 && spoken) ? "final" : "passing";
}
