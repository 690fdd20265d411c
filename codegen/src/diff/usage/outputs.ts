/** Finds code that relies on an output: by the kind of its files, or by the id of its node. */
import { Node, SyntaxKind, type SourceFile } from "ts-morph";
import type { LostOutput } from "../change.js";
import type { Call } from "./calls.js";

/** A place, and what to show of it. */
interface Use {
  readonly node: Node;
  readonly what: string;
}

/**
 * The uses in a file that calls the flow. The source does not tell which flow's file an expression holds, so
 * code that names the kind or the node is reported for every flow that the file calls.
 */
export function usesOfOutput(file: SourceFile, calls: readonly Call[], lost: LostOutput): Use[] {
  if (calls.length === 0) return [];
  const named = file
    .getDescendants()
    .filter(
      (node) => (lost.isKindLost && namesKind(node, lost.kind)) || namesNode(node, lost.node),
    );
  return [
    // If the flow made nothing else, every call concerns that kind.
    ...(lost.isKindLost && lost.wasOnlyKind ? calls.map(({ node }) => use(node)) : []),
    ...named.map((node) => use(node.getParentOrThrow())),
  ];
}

function use(node: Node): Use {
  return { node, what: node.getText().split("\n")[0] ?? "" };
}

/** `file.kind === "video"`, `file.is("video")`, `ResultFile<"video">`. */
function namesKind(node: Node, kind: string): boolean {
  if (!Node.isStringLiteral(node) || node.getLiteralText() !== kind) return false;
  const parent = node.getParent();
  if (Node.isBinaryExpression(parent)) return comparesMember(parent, "kind");
  if (Node.isCallExpression(parent)) return memberName(parent.getExpression()) === "is";
  if (Node.isCaseClause(parent)) {
    const choice = parent.getFirstAncestorByKind(SyntaxKind.SwitchStatement);
    return memberName(choice?.getExpression()) === "kind";
  }
  return Node.isLiteralTypeNode(parent) && Node.isTypeReference(parent.getParent());
}

/** `file.nodeId === 9`. */
function namesNode(node: Node, id: number): boolean {
  if (!Node.isNumericLiteral(node) || node.getLiteralValue() !== id) return false;
  const parent = node.getParent();
  return Node.isBinaryExpression(parent) && comparesMember(parent, "nodeId");
}

function comparesMember(node: Node, name: string): boolean {
  if (!Node.isBinaryExpression(node)) return false;
  return [node.getLeft(), node.getRight()].some((side) => memberName(side) === name);
}

/** `kind` of `file.kind`, and of `kind`. */
function memberName(node: Node | undefined): string | undefined {
  if (Node.isPropertyAccessExpression(node)) return node.getName();
  return Node.isIdentifier(node) ? node.getText() : undefined;
}
