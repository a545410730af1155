/** What can be told about an expression without a document. */
import { ATTRIBUTE, COMMENT, DOCUMENT, ELEMENT, INSTRUCTION, TEXT, type SNode } from "./tree.js";
import { FN, partsOf, type Expr, type NodeTest, type Step } from "./xpath-ast.js";

const BOOLEAN_FUNCTIONS = [
  "not",
  "true",
  "false",
  "boolean",
  "exists",
  "empty",
  "contains",
  "starts-with",
  "ends-with",
  "matches",
  "doc-available",
  "deep-equal",
];

/**
 * As a predicate the expression is a plain condition: it cannot be a number, and does not ask for positions. Predicates
 * inside it have a focus of their own.
 */
export function isBooleanExpression(e: Expr): boolean {
  return isConditionShape(e) && !asksPosition(e);
}

function isConditionShape(e: Expr): boolean {
  switch (e.k) {
    case "or":
    case "and":
    case "compare":
    case "value":
    case "node":
    case "some":
    case "every":
    case "castable":
    case "union":
    case "combine":
    case "string":
      return true;
    case "call":
      return e.ns === FN && BOOLEAN_FUNCTIONS.includes(e.name);
    case "path": {
      const last = e.parts[e.parts.length - 1];
      return last !== undefined && (last.k === "step" || isConditionShape(last));
    }
    case "filter":
      return isConditionShape(e.base);
    case "if":
      return isConditionShape(e.then) && isConditionShape(e.else);
    default:
      return false;
  }
}

/** `position()` or `last()` of the focus of the expression itself. */
export function asksPosition(e: Expr | Step): boolean {
  if (e.k === "call" && e.ns === FN && e.args.length === 0 && (e.name === "position" || e.name === "last")) return true;
  if (e.k === "step") return false;
  if (e.k === "path") return e.parts[0] !== undefined && asksPosition(e.parts[0]);
  if (e.k === "filter") return asksPosition(e.base);
  return partsOf(e).some(asksPosition);
}

const WITH_DEFAULT_CONTEXT = [
  "string",
  "name",
  "local-name",
  "namespace-uri",
  "normalize-space",
  "string-length",
  "number",
  "root",
  "position",
  "last",
  "current",
];

/** The value depends on the context item, its position or the document. */
export function usesFocus(e: Expr | Step): boolean {
  if (e.k === "step" || e.k === "context" || e.k === "root") return true;
  if (e.k === "call") {
    if (e.args.length === 0 && WITH_DEFAULT_CONTEXT.includes(e.name)) return true;
    return e.args.some(usesFocus);
  }
  if (e.k === "path") return e.parts[0] === undefined || usesFocus(e.parts[0]);
  if (e.k === "filter") return usesFocus(e.base);
  return partsOf(e).some(usesFocus);
}

/** Does a node pass a node test on an axis whose principal kind is `principal`? */
export function matchesTest(node: SNode, test: NodeTest, principal: number): boolean {
  switch (test.kind) {
    case "name":
      if (node.nodeType !== principal) return false;
      if (test.local !== null && node.localName !== test.local) return false;
      return test.ns === null || (node.namespaceURI ?? "") === test.ns;
    case "node":
      return true;
    case "text":
      return node.nodeType === TEXT;
    case "comment":
      return node.nodeType === COMMENT;
    case "instruction":
      return node.nodeType === INSTRUCTION && (test.target === null || node.nodeName === test.target);
    case "document":
      return node.nodeType === DOCUMENT;
    case "element":
    case "attribute":
      if (node.nodeType !== (test.kind === "element" ? ELEMENT : ATTRIBUTE)) return false;
      return test.local === null || (node.localName === test.local && (node.namespaceURI ?? "") === (test.ns ?? ""));
  }
}
