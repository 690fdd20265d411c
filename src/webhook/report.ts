/** What a call of the server's says of a task. Pure. */

export interface WebhookReport {
  readonly task_id: number;
  /** 0–100. */
  readonly progress: number;
  /** In seconds. */
  readonly execution_time: number;
  /** Empty while there is none. */
  readonly error: string;
}

/**
 * Whether a report says something that an earlier one did not. Reports overtake each other; time on the
 * task tells which is newer, and starts again from 0 when the task does.
 */
export function isNews(report: WebhookReport, before: WebhookReport | undefined): boolean {
  if (!before || report.error !== before.error) return true;
  if (report.progress === 100) return before.progress !== 100;
  return report.execution_time > before.execution_time || report.execution_time === 0;
}

/** A report, if the body is one: its text, or what a parser has made of it. */
export function reportOf(body: unknown): WebhookReport | undefined {
  if (typeof body === "string") {
    try {
      return reportOf(JSON.parse(body) ?? undefined);
    } catch {
      return undefined;
    }
  }
  const report = body as WebhookReport | null | undefined;
  return report &&
    Number.isSafeInteger(report.task_id) &&
    typeof report.progress === "number" &&
    typeof report.execution_time === "number" &&
    typeof report.error === "string"
    ? report
    : undefined;
}
