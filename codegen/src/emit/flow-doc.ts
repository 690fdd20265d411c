/** The documentation of a flow's function: what it runs, and an example that compiles. */
import type { ParameterModel } from "../model/flow.js";
import type { FlowView } from "./flow-view.js";
import {
  comment,
  commentName,
  docComment,
  exampleImport,
  exampleMember,
  exampleVariable,
  functionName,
  joinComment,
  type Code,
  type Comment,
} from "./safe-text.js";

/** The documentation of a flow's function. */
export function functionDoc({ names, properties, runtime }: FlowView): Code {
  const fn = functionName(names.id);
  const shown = properties.filter((parameter) => parameter.required);
  const prompt = properties.find(({ name, kind }) => name === "prompt" && kind === "text");
  if (shown.length === 0 && prompt !== undefined) shown.push(prompt);
  const needsFile = shown.some(({ kind }) => kind === "file");
  const members = shown.map((parameter) => exampleParameter(parameter));
  const params = members.length === 0 ? comment`{}` : comment`{ ${joinComment(members, ", ")} }`;
  const example = [
    ...exampleImports(fn, names.stem, runtime),
    comment``,
    comment`const client = createClient({ baseUrl: "http://localhost:8288" });`,
    ...(needsFile
      ? [comment`const file = await (await fetch("https://example.com/input")).blob();`]
      : []),
    comment`const { files } = await ${commentName(fn)}(client, ${params}).result();`,
  ];
  return docComment(comment`Runs the flow \`${names.id}\`.`, 0, { example });
}

/**
 * A relative runtime means that the modules are generated into the client package itself, whose users
 * import them by the package's name.
 */
function exampleImports(fn: Code, stem: string, runtime: string): Comment[] {
  const isOwn = runtime.startsWith(".");
  return [
    exampleImport("createClient", isOwn ? "visionatrix-client" : runtime),
    exampleImport(fn, isOwn ? `visionatrix-client/flows/${stem}` : `./${stem}.js`),
  ];
}

function exampleParameter(parameter: ParameterModel): Comment {
  const { name, kind, choices, min = 0 } = parameter;
  switch (kind) {
    case "file":
      return exampleVariable(name, "file");
    case "choice":
      return exampleMember(name, choices?.[0] ?? "");
    case "boolean":
      return exampleMember(name, true);
    case "number":
    case "integer":
      return exampleMember(name, min);
    case "text":
      return exampleMember(name, "a lighthouse at dawn");
  }
}
