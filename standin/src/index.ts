/**
 * A stand-in for a Visionatrix server, for tests and demos. It makes no AI images.
 * @module visionatrix-standin
 */
export { type BinarySpelling } from "./app.js";
export { VirtualClock } from "./clock.js";
export { type TaskDuration } from "./engine/schedule.js";
export {
  type Endpoint,
  type Fault,
  type FaultAction,
  type FaultTime,
  type FaultTrigger,
  type RequestFault,
  type TaskFault,
  type WebhookFault,
} from "./faults/fault.js";
export { FaultError, type FaultState } from "./faults/script.js";
export { DescriptionError } from "./flows/description.js";
export { type FlowFacts, type InputFacts } from "./flows/facts.js";
export { type FlowOutput, type OutputType } from "./flows/listed.js";
export { type Fate, type RequestRecord } from "./http/record.js";
export { ListenError } from "./http/server.js";
export { OptionError, type StandinOptions } from "./options.js";
export { type RestartOptions, type Standin } from "./standin.js";
export { startStandin } from "./start.js";
export { type LanguageModel, type LanguageRequest } from "./tasks/language.js";
export { JournalError } from "./tasks/journal.js";
export { type UserSettings } from "./users.js";
export { type WebhookRecord } from "./webhooks.js";
