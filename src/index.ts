/**
 * `visionatrix-client`: run flows, wait for them, and fetch their results.
 * @module visionatrix-client
 */
export { createClient, type Client } from "./client.js";
export type { ClientOptions } from "./client-options.js";
export type { ErrorCode } from "./errors/codes.js";
export { AbortError, TimeoutError, VisionatrixError, type Cancelled } from "./errors/errors.js";
export {
  ConnectionError,
  HttpError,
  InvalidResponseError,
  RequestError,
  type RequestFacts,
} from "./errors/request-errors.js";
export {
  InvalidParamsError,
  SubmitUncertainError,
  TaskFailedError,
  TaskGoneError,
  TaskStalledError,
  type StallReason,
  type ParamProblem,
} from "./errors/task-errors.js";
export type { FlowDrift } from "./flow/drift.js";
export type { FilePart, FormPart } from "./flow/field.js";
export type { Plan } from "./flow/form.js";
export {
  jsonSchemaOf,
  type JsonSchema,
  type JsonSchemaOptions,
  type ObjectSchema,
} from "./flow/json-schema.js";
export {
  labelOf,
  type FlowOutput,
  type FlowShape,
  type MediaKind,
  type Parameter,
  type StandardName,
} from "./flow/parameter.js";
export type {
  CountParam,
  SeedParam,
  StandardParams,
  SurpriseMeParam,
  TranslateParam,
} from "./flow/standard-params.js";
export type { ApiOptions } from "./http/api.js";
export type { Credentials } from "./http/credentials.js";
export type { Fetch, FetchAnswer, FetchInit, Middleware } from "./http/fetch.js";
export type { Logger } from "./http/logger.js";
export type { UploadProgress } from "./http/upload-stream.js";
export type { FetchUrlOptions } from "./inputs/fetch-url.js";
export type { FileInput, FileReference, UrlInput } from "./inputs/file-input.js";
export type { ReadOptions, ResultFile } from "./results/result-file.js";
export { defineFlow, type Flow, type FlowExtras, type Submitter } from "./run/define-flow.js";
export type { StoppedRun } from "./run/open-runs.js";
export { outcomesOf, type OutcomeOptions, type TaskOutcome } from "./run/outcomes.js";
export type {
  PendingRun,
  Progress,
  Run,
  RunOptions,
  RunResult,
  StopOptions,
  Task,
  Waitable,
  WaitOptions,
} from "./run/run.js";
export type { ServerFlow, ServerFlowOptions } from "./run/server-flow.js";
export { plan } from "./run/submit-flow.js";
export { verifyFlows } from "./run/verify-flows.js";
export { fileInputs, type FileInputs } from "./submit/file-inputs.js";
export type { Duplicate } from "./submit/twins.js";
export type { RetryOptions } from "./submit/submitting.js";
export type { Cancellation } from "./tasks/cancel.js";
export type { TaskFilter, TaskFullInfo, TaskInfo } from "./tasks/task-info.js";
export type { TaskState } from "./tasks/task-state.js";
export type { PollOptions } from "./watch/watched.js";
export {
  createWebhookReceiver,
  type WebhookClient,
  type WebhookOptions,
  type WebhookReceiver,
} from "./webhook/receiver.js";
