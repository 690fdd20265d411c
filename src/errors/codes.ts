/**
 * All error codes, for `docs/errors.md` and for the type of `error.code`. Nothing imports this table at run
 * time. `error` is the class that carries the code.
 */

/** In the order of a run: call, submit, watch, stop, save. */
export const ERROR_CODES = {
  invalid_option: {
    error: "VisionatrixError",
    meaning: "An option is not valid, such as a `baseUrl` that is not an address.",
    advice: "The message names the option and shows a value that works.",
  },
  answer_too_long: {
    error: "VisionatrixError",
    meaning: "The list of tasks is too long to search for one of them.",
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
    meaning: "Parameters are not valid. Nothing was sent.",
    advice: "`error.problems` lists every problem, each with a hint.",
  },
  file_unreadable: {
    error: "VisionatrixError",
    meaning: "A file to send does not exist or cannot be read.",
    advice: "Check the path and its permissions.",
  },
  file_changed: {
    error: "VisionatrixError",
    meaning:
      "A file changed or disappeared during the upload, or did not have its stated length. Nothing was created.",
    advice: "Call again when the file is complete.",
  },
  empty_file: {
    error: "VisionatrixError",
    meaning: "A stream for a file parameter ended without a byte.",
    advice: "Check the source of the stream.",
  },
  source_broken: {
    error: "VisionatrixError",
    meaning: "A stream for a file parameter failed, or yielded something other than bytes.",
    advice: "`error.cause` is its error. Nothing was created.",
  },
  stream_used: {
    error: "VisionatrixError",
    meaning: "A form must be sent again, but it contains a stream, which can be read only once.",
    advice: "Call again with a new stream.",
  },
  url_refused: {
    error: "VisionatrixError",
    meaning:
      "A `{ url }` points, directly or by a redirect, to an address outside the public internet.",
    advice: "To allow it, set `fetchUrls: { allowPrivate: true }` in the options of the client.",
  },
  url_failed: {
    error: "VisionatrixError",
    meaning: "A `{ url }` could not be fetched.",
    advice: "The message says why; `error.cause` is the underlying error.",
  },
  url_too_large: {
    error: "VisionatrixError",
    meaning: "The file at a `{ url }` is larger than allowed.",
    advice: "Raise `fetchUrls.maxBytes` in the options of the client.",
  },
  ambiguous_reference: {
    error: "VisionatrixError",
    meaning:
      "A reference to one of several files of a node; the server cannot address them one by one.",
    advice: "Pass the file's bytes: `await file.blob()`.",
  },
  not_reachable: {
    error: "ConnectionError",
    meaning:
      "The request did not reach the server: connection refused, name not found or TLS failure. Submits were retried.",
    advice: "Check that the server is running and that `baseUrl` is right.",
  },
  connection_lost: {
    error: "ConnectionError",
    meaning: "The connection broke or the request timed out; the server may have received it.",
    advice: "The client already settled or retried submits and waits; other calls can be repeated.",
  },
  origin_not_allowed: {
    error: "RequestError",
    meaning:
      "In a browser: the server is running, but does not allow this page's origin. Nothing was sent.",
    advice: "Set `CORS_ORIGINS` in the server's environment, as the message says.",
  },
  redirected: {
    error: "InvalidResponseError",
    meaning: "The server redirects, and credentials are not sent to another address.",
    advice: "Use the address in the message as `baseUrl`.",
  },
  invalid_response: {
    error: "InvalidResponseError",
    meaning:
      "The response is not from a Visionatrix server: a proxy's HTML page, or incomplete JSON.",
    advice: "Check the proxies in between; the message shows how the response begins.",
  },
  not_authenticated: {
    error: "HttpError",
    meaning: "401: no credentials, or wrong ones.",
    advice: "Check `auth`.",
  },
  admin_required: {
    error: "HttpError",
    meaning: "401 with valid credentials: the user is not an admin.",
    advice: "Use an admin's credentials.",
  },
  flow_not_installed: {
    error: "HttpError",
    meaning: "404: the server does not have the flow.",
    advice: "Install it there, or list the installed flows with `client.flows()`.",
  },
  task_not_found: {
    error: "HttpError",
    meaning: "404: no such task for this user; admins do not see the tasks of others.",
    advice: "The task was deleted, or the id or the user is wrong.",
  },
  not_found: {
    error: "HttpError",
    meaning: "404 for another reason, usually a wrong address.",
    advice: "Check that `baseUrl` is the address of a Visionatrix server.",
  },
  invalid_fields: {
    error: "HttpError",
    meaning: "422: the server could not read a field.",
    advice: "`error.detail` names it; generate again if the server is newer than the code.",
  },
  bad_request: {
    error: "HttpError",
    meaning: "Any other 4xx.",
    advice: "`error.detail` is the server's message.",
  },
  busy: {
    error: "HttpError",
    meaning: "429 or 503, for longer than the budget allows.",
    advice: "Try later; `error.retryAfterMs` says when, if the server did.",
  },
  server_error: {
    error: "HttpError",
    meaning:
      "5xx. A bare 500 to a create usually means a parameter that the server cannot use; it is not retried.",
    advice: "`verifyFlows(client, flows)` tells whether the generated code matches the server.",
  },
  submit_uncertain: {
    error: "SubmitUncertainError",
    meaning:
      "The response to a create was lost, and a search for its tasks did not finish in time.",
    advice: "Call `client.settle(error)` later. Submitting again may run everything twice.",
  },
  task_failed: {
    error: "TaskFailedError",
    meaning: "The task failed in the engine; the message contains the engine's error.",
    advice: "`task.rerun()` runs it again with the same seed.",
  },
  task_gone: {
    error: "TaskGoneError",
    meaning: "A task no longer exists: it was cancelled or deleted, maybe by someone else.",
    advice: "Submit again if it is still wanted.",
  },
  task_stalled: {
    error: "TaskStalledError",
    meaning: "A task is stuck; `error.reason` says how. Only where `onStall` asks for it.",
    advice: "`task.rerun()` runs it again with the same seed.",
  },
  not_repeatable: {
    error: "VisionatrixError",
    meaning: "`task.rerun()` cannot reproduce the task exactly.",
    advice: "The message says why. Submit it again.",
  },
  aborted: {
    error: "AbortError",
    meaning: "The caller's signal was aborted, or a loop was left. `error.cause` is the reason.",
    advice: "`error.cancelled` tells whether the tasks are off the server.",
  },
  timeout: {
    error: "TimeoutError",
    meaning: "`timeoutMs` ran out.",
    advice: "`error.cancelled` tells whether the tasks are off the server.",
  },
  not_a_file: {
    error: "InvalidResponseError",
    meaning: "The server sent a web page in place of a result file, and did so again on a retry.",
    advice: "Check the proxies in between.",
  },
  download_failed: {
    error: "VisionatrixError",
    meaning:
      "A result file could not be read: the server was down for longer than `poll.outageMs`, or five responses brought no new byte.",
    advice:
      "The file stays on the server: read it again later. `saveFiles` with `resume: true` resumes where it stopped. `error.cause` is the last failure.",
  },
  download_changed: {
    error: "VisionatrixError",
    meaning:
      "A result file changed on the server while it was read, for example because its task was restarted.",
    advice: "Read the result again.",
  },
  name_taken: {
    error: "VisionatrixError",
    meaning: 'A file with that name exists, and `collision` is `"error"`.',
    advice: "Move it away, or choose another `collision`.",
  },
  outside_folder: {
    error: "VisionatrixError",
    meaning: "A folder in the pattern is a link that leads out of the target folder.",
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
