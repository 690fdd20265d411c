/** One program in every supported runtime: Node, Deno, Bun, and Workers in workerd. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { sendFile, startResultServer } from "../../support/result-server.js";
import type { Cell } from "../support/cell.js";
import type { Project } from "../support/project.js";

const PROGRAM = "test/surroundings/programs/runtimes";

/** Larger than the pieces that are written or freed at once. */
const large = Uint8Array.from({ length: 5_000_000 }, (_, index) => (index * 7919) % 251);

/** Runs a command with the program. Returns the runtime's version. */
async function works(
  { run }: Project,
  [file = "", ...args]: readonly string[],
  program = "program.js",
): Promise<string> {
  const results = await startResultServer((asked, response) => sendFile(asked, response, large));
  try {
    const printed = await run(file, [...args, program], {
      VIX_LARGE_URL: results.url,
      VIX_LARGE_SHA256: createHash("sha256").update(large).digest("hex"),
    });
    assert.equal(
      printed.trim(),
      '["image/png",true,true,true,"InvalidParamsError","AbortError",true,true]',
    );
  } finally {
    results.close();
  }
  return (await run(file, ["--version"])).split("\n")[0] ?? "";
}

/** The configuration of workerd: the program may reach the stand-in, and nothing listens. */
const workerd = (url: string): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .program),
    (name = "internet", network = (allow = ["private", "public"])),
  ],
);
const program :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "bundle.js")],
  compatibilityDate = "2025-09-01",
  bindings = [(name = "VIX_URL", text = ${JSON.stringify(url)})],
);
`;

async function inWorkers(project: Project): Promise<string> {
  const { folder, standin, bin } = project;
  await build({
    entryPoints: [join(folder, "worker.js")],
    outfile: join(folder, "bundle.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
  });
  await writeFile(join(folder, "config.capnp"), workerd(standin.url));
  return works(project, [bin("workerd"), "test"], "config.capnp");
}

export const runtimes: readonly Cell[] = [
  { name: "Node 20", program: PROGRAM, check: (project) => works(project, [project.node]) },
  {
    name: "Node 22",
    program: PROGRAM,
    node: 22,
    check: (project) => works(project, [project.node]),
  },
  {
    name: "Node 24",
    program: PROGRAM,
    node: 24,
    check: (project) => works(project, [project.node]),
  },
  {
    name: "Deno",
    program: PROGRAM,
    peers: ["deno"],
    check: (project) => works(project, [project.bin("deno"), "run", "--allow-all"]),
  },
  {
    name: "Bun",
    program: PROGRAM,
    peers: ["bun"],
    check: (project) => works(project, [project.bin("bun"), "run"]),
  },
  { name: "Workers, by workerd", program: PROGRAM, peers: ["workerd"], check: inWorkers },
];
