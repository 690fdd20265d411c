/** The calls of flows in a source file: by imported name, by namespace, and through the map of all flows. */
/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- ts-morph makes each node of the class of its kind; the rule sees only their shapes */
import { Node, SyntaxKind, type SourceFile } from "ts-morph";

/** A flow referenced in code. */
export interface Reference {
  readonly flow: string;
  /** The name in the code. */
  readonly node: Node;
}

/** A place in the code with parameters for a flow. */
export interface Call extends Reference {
  /** The parameters; undefined when the call has none. */
  readonly params: Node | undefined;
}

/** The names under which flows are imported. */
export interface FlowNames {
  /** Name of a function → flow id. */
  readonly functions: ReadonlyMap<string, string>;
  /** Name of a parameter type → flow id. */
  readonly types: ReadonlyMap<string, string>;
  readonly ids: ReadonlySet<string>;
}

/** The uses of flows in a file. */
export interface FlowUse {
  readonly file: SourceFile;
  /** Where flows are imported, or looked up in the map of all flows. */
  readonly references: readonly Reference[];
  readonly calls: readonly Call[];
}

/** Finds the uses of flows in a file. Only imports count; other things of the same name are ignored. */
export function flowUse(file: SourceFile, names: FlowNames): FlowUse {
  const imported = importsOf(file, names);
  const references = [...imported.references];
  const calls: Call[] = [];
  const idOf = (node: Node | undefined): string | undefined => flowOf(node, imported, names);
  file.forEachDescendant((node) => {
    if (Node.isElementAccessExpression(node) || Node.isPropertyAccessExpression(node)) {
      const flow = idOf(node);
      if (flow !== undefined) references.push({ flow, node });
    }
    if (Node.isCallExpression(node)) {
      const args = node.getArguments();
      const called = idOf(node.getExpression());
      if (called !== undefined) calls.push({ flow: called, node, params: args[1] });
      // A flow passed to a function, such as `plan(flow, params)`: its parameters are the next argument.
      args.forEach((arg, index) => {
        const flow = idOf(arg);
        if (flow !== undefined) calls.push({ flow, node, params: args[index + 1] });
      });
    }
    const typed = typedParams(node, imported, names);
    if (typed !== undefined) calls.push(typed);
  });
  return { file, references, calls };
}

interface Imports {
  readonly references: readonly Reference[];
  /** Local name → flow id. */
  readonly functions: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, string>;
  /** Local names of whole modules. */
  readonly modules: ReadonlySet<string>;
  /** Local names of the map of all flows, and of the type of that map. */
  readonly maps: ReadonlySet<string>;
}

function importsOf(file: SourceFile, names: FlowNames): Imports {
  const references: Reference[] = [];
  const functions = new Map<string, string>();
  const types = new Map<string, string>();
  const modules = new Set<string>();
  const maps = new Set<string>();
  const add = (imported: string, local: string, node: Node): void => {
    const byFunction = names.functions.get(imported);
    const byType = names.types.get(imported);
    if (byFunction !== undefined) functions.set(local, byFunction);
    if (byType !== undefined) types.set(local, byType);
    if (imported === "flows" || imported === "FlowParams") maps.add(local);
    const flow = byFunction ?? byType;
    if (flow !== undefined) references.push({ flow, node });
  };
  for (const declaration of file.getImportDeclarations()) {
    for (const specifier of declaration.getNamedImports()) {
      const imported = specifier.getName();
      add(imported, specifier.getAliasNode()?.getText() ?? imported, specifier);
    }
    const namespace = declaration.getNamespaceImport();
    if (namespace !== undefined) modules.add(namespace.getText());
  }
  // const { flow } = await import("…"), and the same with require.
  for (const declaration of file.getDescendantsOfKind(SyntaxKind.VariableDeclaration)) {
    if (!/^(?:await import|require)\(/.test(declaration.getInitializer()?.getText() ?? ""))
      continue;
    const pattern = declaration.getNameNode();
    if (Node.isIdentifier(pattern)) modules.add(pattern.getText());
    if (!Node.isObjectBindingPattern(pattern)) continue;
    for (const element of pattern.getElements()) {
      add(
        element.getPropertyNameNode()?.getText() ?? element.getName(),
        element.getName(),
        element,
      );
    }
  }
  return { references, functions, types, modules, maps };
}

/** The flow that an expression refers to. */
function flowOf(node: Node | undefined, imported: Imports, names: FlowNames): string | undefined {
  if (Node.isIdentifier(node)) return imported.functions.get(node.getText());
  if (Node.isPropertyAccessExpression(node)) {
    const owner = node.getExpression();
    if (isMap(owner, imported)) return known(node.getName(), names);
    const isModule = Node.isIdentifier(owner) && imported.modules.has(owner.getText());
    return isModule ? names.functions.get(node.getName()) : undefined;
  }
  if (Node.isElementAccessExpression(node) && isMap(node.getExpression(), imported)) {
    const key = node.getArgumentExpression();
    return Node.isStringLiteral(key) ? known(key.getLiteralText(), names) : undefined;
  }
  return undefined;
}

function isMap(node: Node, { maps, modules }: Imports): boolean {
  if (Node.isIdentifier(node)) return maps.has(node.getText());
  return (
    Node.isPropertyAccessExpression(node) &&
    node.getName() === "flows" &&
    modules.has(node.getExpression().getText())
  );
}

function known(id: string, { ids }: FlowNames): string | undefined {
  return ids.has(id) ? id : undefined;
}

/** Parameters written apart from the call, whose type names their flow. */
function typedParams(node: Node, imported: Imports, names: FlowNames): Call | undefined {
  if (!Node.isVariableDeclaration(node) && !Node.isSatisfiesExpression(node)) return undefined;
  const flow = flowOfType(node.getTypeNode(), imported, names);
  const params = Node.isVariableDeclaration(node) ? node.getInitializer() : node.getExpression();
  return flow === undefined || params === undefined ? undefined : { flow, node, params };
}

function flowOfType(
  type: Node | undefined,
  imported: Imports,
  names: FlowNames,
): string | undefined {
  if (Node.isTypeReference(type)) return imported.types.get(type.getTypeName().getText());
  if (!Node.isIndexedAccessTypeNode(type)) return undefined;
  if (!imported.maps.has(type.getObjectTypeNode().getText())) return undefined;
  const key = /^["'](.*)["']$/.exec(type.getIndexTypeNode().getText())?.[1];
  return key === undefined ? undefined : known(key, names);
}
