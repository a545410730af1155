/** Syntax tree of XPath 2.0, as the parser makes it and the compilers read it. Offsets are characters of the source. */

export type Axis =
  | "child"
  | "descendant"
  | "descendant-or-self"
  | "attribute"
  | "self"
  | "parent"
  | "ancestor"
  | "ancestor-or-self"
  | "following"
  | "following-sibling"
  | "preceding"
  | "preceding-sibling";

/** Test of a step. `ns` null with `local` given means any namespace; `kind` "name" with `local` null means any name. */
export type NodeTest =
  | { readonly kind: "name"; readonly ns: string | null; readonly local: string | null }
  | { readonly kind: "node" | "text" | "comment" | "document" }
  | { readonly kind: "instruction"; readonly target: string | null }
  | { readonly kind: "element" | "attribute"; readonly ns: string | null; readonly local: string | null };

export interface Step {
  readonly k: "step";
  readonly from: number;
  readonly to: number;
  readonly axis: Axis;
  readonly test: NodeTest;
  readonly predicates: readonly Expr[];
}

export type GeneralOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

interface Bodies {
  number: { readonly type: "integer" | "decimal" | "double"; readonly text: string };
  string: { readonly value: string };
  variable: { readonly name: string };
  context: object;
  root: object;
  sequence: { readonly items: readonly Expr[] };
  call: { readonly ns: string; readonly name: string; readonly args: readonly Expr[] };
  or: { readonly items: readonly Expr[] };
  and: { readonly items: readonly Expr[] };
  /** General comparison. */
  compare: { readonly op: GeneralOperator; readonly a: Expr; readonly b: Expr };
  /** Value comparison, its operator written as the general one. */
  value: { readonly op: GeneralOperator; readonly a: Expr; readonly b: Expr };
  node: { readonly op: "is" | "<<" | ">>"; readonly a: Expr; readonly b: Expr };
  arithmetic: { readonly op: "+" | "-" | "*" | "div" | "idiv" | "mod"; readonly a: Expr; readonly b: Expr };
  negate: { readonly a: Expr };
  range: { readonly a: Expr; readonly b: Expr };
  union: { readonly items: readonly Expr[] };
  combine: { readonly op: "intersect" | "except"; readonly a: Expr; readonly b: Expr };
  if: { readonly test: Expr; readonly then: Expr; readonly else: Expr };
  for: { readonly name: string; readonly in: Expr; readonly body: Expr };
  some: { readonly name: string; readonly in: Expr; readonly body: Expr };
  every: { readonly name: string; readonly in: Expr; readonly body: Expr };
  castable: { readonly a: Expr; readonly type: string; readonly optional: boolean };
  cast: { readonly a: Expr; readonly type: string; readonly optional: boolean };
  /** `instance of` and `treat as`: parsed, left to fontoxpath. */
  typed: { readonly a: Expr };
  /** Steps and expressions from left to right; the first may be the root. */
  path: { readonly parts: readonly (Expr | Step)[] };
  filter: { readonly base: Expr; readonly predicates: readonly Expr[] };
}

export type ExprKind = keyof Bodies;
export type ExprOf<K extends ExprKind> = { readonly k: K; readonly from: number; readonly to: number } & Bodies[K];
export type Expr = { [K in ExprKind]: ExprOf<K> }[ExprKind];

export const FN = "http://www.w3.org/2005/xpath-functions";
export const XS = "http://www.w3.org/2001/XMLSchema";

/** What `//` stands for between two steps. */
export const DEEP: Step = {
  k: "step",
  axis: "descendant-or-self",
  test: { kind: "node" },
  predicates: [],
  from: 0,
  to: 0,
};
export const isDeep = (part: Expr | Step): boolean => part === DEEP;

/** Names of the free variables of an expression. */
export function freeVariables(
  expr: Expr | Step,
  bound: readonly string[] = [],
  found = new Set<string>(),
): Set<string> {
  if (expr.k === "variable") {
    if (!bound.includes(expr.name)) found.add(expr.name);
  } else if (expr.k === "for" || expr.k === "some" || expr.k === "every") {
    freeVariables(expr.in, bound, found);
    freeVariables(expr.body, [...bound, expr.name], found);
  } else for (const part of partsOf(expr)) freeVariables(part, bound, found);
  return found;
}

/** Sub-expressions, predicates included. */
export function partsOf(expr: Expr | Step): readonly (Expr | Step)[] {
  switch (expr.k) {
    case "step":
      return expr.predicates;
    case "sequence":
    case "or":
    case "and":
    case "union":
      return expr.items;
    case "call":
      return expr.args;
    case "compare":
    case "value":
    case "node":
    case "arithmetic":
    case "range":
    case "combine":
      return [expr.a, expr.b];
    case "negate":
    case "cast":
    case "castable":
    case "typed":
      return [expr.a];
    case "if":
      return [expr.test, expr.then, expr.else];
    case "for":
    case "some":
    case "every":
      return [expr.in, expr.body];
    case "path":
      return expr.parts;
    case "filter":
      return [expr.base, ...expr.predicates];
    default:
      return [];
  }
}
