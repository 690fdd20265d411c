/** One cell of the matrix: a program in one environment, and a check that it works there. */
import { createProject, type Project, type ProjectOptions } from "./project.js";

export interface Cell extends ProjectOptions {
  readonly name: string;
  /** Takes only seconds, so it also runs in the ordinary tests. */
  readonly quick?: true;
  /** Throws if something is wrong. May return a detail worth printing. */
  check(project: Project): Promise<string | undefined>;
  /** The known bug that makes it fail today, in a few words. */
  readonly fails?: string;
  /** Why it cannot run on this machine, if so. */
  readonly cannot?: string | undefined;
}

/** Runs a cell in its own project. */
export async function runCell(cell: Cell): Promise<string | undefined> {
  const project = await createProject(cell);
  try {
    return await cell.check(project);
  } finally {
    await project.close();
  }
}

/** A check that runs one file, and passes if that exits with 0. */
export function ends(file: string, ...flags: string[]): Cell["check"] {
  return async ({ node, run }) => {
    await run(node, [...flags, file]);
    return undefined;
  };
}
