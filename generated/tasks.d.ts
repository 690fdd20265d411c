// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
export interface paths {
  "/vapi/tasks/create/{name}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Create one task, or `count` of them
     * @description Fields that the flow does not know are dropped without a word, missing texts take the workflow's own value, and numbers are not checked. A wrong choice or boolean, or `webhook_headers` that are not JSON, gives a bare 500 and a closed connection. With `count` above 1 the tasks are created one by one, and a failure leaves the earlier ones queued.
     */
    put: operations["createTasks"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/progress/{task_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read one task
     * @description For the owner alone; admins get 404 as well.
     */
    get: operations["getTask"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/progress": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List own tasks with their workflows
     * @description Finished tasks included, without paging. One task with `webhook_headers` that are not an object turns the whole answer into a 500.
     */
    get: operations["listTasks"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/progress-summary": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List own tasks
     * @description Finished tasks included, without paging; about 0.65 kB a task.
     */
    get: operations["listTaskSummaries"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/restart": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Queue a failed task again
     * @description Inputs and seed stay as they were.
     */
    post: operations["restartTask"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/queue/{task_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Cancel a task
     * @description Removes a task that is not finished, running or failed ones too. Answers 204 for a finished one as well, which stays. Children stay.
     */
    delete: operations["cancelTask"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/queue": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Cancel the unfinished tasks of a flow
     * @description Own parent tasks of one flow and group, running ones too.
     */
    delete: operations["cancelTasks"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/task": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Delete a task in any state
     * @description With its descendants and all files.
     */
    delete: operations["deleteTask"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/clear": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Delete the finished tasks of a flow
     * @description Own parent tasks of one flow and group at exactly 100, with their descendants and files.
     */
    delete: operations["clearTasks"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/results": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download a result file
     * @description The media type in the header is the guess of the server's machine and often wrong; the file's name tells more. `HEAD` is refused, `If-None-Match` ignored.
     */
    get: operations["getResult"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/tasks/inputs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download an input file
     * @description As it was stored, in any state of the task.
     */
    get: operations["getInput"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/flows/installed": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List installed flows */
    get: operations["listInstalledFlows"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/flows/install-progress": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List installations, with the workflows of the flows
     * @description For admins. Flows that are installed are in it too.
     */
    get: operations["listInstallations"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/workers/info": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List workers
     * @description Admins see all workers, others their own alone. Workers on one host and device share an id, and so an entry.
     */
    get: operations["listWorkers"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/vapi/other/whoami": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who the server takes the caller for
     * @description The cheapest way to learn that the server is up and the credentials are right. Servers without authentication answer `admin` to everyone.
     */
    get: operations["whoami"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    CreatedTasks: {
      /** @description In the order of creation. */
      tasks_ids: number[];
      /** @description Output nodes of the first task; the same for all. */
      outputs: components["schemas"]["TaskOutput"][];
    };
    TaskOutput: {
      /** @description The `node_id` of results. */
      comfy_node_id: number;
      /**
       * @description Kind of the files.
       * @enum {string}
       */
      type: "image" | "image-animated" | "video" | "audio" | "text" | "3d-model";
      /** @description Bytes of all files of the node; -1 until there are results. */
      file_size: number;
      /** @description Number of files, -1 until there are results; may be more than can be downloaded. */
      batch_size: number;
    };
    InputFile: {
      file_name: string;
      /** @description Bytes. */
      file_size: number;
    };
    TaskSummary: {
      /** @description Grows with every task of the server, with gaps; never used twice. */
      task_id: number;
      /** @description Priority within the group. */
      priority: number;
      /** @description Exactly 100 when finished. Below that at most 99 from the stock engine; may fall back to 0 when a worker gives up. A worker can report any number. */
      progress: number;
      /** @description Empty while there is none. Otherwise the engine's text; the task then waits for a restart or its deletion. */
      error: string;
      /** @description Flow id. */
      name: string;
      /** @description The fields that were sent and recognised, as strings; only `seed` is an integer. Defaults and seeds drawn by the server are not in it. */
      input_params: {
        [key: string]: string | number;
      };
      /** @description Nodes that make files, in no particular order. */
      outputs: components["schemas"]["TaskOutput"][];
      /** @description In the order of the form. */
      input_files: components["schemas"]["InputFile"][];
      /**
       * @description When a worker took the task; null while it waits. UTC, written without offset, e.g. `2026-11-22T08:51:37.546808`.
       * @example 2026-11-22T08:51:37.546808
       */
      locked_at: string | null;
      /** @description Null until the first report of a worker. */
      worker_id: string | null;
      /** @description Seconds; grows while the task runs. */
      execution_time: number;
      group_scope: number;
      parent_task_id: number | null;
      parent_task_node_id: number | null;
      /** @description All descendants, whatever their flow or group. */
      child_tasks: components["schemas"]["TaskSummary"][];
      /** @description Texts after translation, where there was one. */
      translated_input_params: {
        [key: string]: unknown;
      } | null;
      /** @description Settings for the worker. */
      extra_flags: {
        [key: string]: unknown;
      } | null;
      /** @description The flow is meant for internal use, or the task is a federated one. */
      hidden: boolean;
    };
    TaskDetails: components["schemas"]["TaskSummary"] & {
      /**
       * @description When the server process started, the same for all its tasks: not when the task was created. UTC, written without offset, e.g. `2026-11-22T08:51:37.546808`.
       * @example 2026-11-22T08:51:37.546808
       */
      created_at: string | null;
      /**
       * @description Last report of a worker. UTC, written without offset, e.g. `2026-11-22T08:51:37.546808`.
       * @example 2026-11-22T08:51:37.546808
       */
      updated_at: string | null;
      /**
       * @description Last time 100 was reported; a restart does not clear it. UTC, written without offset, e.g. `2026-11-22T08:51:37.546808`.
       * @example 2026-11-22T08:51:37.546808
       */
      finished_at: string | null;
      /** @description The whole workflow, 1 to 13 kB for public flows. Holds the seeds that the server drew. */
      flow_comfy: {
        [key: string]: unknown;
      };
      user_id: string;
      webhook_url: string | null;
      /** @description As sent, also without a URL. */
      webhook_headers: {
        [key: string]: string;
      } | null;
      /** @description Only of profiled tasks. */
      execution_details: {
        [key: string]: unknown;
      } | null;
      /** @description The only worker that may take the task. */
      custom_worker: string | null;
    };
    /** @description What the server says of a flow; more keys than these are sent. */
    InstalledFlow: {
      /** @description Flow id. */
      name: string;
      display_name: string;
      description: string;
      tags?: string[];
      input_params: components["schemas"]["FlowInput"][];
      version: string;
      hidden?: boolean;
      private?: boolean;
      is_seed_supported: boolean;
      is_count_supported: boolean;
      is_translations_supported: boolean;
      is_surprise_me_supported?: boolean;
      /** @description False also when no worker was seen for three minutes. */
      is_supported_by_workers?: boolean;
    };
    /** @description How far the installation of a flow is; more keys than these are sent. */
    Installation: {
      /** @description Flow id. */
      name: string;
      /** @description The workflow, in the format of ComfyUI's API. */
      flow_comfy: {
        [key: string]: unknown;
      };
    };
    FlowInput: {
      name: string;
      display_name: string;
      /** @description `text`, `number`, `list`, `bool`, `range`, `range_scale`, `image`, `image-mask` or `video`. */
      type: string;
      optional: boolean;
      advanced?: boolean;
      hidden?: boolean;
      translatable?: boolean;
      order?: number;
      default?: string | number | boolean | null;
      /** @description Of a `list`: the keys are what is sent. */
      options?: {
        [key: string]: unknown;
      };
      min?: number;
      max?: number;
      step?: number;
      /** @description Of an `image-mask`: the input that it masks. */
      source_input_name?: string;
    };
    /** @description A worker that has shown itself; more keys than these are sent. */
    Worker: {
      /** @description Whose tasks it takes; an admin's takes everybody's. */
      user_id: string;
      /** @description As in `worker_id` of tasks: user, host, device and its index. */
      worker_id: string;
      worker_version: string;
      /**
       * @description When it last asked for work or reported. UTC, written without offset.
       * @example 2026-11-22T08:51:37.546808
       */
      last_seen: string;
      /** @description Where there are some, the only flows that it is given. */
      tasks_to_give: string[];
      device_name: string;
      /** @description How often in a row it asked for work and got none; 0 while it has a task. */
      empty_task_requests_count: number;
    };
    User: {
      user_id: string;
      full_name: string;
      email: string;
      is_admin: boolean;
      record_expires_at?: string | null;
    };
    ErrorDetail: {
      detail: string;
    };
    InvalidFields: {
      detail: components["schemas"]["InvalidField"][];
    };
    InvalidField: {
      /** @description Stable name of the rule, e.g. `greater_than_equal`. */
      type: string;
      /** @description Where, e.g. `["body", "count"]`. */
      loc: (string | number)[];
      msg: string;
      /** @description What was sent. */
      input?: unknown;
      /** @description Limits of the rule. */
      ctx?: {
        [key: string]: unknown;
      };
    };
  };
  responses: {
    /** @description The request cannot be carried out; `detail` says why. */
    BadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorDetail"];
      };
    };
    /** @description Two kinds: missing or wrong credentials give the plain text `Not authenticated` with `WWW-Authenticate: Basic` and no content type; a user without admin rights gets JSON and no such header. */
    Unauthorized: {
      headers: {
        /** @description Only for missing or wrong credentials. */
        "WWW-Authenticate"?: string;
        [name: string]: unknown;
      };
      content: {
        "text/plain": "Not authenticated";
        "application/json": components["schemas"]["ErrorDetail"];
      };
    };
    /** @description There is no such flow, task, node or file for this user; `detail` says which. */
    NotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["ErrorDetail"];
      };
    };
    /** @description Fields that cannot be read as what they should be. */
    InvalidFields: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": components["schemas"]["InvalidFields"];
      };
    };
    /** @description Mostly the plain text `Internal Server Error`, after which the server closes the connection; often the caller's mistake. Failed translations give JSON. Sent without CORS headers. */
    ServerError: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "text/plain": string;
        "application/json": components["schemas"]["ErrorDetail"];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type CreatedTasks = components["schemas"]["CreatedTasks"];
export type TaskOutput = components["schemas"]["TaskOutput"];
export type InputFile = components["schemas"]["InputFile"];
export type TaskSummary = components["schemas"]["TaskSummary"];
export type TaskDetails = components["schemas"]["TaskDetails"];
export type InstalledFlow = components["schemas"]["InstalledFlow"];
export type Installation = components["schemas"]["Installation"];
export type FlowInput = components["schemas"]["FlowInput"];
export type Worker = components["schemas"]["Worker"];
export type User = components["schemas"]["User"];
export type ErrorDetail = components["schemas"]["ErrorDetail"];
export type InvalidFields = components["schemas"]["InvalidFields"];
export type InvalidField = components["schemas"]["InvalidField"];
export type ResponseBadRequest = components["responses"]["BadRequest"];
export type ResponseUnauthorized = components["responses"]["Unauthorized"];
export type ResponseNotFound = components["responses"]["NotFound"];
export type ResponseInvalidFields = components["responses"]["InvalidFields"];
export type ResponseServerError = components["responses"]["ServerError"];
export type $defs = Record<string, never>;
export interface operations {
  createTasks: {
    parameters: {
      query?: never;
      header?: {
        /** @description Admins only: the one worker that may take the tasks. Its existence is not checked. */
        "X-WORKER-ID"?: string;
        /** @description Admins only: `1` unloads the models first. */
        "X-WORKER-UNLOAD-MODELS"?: "1";
        /** @description Admins only: `1` fills `execution_details`. */
        "X-WORKER-EXECUTION-PROFILER"?: "1";
      };
      path: {
        /** @description Flow id in lower case. */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "multipart/form-data": {
          [key: string]: string;
        };
      };
    };
    responses: {
      /** @description All tasks are queued. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CreatedTasks"];
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      404: components["responses"]["NotFound"];
      422: components["responses"]["InvalidFields"];
      500: components["responses"]["ServerError"];
      501: components["responses"]["BadRequest"];
    };
  };
  getTask: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Task id. */
        task_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The task. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TaskDetails"];
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      404: components["responses"]["NotFound"];
      422: components["responses"]["InvalidFields"];
      500: components["responses"]["ServerError"];
    };
  };
  listTasks: {
    parameters: {
      query?: {
        /** @description Only tasks of this flow; exact and case-sensitive. */
        name?: string;
        /** @description Group to look in. The server takes 1 when this is left out; 0 means all groups. */
        group_scope?: number;
        /** @description Leave out entries of child tasks; they still appear inside their parents. */
        only_parent?: boolean;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Tasks by id. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            [key: string]: components["schemas"]["TaskDetails"];
          };
        };
      };
      401: components["responses"]["Unauthorized"];
      422: components["responses"]["InvalidFields"];
      500: components["responses"]["ServerError"];
    };
  };
  listTaskSummaries: {
    parameters: {
      query?: {
        /** @description Only tasks of this flow; exact and case-sensitive. */
        name?: string;
        /** @description Group to look in. The server takes 1 when this is left out; 0 means all groups. */
        group_scope?: number;
        /** @description Leave out entries of child tasks; they still appear inside their parents. */
        only_parent?: boolean;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Tasks by id. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            [key: string]: components["schemas"]["TaskSummary"];
          };
        };
      };
      401: components["responses"]["Unauthorized"];
      422: components["responses"]["InvalidFields"];
      500: components["responses"]["ServerError"];
    };
  };
  restartTask: {
    parameters: {
      query: {
        /** @description Task id. */
        task_id: number;
        /** @description Also restart a task that has no error, e.g. one whose worker died. */
        force?: boolean;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      404: components["responses"]["NotFound"];
      422: components["responses"]["InvalidFields"];
    };
  };
  cancelTask: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Task id. */
        task_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components["responses"]["Unauthorized"];
      404: components["responses"]["NotFound"];
      422: components["responses"]["InvalidFields"];
    };
  };
  cancelTasks: {
    parameters: {
      query: {
        /** @description Flow id, exact and case-sensitive. */
        name: string;
        /** @description Group to look in. The server takes 1 when this is left out; 0 means all groups. */
        group_scope?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components["responses"]["Unauthorized"];
      422: components["responses"]["InvalidFields"];
    };
  };
  deleteTask: {
    parameters: {
      query: {
        /** @description Task id. */
        task_id: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components["responses"]["Unauthorized"];
      404: components["responses"]["NotFound"];
      422: components["responses"]["InvalidFields"];
    };
  };
  clearTasks: {
    parameters: {
      query: {
        /** @description Flow id, exact and case-sensitive. */
        name: string;
        /** @description Group to look in. The server takes 1 when this is left out; 0 means all groups. */
        group_scope?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components["responses"]["Unauthorized"];
      422: components["responses"]["InvalidFields"];
    };
  };
  getResult: {
    parameters: {
      query: {
        /** @description Task id. */
        task_id: number;
        /** @description Output node. */
        node_id: number;
        /** @description Which file of the node, sorted by name, from 0; -1 gives a ZIP of all. */
        batch_index?: number;
      };
      header?: {
        /** @description Part of the file, e.g. `bytes=1000-`. */
        Range?: string;
        /** @description ETag under which the range is wanted; the whole file comes when it changed. */
        "If-Range"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file. */
      200: {
        headers: {
          /** @description `attachment` with the file's name. Other origins cannot read it in a browser. */
          "Content-Disposition"?: string;
          /** @description Strong. Not sent with a ZIP. */
          ETag?: string;
          /** @description `bytes`. Not sent with a ZIP. */
          "Accept-Ranges"?: string;
          [name: string]: unknown;
        };
        content: {
          "*/*": string;
        };
      };
      /** @description The part that was asked for. */
      206: {
        headers: {
          /** @description `attachment` with the file's name. Other origins cannot read it in a browser. */
          "Content-Disposition"?: string;
          /** @description Strong. Not sent with a ZIP. */
          ETag?: string;
          /** @description `bytes`. Not sent with a ZIP. */
          "Accept-Ranges"?: string;
          /** @description Which part, of how much. */
          "Content-Range"?: string;
          [name: string]: unknown;
        };
        content: {
          "*/*": string;
        };
      };
      400: components["responses"]["BadRequest"];
      401: components["responses"]["Unauthorized"];
      404: components["responses"]["NotFound"];
      /** @description The range lies outside of the file. */
      416: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/plain": string;
        };
      };
      422: components["responses"]["InvalidFields"];
    };
  };
  getInput: {
    parameters: {
      query: {
        /** @description Task id. */
        task_id: number;
        /** @description Which of `input_files`, from 0. */
        input_index: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file. */
      200: {
        headers: {
          /** @description Strong. Not sent with a ZIP. */
          ETag?: string;
          /** @description `bytes`. Not sent with a ZIP. */
          "Accept-Ranges"?: string;
          [name: string]: unknown;
        };
        content: {
          "*/*": string;
        };
      };
      /** @description The part that was asked for. */
      206: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "*/*": string;
        };
      };
      401: components["responses"]["Unauthorized"];
      404: components["responses"]["NotFound"];
      422: components["responses"]["InvalidFields"];
      500: components["responses"]["ServerError"];
    };
  };
  listInstalledFlows: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Flows that can be run. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["InstalledFlow"][];
        };
      };
      401: components["responses"]["Unauthorized"];
      500: components["responses"]["ServerError"];
    };
  };
  listInstallations: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Installations, those that are done included. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Installation"][];
        };
      };
      401: components["responses"]["Unauthorized"];
      500: components["responses"]["ServerError"];
    };
  };
  listWorkers: {
    parameters: {
      query?: {
        /** @description Only workers seen in so many last seconds; 0 means all. */
        last_seen_interval?: number;
        /** @description Only this worker. */
        worker_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The workers. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Worker"][];
        };
      };
      401: components["responses"]["Unauthorized"];
      422: components["responses"]["InvalidFields"];
    };
  };
  whoami: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      401: components["responses"]["Unauthorized"];
    };
  };
}
