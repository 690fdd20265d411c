/** Many runs at once, few handles, layers that keep responses, files that vanish. */
import { ends, type Cell } from "../support/cell.js";

const PROGRAM = "test/surroundings/programs/many";

/** Limits how many handles the process may open. */
const limited = (handles: number, runs: number): Cell["check"] => {
  return async ({ node, run }) => {
    const command = `ulimit -n ${handles} && exec "${node}" many.js ${runs}`;
    await run("sh", ["-c", command]);
    return undefined;
  };
};

const posix = process.platform === "win32" ? "Windows knows no ulimit" : undefined;

export const many: readonly Cell[] = [
  {
    name: "300 runs at once with 120 file handles",
    program: PROGRAM,
    cannot: posix,
    check: limited(120, 300),
  },
  {
    name: "2,000 runs at once with handles in plenty",
    program: PROGRAM,
    cannot: posix,
    check: limited(16_384, 2_000),
  },
  {
    name: "1,000 runs behind a layer that forgets clones, memory and rejections",
    program: PROGRAM,
    standin: { recordLimit: 0 },
    check: ends("clones.js", "--expose-gc"),
  },
  {
    name: "the client's files vanish while it runs",
    program: PROGRAM,
    quick: true,
    standin: { faults: [{ do: "fail", error: "CUDA out of memory", nth: 4 }] },
    check: ends("gone.js"),
  },
];
