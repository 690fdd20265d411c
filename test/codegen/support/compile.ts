/** Type-checks texts in memory, against the real runtime, with every strict flag. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

/** The flags that generated code must compile under. */
const FLAGS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: [
    "lib.es2022.d.ts",
    "lib.dom.d.ts",
    "lib.dom.iterable.d.ts",
    "lib.dom.asynciterable.d.ts",
    "lib.esnext.disposable.d.ts",
  ],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  declaration: true,
  erasableSyntaxOnly: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
  paths: { "visionatrix-client": [resolve("src/index.ts")] },
};

/** Libraries and the runtime are parsed once for all programs of a test file. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** The errors in those files (path below a virtual folder → text), as `path(line): message`. */
export function typeErrors(
  files: ReadonlyMap<string, string>,
  options: ts.CompilerOptions = FLAGS,
): string[] {
  const root = resolve("out/virtual");
  const virtual = new Map([...files].map(([path, text]) => [join(root, path), text]));
  const folders = new Set([...virtual.keys()].flatMap(ancestors));
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (path) => virtual.has(path) || existsSync(path);
  host.directoryExists = (path) => folders.has(path) || existsSync(path);
  host.readFile = (path) => virtual.get(path) ?? ts.sys.readFile(path);
  host.getSourceFile = (path, languageVersion) => {
    const text = virtual.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, languageVersion, true);
    if (!parsed.has(path)) parsed.set(path, getSourceFile(path, languageVersion));
    return parsed.get(path);
  };
  const program = ts.createProgram([...virtual.keys()], options, host);
  return [...virtual.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    return [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ].map(({ start = 0, messageText }) => {
      const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${path.slice(root.length + 1)}(${line}): ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  });
}

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...ancestors(parent)];
}
