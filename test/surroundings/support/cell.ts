/** One cell of the matrix: a program in one surrounding, and whether it does there what it should. */
import { createProject, type Project, type ProjectOptions } from "./project.js";

export interface Cell extends ProjectOptions {
  readonly name: string;
  /** Runs in the ordinary tests too: a matter of seconds. */
  readonly quick?: true;
  /** Throws when something is not as it should be; may say what is worth knowing. */
  check(project: Project): Promise<string | undefined>;
  /** The fault that makes it fail today, in a few words. */
  readonly fails?: string;
  /** Why it cannot run on this machine, if so. */
  readonly cannot?: string | undefined;
}

/** Runs a cell in a project of its own. */
export async function runCell(cell: Cell): Promise<string | undefined> {
  const project = await createProject(cell);
  try {
    return await cell.check(project);
  } finally {
    await project.close();
  }
}

/** A check that runs one file and is content when it ends well. */
export function ends(file: string, ...flags: string[]): Cell["check"] {
  return async ({ node, run }) => {
    await run(node, [...flags, file]);
    return undefined;
  };
}
