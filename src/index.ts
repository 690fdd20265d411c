/** `visionatrix-client`: run flows, wait for them, fetch what they made. */
export { createClient, type Client } from "./client.js";
export type { FlowDrift } from "./drift.js";
export type { ErrorCode } from "./error-codes.js";
export { AbortError, TimeoutError, VisionatrixError, type Cancelled } from "./errors.js";
export type { FetchUrlOptions } from "./fetch-url.js";
export type { FileInput, FileReference, UrlInput } from "./file-input.js";
export { defineFlow, fileInputs, labelOf, type Flow, type Parameter, type StandardName } from "./flow.js";
export { plan, type FilePart, type FormPart, type Plan } from "./form.js";
export type { MediaKind } from "./media.js";
export type {
  ClientOptions,
  Fetch,
  Logger,
  Middleware,
  PollOptions,
  RetryOptions,
  RunOptions,
  StopOptions,
  UploadProgress,
  WaitOptions,
} from "./options.js";
export type {
  CountParam,
  SeedParam,
  StandardParams,
  SurpriseMeParam,
  TranslateParam,
} from "./params.js";
export type { ResultFile } from "./result-file.js";
export type { PendingRun, Progress, Run, RunResult, Waitable } from "./run.js";
export type { TaskState } from "./state.js";
export type { Task } from "./task.js";
export type { TaskFilter, TaskFullInfo, TaskInfo } from "./task-info.js";
export {
  ConnectionError,
  HttpError,
  InvalidResponseError,
  RequestError,
  type RequestFacts,
} from "./request-errors.js";
export {
  InvalidParamsError,
  SubmitUncertainError,
  TaskFailedError,
  TaskGoneError,
  TaskStalledError,
  type ParamProblem,
} from "./run-errors.js";
export { createWebhookReceiver, type WebhookOptions, type WebhookReceiver } from "./webhook.js";
