/** What the server's webhook call says about a task. Pure. */

export interface WebhookReport {
  readonly task_id: number;
  /** 0–100. */
  readonly progress: number;
  /** In seconds. */
  readonly execution_time: number;
  /** Empty when there is no error. */
  readonly error: string;
}

/**
 * Whether a report is newer than an earlier one. Reports may arrive out of order; the execution time tells
 * which is newer, and restarts from 0 when the task does.
 */
export function isNews(report: WebhookReport, before: WebhookReport | undefined): boolean {
  if (!before || report.error !== before.error) return true;
  if (report.progress === 100) return before.progress !== 100;
  return report.execution_time > before.execution_time || report.execution_time === 0;
}

/** A report, if the body is one: text, or what a parser made of it. */
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
