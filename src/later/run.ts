/**
 * What a run needs once its parameters are checked. Loads before a create is sent: no task is made that
 * the program could not follow, were it to lose the place that it loads from.
 */
export { adopt } from "../adopt.js";
export { cancelScope } from "../cancel-scope.js";
export { progressOf, submittedProgress } from "../progress-stream.js";
export { resultOf } from "../run-result.js";
export { prepare, submit } from "../submit.js";
export { webhookField } from "../webhook-fields.js";
