/** Determines what an expression passes for a parameter, as far as the source code tells. */
/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- ts-morph makes each node of the class of its kind; the rule sees only their shapes */
import { Node, VariableDeclarationKind, type ObjectLiteralExpression } from "ts-morph";
import type { Passed } from "./affects.js";

/** Limit on following names from file to file, which may also go in circles. */
const FARTHEST = 8;

/** What the object passed as `expression` holds for `parameter`, and where. */
export function passedIn(
  expression: Node | undefined,
  parameter: string,
  distance = 0,
): { readonly passed: Passed; readonly node: Node | undefined } {
  if (expression === undefined) return { passed: { kind: "left-out" }, node: undefined };
  const object = follow(expression, distance);
  if (!Node.isObjectLiteralExpression(object)) {
    return { passed: { kind: "hidden" }, node: undefined };
  }
  return inObject(object, parameter, distance);
}

function inObject(
  object: ObjectLiteralExpression,
  parameter: string,
  distance: number,
): ReturnType<typeof passedIn> {
  // The last one wins.
  for (const member of object.getProperties().reverse()) {
    if (Node.isSpreadAssignment(member)) {
      const found = passedIn(member.getExpression(), parameter, distance + 1);
      if (found.passed.kind !== "left-out") return found;
    } else if (Node.isPropertyAssignment(member)) {
      const key = member.getNameNode();
      if (Node.isComputedPropertyName(key)) {
        const computed = literalsOf(key.getExpression(), distance);
        if (computed === undefined) return { passed: { kind: "hidden" }, node: member };
        if (computed.length !== 1 || String(computed[0]) !== parameter) continue;
      } else if (memberName(key) !== parameter) continue;
      return { passed: valueOf(member.getInitializer(), distance), node: member };
    } else if (member.getName() === parameter) {
      const value = Node.isShorthandPropertyAssignment(member) ? member.getNameNode() : undefined;
      return { passed: valueOf(value, distance), node: member };
    }
  }
  return { passed: { kind: "left-out" }, node: undefined };
}

function memberName(key: Node): string {
  return Node.isStringLiteral(key) || Node.isNoSubstitutionTemplateLiteral(key)
    ? key.getLiteralText()
    : key.getText();
}

function valueOf(node: Node | undefined, distance: number): Passed {
  // The client treats an undefined parameter as omitted.
  if (node?.getText() === "undefined") return { kind: "left-out" };
  const values = node === undefined ? undefined : literalsOf(node, distance);
  return values === undefined ? { kind: "unknown" } : { kind: "known", values };
}

/** All values that an expression can have; undefined when some are not in the source. */
function literalsOf(node: Node, distance: number): (string | number | boolean)[] | undefined {
  const target = follow(node, distance);
  if (Node.isStringLiteral(target) || Node.isNoSubstitutionTemplateLiteral(target)) {
    return [target.getLiteralText()];
  }
  if (Node.isNumericLiteral(target)) return [target.getLiteralValue()];
  if (Node.isTrueLiteral(target)) return [true];
  if (Node.isFalseLiteral(target)) return [false];
  if (Node.isPrefixUnaryExpression(target)) {
    const operand = literalsOf(target.getOperand(), distance + 1);
    return target.getText().startsWith("-") && typeof operand?.[0] === "number"
      ? [-operand[0]]
      : undefined;
  }
  if (Node.isConditionalExpression(target)) {
    const sides = [target.getWhenTrue(), target.getWhenFalse()].map((side) =>
      literalsOf(side, distance + 1),
    );
    return sides.includes(undefined) ? undefined : sides.flatMap((side) => side ?? []);
  }
  return undefined;
}

/** The expression that a name refers to, without type-only syntax. */
function follow(node: Node, distance: number): Node {
  if (
    Node.isAsExpression(node) ||
    Node.isSatisfiesExpression(node) ||
    Node.isParenthesizedExpression(node) ||
    Node.isNonNullExpression(node)
  ) {
    return follow(node.getExpression(), distance);
  }
  if (!Node.isIdentifier(node) || distance >= FARTHEST) return node;
  const declaration = declarationOf(node);
  if (!Node.isVariableDeclaration(declaration)) return node;
  // The source does not tell the current value of a `let`.
  const isConstant =
    declaration.getVariableStatement()?.getDeclarationKind() === VariableDeclarationKind.Const;
  const value = declaration.getInitializer();
  return isConstant && value !== undefined ? follow(value, distance + 1) : node;
}

function declarationOf(node: Node): Node | undefined {
  const parent = node.getParent();
  const symbol = Node.isShorthandPropertyAssignment(parent)
    ? parent.getValueSymbol()
    : node.getSymbol();
  return (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations()[0];
}
