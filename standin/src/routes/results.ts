/** Downloads of a task's results and input files. */
import { Checks } from "../http/checks.js";
import { BareError, HttpError } from "../http/errors.js";
import { fileReply } from "../http/range.js";
import type { Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import { archive, filesOf, mediaTypeOf } from "../tasks/files.js";
import { extensionOf } from "../tasks/references.js";
import { ownOrAdminTask, ownTask } from "./access.js";

const WHOLE_BATCH = -1;

async function handleResults(context: Context): Promise<Reply> {
  const { app, query, req } = context;
  const checks = new Checks();
  const id = checks.integer(["query", "task_id"], query.get("task_id"));
  const node = checks.integer(["query", "node_id"], query.get("node_id"));
  const index = Number(
    checks.integer(["query", "batch_index"], query.get("batch_index"), { fallback: 0n }),
  );
  checks.done();
  const task = ownTask(context, id);
  if (task.progress < 100) throw new HttpError(400, `Task \`${id}\` is not completed yet.`);
  const output = task.outputs.find((one) => BigInt(one.node) === node);
  if (output === undefined) {
    throw new HttpError(404, `No such node in the flow for task=\`${id}\`.`);
  }
  const files = filesOf(task, output);
  if (files.length === 0 || index >= files.length) {
    throw new HttpError(404, `Missing result for task=\`${id}\` and node=\`${node}\`.`);
  }
  if (index === WHOLE_BATCH) {
    return {
      status: 200,
      headers: {
        "content-type": "application/zip",
        "content-disposition": `attachment; filename=${id}_${node}_results.zip`,
      },
      body: await archive(files, app.blobs),
    };
  }
  const file = files.at(index);
  if (file === undefined) throw new BareError("batch_index is out of range");
  const extension = extensionOf(file.name);
  const stem = file.name.slice(0, file.name.length - extension.length).replace(/_$/, "");
  const headers = {
    "content-type": mediaTypeOf(extension),
    "content-disposition": `attachment; filename="${stem}${extension}"`,
  };
  return fileReply({ blob: file.blob, modified: file.modified, headers }, req.headers, app.blobs);
}

function handleInputs(context: Context): Reply {
  const { app, query, req } = context;
  const checks = new Checks();
  const id = checks.integer(["query", "task_id"], query.get("task_id"));
  const index = checks.integer(["query", "input_index"], query.get("input_index"));
  checks.done();
  const task = ownOrAdminTask(context, id);
  const file = task.inputs.at(Number(index));
  if (file === undefined) throw new BareError("input_index is out of range");
  if (file.gone) {
    throw new HttpError(404, `Task(${id}): input file \`${file.name}\` was not found.`);
  }
  const headers = { "content-type": mediaTypeOf(extensionOf(file.name)) };
  return fileReply({ blob: file.blob, modified: app.startedAt, headers }, req.headers, app.blobs);
}

export const resultRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/vapi/tasks/results",
    endpoint: "results",
    doc: {
      summary: "A file that a task made",
      query: [
        { name: "task_id", type: "integer" },
        { name: "node_id", type: "integer" },
        { name: "batch_index", type: "integer", default: 0 },
      ],
    },
    handle: handleResults,
  },
  {
    method: "GET",
    path: "/vapi/tasks/inputs",
    endpoint: "inputs",
    doc: {
      summary: "A file that a task was given",
      query: [
        { name: "task_id", type: "integer" },
        { name: "input_index", type: "integer" },
      ],
    },
    handle: handleInputs,
  },
];
