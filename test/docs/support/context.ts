/**
 * The context of a fragment of a page: names that earlier blocks of the page have introduced. The lines for
 * the names that a fragment uses but does not declare are added after it, so that its own lines keep their
 * numbers.
 */
import ts from "typescript";

const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  "visionatrix-client": ["createClient", "createWebhookReceiver", "SubmitUncertainError", "plan"],
  "visionatrix-client/flows": [
    ...["sdxlLighting", "removeBackgroundBirefnet", "supirUpscaler"],
    "flows",
  ],
  "visionatrix-client/node": ["fileFromPath", "saveFiles"],
  "visionatrix-client/proxy": ["createProxy"],
  "visionatrix-ai-provider": ["createVisionatrix"],
  "visionatrix-standin": ["startStandin"],
};

const DECLARED: Readonly<Record<string, string>> = {
  auth: "{ username: string; password: string }",
  baseUrl: "string",
  client: 'import("visionatrix-client").Client',
  files: 'readonly import("visionatrix-client").ResultFile<"image">[]',
  job: "{ id: string }",
  picture: 'import("visionatrix-client").ResultFile<"image">',
  prompt: "string",
  run: 'import("visionatrix-client").Run<"image">',
  signal: "AbortSignal",
  task: 'import("visionatrix-client").Task<"image">',
  vix: 'import("visionatrix-standin").Standin',
};

/** The lines to add to a fragment. */
export function contextOf(fragment: string): string {
  const { used, declared } = namesOf(fragment);
  const missing = [...used].filter((name) => !declared.has(name));
  return missing
    .flatMap((name) => {
      const source = Object.keys(IMPORTS).find((each) => IMPORTS[each]?.includes(name));
      if (source) return [`import { ${name} } from "${source}";`];
      return Object.hasOwn(DECLARED, name) ? [`declare const ${name}: ${DECLARED[name]};`] : [];
    })
    .join("\n");
}

function namesOf(text: string): { used: Set<string>; declared: Set<string> } {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) (isDeclaration(node) ? declared : used).add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("fragment.tsx", text, ts.ScriptTarget.Latest, true));
  return { used, declared };
}

function isDeclaration(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isBindingElement(parent) ||
      ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isImportSpecifier(parent) ||
      ts.isImportClause(parent) ||
      ts.isNamespaceImport(parent) ||
      ts.isFunctionDeclaration(parent)) &&
    parent.name === node
  );
}
