/** `tasks.d.ts`: types of the task endpoints, made by openapi-typescript from the repository's own description. */
import { parseJson } from "../json/parse.js";
import { Place } from "../json/pointer.js";
import { checkReferences } from "../model/reference.js";
import { HEADER } from "./header.js";

/** Path of the types in the generated folder. */
export const TASKS_PATH = "tasks.d.ts";

/** The types of a description's endpoints, formatted. Loads its packages only now: they are slow to load. */
export async function emitTasksTypes(description: string): Promise<string> {
  const root = new Place(parseJson(description));
  // openapi-typescript would fetch what a foreign reference names.
  checkReferences(root, root);
  const [{ default: openapiTS, astToString }, { format }] = await Promise.all([
    import("openapi-typescript"),
    import("prettier"),
  ]);
  const types = astToString(
    await openapiTS(description, {
      defaultNonNullable: false,
      rootTypes: true,
      rootTypesNoSchemaPrefix: true,
    }),
  );
  return format(`${HEADER}\n${types}`, { parser: "typescript", printWidth: 100 });
}
