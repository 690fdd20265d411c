/**
 * All error codes, for `docs/errors.md` and for the type of `error.code`. Nothing imports this table at run
 * time. `error` is the class that carries the code.
 */

/** In the order of a run: call, submit, watch, stop, save. */
export const ERROR_CODES = {
  invalid_option: {
    error: "VisionatrixError",
    meaning: "An option makes no sense, such as a `baseUrl` that is no address.",
    advice: "The message names the option and shows a value that works.",
  },
  answer_too_long: {
    error: "VisionatrixError",
    meaning: "A list of tasks is longer than what is read to look for one of them.",
    advice: "Delete finished tasks of the flow, or give the runs a `group_scope` of their own.",
  },
  key_reused: {
    error: "VisionatrixError",
    meaning: "The same `idempotencyKey` was used with other parameters. Nothing was created.",
    advice: "The message says what differs. Use another key.",
  },
  key_unverifiable: {
    error: "VisionatrixError",
    meaning:
      "Looking for an earlier run of an `idempotencyKey` would cost the server too much. Nothing was created.",
    advice:
      "Give the runs a `group_scope` of their own or delete finished tasks; or pass `firstTry: true` where there was none.",
  },
  invalid_params: {
    error: "InvalidParamsError",
    meaning: "Parameters would not do what they say. Nothing was sent.",
    advice: "`error.problems` has every one of them, with a hint each.",
  },
  file_unreadable: {
    error: "VisionatrixError",
    meaning: "A file to send is not there, or may not be read.",
    advice: "Check the path and its permissions.",
  },
  file_changed: {
    error: "VisionatrixError",
    meaning:
      "A file changed or vanished while it was sent, or had another length than it said. Nothing was created.",
    advice: "Call again when the file is complete.",
  },
  empty_file: {
    error: "VisionatrixError",
    meaning: "A stream for a file parameter ended without a byte.",
    advice: "Look at where it comes from.",
  },
  source_broken: {
    error: "VisionatrixError",
    meaning: "A stream for a file parameter broke, or gave something that is not bytes.",
    advice: "`error.cause` has its error. Nothing was created.",
  },
  stream_used: {
    error: "VisionatrixError",
    meaning: "A form has to be sent again, and a stream in it gives its bytes only once.",
    advice: "Call again with a new stream.",
  },
  url_refused: {
    error: "VisionatrixError",
    meaning: "A `{ url }` leads to no address of the public internet, by itself or by a redirect.",
    advice: "If that is meant: `fetchUrls: { allowPrivate: true }` in the options of the client.",
  },
  url_failed: {
    error: "VisionatrixError",
    meaning: "A `{ url }` could not be fetched.",
    advice: "The message has its answer, `error.cause` the error beneath.",
  },
  url_too_large: {
    error: "VisionatrixError",
    meaning: "The file at a `{ url }` is larger than allowed.",
    advice: "Raise `fetchUrls.maxBytes` in the options of the client.",
  },
  ambiguous_reference: {
    error: "VisionatrixError",
    meaning: "A reference to one of several files of a node, which the server cannot address.",
    advice: "Pass the file's bytes: `await file.blob()`.",
  },
  not_reachable: {
    error: "ConnectionError",
    meaning:
      "The server surely got nothing: refused, name not found, TLS. Submits have been retried.",
    advice: "Is it running, and is `baseUrl` right?",
  },
  connection_lost: {
    error: "ConnectionError",
    meaning: "The connection broke or no answer came in time; the server may have got the request.",
    advice:
      "Submits and waits have been settled or retried by the client; other calls can be repeated.",
  },
  origin_not_allowed: {
    error: "RequestError",
    meaning:
      "In a browser: the server runs, but does not allow this page's origin. Nothing was sent.",
    advice: "Set `CORS_ORIGINS` in the server's environment, as the message says.",
  },
  redirected: {
    error: "InvalidResponseError",
    meaning: "The server redirects, which would lose the credentials.",
    advice: "Use the address in the message as `baseUrl`.",
  },
  invalid_response: {
    error: "InvalidResponseError",
    meaning: "The answer is not one of a Visionatrix server: HTML of a proxy, half a JSON.",
    advice: "Look at what stands between; the message shows how the answer begins.",
  },
  not_authenticated: {
    error: "HttpError",
    meaning: "401: no credentials, or wrong ones.",
    advice: "Check `auth`.",
  },
  admin_required: {
    error: "HttpError",
    meaning: "401 of the other kind: the user is known, but no admin.",
    advice: "Use an admin's credentials.",
  },
  flow_not_installed: {
    error: "HttpError",
    meaning: "404: the server does not have the flow.",
    advice: "Install it there, or ask `client.flows()` for what there is.",
  },
  task_not_found: {
    error: "HttpError",
    meaning: "404: no such task for this user; admins do not see the tasks of others.",
    advice: "It was deleted, or the id or the user is wrong.",
  },
  not_found: {
    error: "HttpError",
    meaning: "404 for another reason, mostly the address.",
    advice: "Is `baseUrl` that of a Visionatrix server?",
  },
  invalid_fields: {
    error: "HttpError",
    meaning: "422: the server could not read a field.",
    advice: "`error.detail` names it; generate again if the server is newer than the code.",
  },
  bad_request: {
    error: "HttpError",
    meaning: "Any other 4xx.",
    advice: "`error.detail` has the server's words.",
  },
  busy: {
    error: "HttpError",
    meaning: "429 or 503, for longer than the budget allows.",
    advice: "Try later; `error.retryAfterMs` says when, if the server did.",
  },
  server_error: {
    error: "HttpError",
    meaning:
      "5xx. A bare 500 to a create mostly means a parameter that the server cannot use, and is not repeated.",
    advice: "`client.verifyFlows()` tells whether the generated code fits the server.",
  },
  submit_uncertain: {
    error: "SubmitUncertainError",
    meaning: "The answer to a create was lost, and looking for its tasks told nothing in time.",
    advice: "`client.settle(error)`, later. Submitting anew may run everything twice.",
  },
  task_failed: {
    error: "TaskFailedError",
    meaning: "The engine gave up; the message has its words.",
    advice: "`task.rerun()` runs it again with the same seed.",
  },
  task_gone: {
    error: "TaskGoneError",
    meaning: "A task is no longer there: cancelled or deleted, maybe by someone else.",
    advice: "Submit again if it is still wanted.",
  },
  task_stalled: {
    error: "TaskStalledError",
    meaning: "A task is stuck; `error.reason` says how. Only where `onStall` asks for it.",
    advice: "`task.rerun()` runs it again with the same seed.",
  },
  not_repeatable: {
    error: "VisionatrixError",
    meaning: "`task.rerun()` cannot make the task again just as it was.",
    advice: "The message says why. Submit it again.",
  },
  aborted: {
    error: "AbortError",
    meaning: "The caller's signal was aborted, or a loop was left. `error.cause` is the reason.",
    advice: "`error.cancelled` tells whether the tasks are off the server.",
  },
  timeout: {
    error: "TimeoutError",
    meaning: "`timeoutMs` was over.",
    advice: "`error.cancelled` tells whether the tasks are off the server.",
  },
  not_a_file: {
    error: "InvalidResponseError",
    meaning: "A web page came where a result file should, and came again when asked again.",
    advice: "Look at what stands between.",
  },
  download_failed: {
    error: "VisionatrixError",
    meaning:
      "A result file could not be looked at or read: the server was out for longer than `poll.outageMs`, or five answers brought no further byte.",
    advice:
      "The file stays on the server: ask again later. `saveFiles` with `resume: true` goes on where it was. `error.cause` is the last failure.",
  },
  download_changed: {
    error: "VisionatrixError",
    meaning:
      "A result file changed on the server while it was read, as when its task is restarted.",
    advice: "Ask for the result again.",
  },
  name_taken: {
    error: "VisionatrixError",
    meaning: 'A file of that name is there, and `collision` is `"error"`.',
    advice: "Move it away, or choose another `collision`.",
  },
  outside_folder: {
    error: "VisionatrixError",
    meaning: "A folder of the pattern is a link that leads out of the folder to save into.",
    advice: "Remove the link, or save into where it leads.",
  },
  not_a_side_car: {
    error: "VisionatrixError",
    meaning: "`rerun` was given a file that `saveFiles` did not write.",
    advice: "Pass the JSON file that `metadata: true` wrote.",
  },
  not_saved: {
    error: "VisionatrixError",
    meaning: "The file system refused: no space, no permission, no folder.",
    advice: "`error.cause` has its error.",
  },
} as const;

/** `code` of an error; `docs/errors.md` explains each. */
export type ErrorCode = keyof typeof ERROR_CODES;
