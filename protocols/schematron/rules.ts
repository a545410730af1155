/** What a compiled schematron is made of, once phase, abstract patterns and extended rules are gone. */
import type { MatchPattern } from "./match.js";
import type { Expr } from "./xpath-ast.js";
import type { Prefixes } from "./xpath-parser.js";

/** A variable of the schema. Global when `rule` is false: evaluated once per document, at its root. */
export interface Let {
  readonly name: string;
  /** Set once its own variables are known; see MAX_COPIES. */
  copies: number;
  readonly global: boolean;
  readonly expression: Expression;
}

export interface Scope {
  readonly binding: Let;
  readonly outer: Scope | null;
}

/** An expression with everything needed to evaluate it: source, tree, prefixes, variables in scope. */
export interface Expression {
  readonly source: string;
  readonly tree: Expr;
  readonly prefixes: Prefixes;
  /** Variables it uses, resolved. */
  readonly variables: ReadonlyMap<string, Let>;
}

export type MessagePart = string | Expression;

export interface Assertion {
  readonly key: string;
  readonly check: Check;
}

/** An assertion as written; rules that extend the same abstract rule share it. */
export interface Check {
  readonly kind: "assert" | "report";
  readonly role: string | null;
  readonly see: string | null;
  readonly test: Expression;
  readonly message: readonly MessagePart[];
}

export interface Rule {
  readonly context: string;
  readonly match: MatchPattern;
  readonly assertions: readonly Assertion[];
}

export interface Pattern {
  readonly id: string | null;
  readonly rules: readonly Rule[];
}

/** White space as in normalize-space. */
export const collapse = (text: string): string => text.replace(/[ \t\r\n]+/g, " ").trim();
