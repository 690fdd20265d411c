/**
 * `npx tsx bench/diff.ts`: how long `vix-codegen diff` takes for 2,600 flows against 2,600 with 100 edits,
 * compared with a process that only reads both documents and compares their members, in the same run. Needs a
 * build (`make build`). Prints a table, and exits with 1 if the limit is exceeded.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const FLOWS = 2_600;
const EDITS = 100;
const RUNS = 10;
const COMMAND = new URL("../codegen/bin/vix-codegen.js", import.meta.url).pathname;
/** Limit for a diff, in times the plain comparison. */
const LIMIT = 4;
/** The least work of any diff: reads both documents, and finds the members that differ. */
const PLAIN = `
  const { readFileSync } = require("node:fs");
  const { isDeepStrictEqual } = require("node:util");
  const [old, now] = process.argv.slice(1).map((path) => JSON.parse(readFileSync(path, "utf8")));
  for (const [a, b] of [[old.paths, now.paths], [old.components.schemas, now.components.schemas]])
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
      if (!isDeepStrictEqual(a[name], b[name])) console.log(name);
`;

type Schema = Record<string, unknown>;
interface Document {
  paths: Record<string, unknown>;
  components: { schemas: Record<string, { properties: Record<string, Schema> }> };
}

/** The snapshot's flows, each many times under other names. */
function manyFlows(): Document {
  const url = new URL("../specs/flows.openapi.json", import.meta.url);
  const source = JSON.parse(readFileSync(url, "utf8")) as Document;
  const ids = Object.keys(source.components.schemas).map((name) => name.slice("TaskRun_".length));
  const many: Document = { ...source, paths: {}, components: { schemas: {} } };
  for (let index = 0; index < FLOWS; index += 1) {
    const id = ids[index % ids.length] ?? "";
    const copy = `${id}_${Math.floor(index / ids.length)}`;
    const path = JSON.stringify(source.paths[`/vapi/tasks/create/${id}`]);
    many.paths[`/vapi/tasks/create/${copy}`] = JSON.parse(
      path.replace(`TaskRun_${id}"`, `TaskRun_${copy}"`),
    );
    const schema = source.components.schemas[`TaskRun_${id}`];
    if (schema !== undefined) many.components.schemas[`TaskRun_${copy}`] = structuredClone(schema);
  }
  return many;
}

/** A hundred edits of five kinds, spread over the document. */
function edit(document: Document): Document {
  const edited = structuredClone(document);
  const names = Object.keys(edited.components.schemas);
  for (let index = 0; index < EDITS; index += 1) {
    const name = names[index * Math.floor(names.length / EDITS)] ?? "";
    const properties = edited.components.schemas[name]?.properties ?? {};
    const own = Object.keys(properties).filter((key) => "description" in (properties[key] ?? {}));
    const last = properties[own.at(-1) ?? ""];
    if (last === undefined) continue;
    if (index % 5 === 0) properties[`extra_${index}`] = { type: "string", description: "Extra" };
    else if (index % 5 === 1) last["description"] = `Label ${index}`;
    else if (index % 5 === 2) Reflect.deleteProperty(properties, own.at(-1) ?? "");
    else if (index % 5 === 3)
      properties["priority"] = { type: "integer", minimum: 0, maximum: 20, default: 0 };
    else {
      const id = name.slice("TaskRun_".length);
      Reflect.deleteProperty(edited.paths, `/vapi/tasks/create/${id}`);
      Reflect.deleteProperty(edited.components.schemas, name);
    }
  }
  for (const schema of Object.values(edited.components.schemas) as {
    properties: object;
    required?: string[];
  }[]) {
    if (schema.required !== undefined)
      schema.required = schema.required.filter((key) => key in schema.properties);
  }
  return edited;
}

/** The fastest run, which is least affected by other programs. */
function fastest(values: readonly number[]): number {
  return Math.min(...values);
}

/** Makes the process print its processor time at its end, for all its threads. */
const CPU_METER =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();' +
  "process.stderr.write(`cpu=${(user+system)/1e3}`)})";

interface Run {
  readonly ms: number;
  readonly cpuMs: number;
  readonly out: string;
}

function run(args: readonly string[]): Run {
  const started = performance.now();
  const command = ["--import", CPU_METER, ...args];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    maxBuffer: 64e6,
  });
  if (status !== 0) throw new Error(stderr);
  const cpuMs = Number(/cpu=([\d.]+)$/.exec(stderr)?.[1]);
  return { ms: performance.now() - started, cpuMs, out: stdout };
}

const folder = mkdtempSync(join(tmpdir(), "vix-bench-diff-"));
try {
  const before = manyFlows();
  const [old, now] = [join(folder, "old.json"), join(folder, "new.json")];
  writeFileSync(old, JSON.stringify(before));
  writeFileSync(now, JSON.stringify(edit(before)));
  const runs = ["text", "markdown", "json", "github"].map((format) => {
    const all = Array.from({ length: RUNS }, () =>
      run([COMMAND, "diff", old, now, "--format", format]),
    );
    return {
      format,
      ms: fastest(all.map(({ ms }) => ms)),
      cpuMs: fastest(all.map(({ cpuMs }) => cpuMs)),
      chars: all[0]?.out.length ?? 0,
    };
  });
  const plain = fastest(Array.from({ length: RUNS }, () => run(["-e", PLAIN, old, now]).ms));
  const load = `${loadavg()[0]?.toFixed(1) ?? "?"} on ${availableParallelism()} processors`;
  console.log(
    `${FLOWS} flows against ${FLOWS} with ${EDITS} edits; fastest of ${RUNS} runs; load ${load}\n`,
  );
  console.log(
    `| format | whole process, ms | × plain comparison (limit ${LIMIT}) | processor, ms | characters |`,
  );
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const { format, ms, cpuMs, chars } of runs) {
    const ratio = (ms / plain).toFixed(2);
    console.log(`| ${format} | ${ms.toFixed(0)} | ${ratio} | ${cpuMs.toFixed(0)} | ${chars} |`);
  }
  console.log(
    `\nThe plain comparison reads both and names the members that differ: ${plain.toFixed(0)} ms.`,
  );
  if (runs.some(({ ms }) => ms > LIMIT * plain)) process.exitCode = 1;
} finally {
  if (process.env["KEEP"] === undefined) rmSync(folder, { recursive: true, force: true });
  else console.log(folder);
}
