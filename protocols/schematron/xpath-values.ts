/**
 * Values of XPath 2.0 in the fast evaluator. xs:string is a string, xs:boolean a boolean, xs:double a number, xs:integer a
 * bigint; a node is a node. Whatever has no exact counterpart here (decimals, dates…) is left to fontoxpath.
 */
import { SNode, stringValue } from "./tree.js";
import type { GeneralOperator } from "./xpath-ast.js";

/** xs:untypedAtomic: what a node of a document without schema atomizes to. */
export class Untyped {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** xs:QName; equal when namespace and local name are. */
export class QualifiedName {
  readonly ns: string;
  readonly local: string;
  constructor(ns: string, local: string) {
    this.ns = ns;
    this.local = local;
  }
}

/** xs:dateTime of years 1 to 9999, as milliseconds; `zoned` when it states its zone. */
export class Instant {
  readonly time: number;
  readonly zoned: boolean;
  constructor(time: number, zoned: boolean) {
    this.time = time;
    this.zoned = zoned;
  }
}

export type Atomic = string | boolean | number | bigint | Untyped | QualifiedName | Instant;
export type Item = SNode | Atomic;

/** The fast evaluator leaves this expression to fontoxpath: not covered, or an error that fontoxpath must name. */
export class NotFast extends Error {}

export const isNode = (item: Item): item is SNode => item instanceof SNode;

export function atomize(item: Item): Atomic {
  return item instanceof SNode ? new Untyped(stringValue(item)) : item;
}

/** Text of an item where a string is expected and untyped data are cast: nodes, strings, untyped values. */
export function textOf(item: Item): string {
  if (item instanceof SNode) return stringValue(item);
  if (typeof item === "string") return item;
  if (item instanceof Untyped) return item.text;
  throw new NotFast("a string is expected");
}

/** What fn:string gives. */
export function toText(item: Item): string {
  if (item instanceof SNode) return stringValue(item);
  if (item instanceof Untyped) return item.text;
  if (typeof item === "number") return doubleText(item);
  if (item instanceof QualifiedName || item instanceof Instant) throw new NotFast("text of this type");
  return String(item);
}

/** Canonical form of xs:double in XPath 2.0: plain between 0.000001 and 1000000, else with an exponent. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "INF" : "-INF";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const size = Math.abs(value);
  if (size >= 1e-6 && size < 1e6)
    return String(value).includes("e") ? value.toFixed(20).replace(/0+$/, "") : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
}

const DOUBLE = /^[ \t\r\n]*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN)[ \t\r\n]*$/;

/** Text as xs:double; NaN for `NaN`, null when it is no double. `+INF` is not in the lexical space of XSD 1.0. */
export function parseDouble(text: string): number | null {
  const found = DOUBLE.exec(text)?.[1];
  if (found === undefined || found === "+INF") return null;
  if (found === "INF") return Infinity;
  if (found === "-INF") return -Infinity;
  return Number(found);
}

/** Effective boolean value. */
export function effectiveBoolean(items: readonly Item[]): boolean {
  const first = items[0];
  if (first === undefined) return false;
  if (first instanceof SNode) return true;
  if (items.length > 1) throw new NotFast("no boolean value of several items");
  return atomicBoolean(first);
}

export function atomicBoolean(value: Atomic): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value !== "";
  if (typeof value === "number") return !Number.isNaN(value) && value !== 0;
  if (typeof value === "bigint") return value !== 0n;
  if (value instanceof Untyped) return value.text !== "";
  throw new NotFast("no boolean value");
}

function ordered(
  op: GeneralOperator,
  a: number | string | bigint | boolean,
  b: number | string | bigint | boolean,
): boolean {
  switch (op) {
    case "=":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

const SURROGATE = /[\ud800-\udfff]/;

/** Strings compare by code point, as the default collation; UTF-16 order differs from it only beyond the first plane. */
function compareText(op: GeneralOperator, a: string, b: string): boolean {
  if (op === "=" || op === "!=") return ordered(op, a, b);
  if (SURROGATE.test(a) || SURROGATE.test(b)) throw new NotFast("characters beyond the first plane");
  return ordered(op, a, b);
}

/** Comparison of two typed values, as a value comparison does after casts. */
function compareTyped(op: GeneralOperator, a: Atomic, b: Atomic): boolean {
  if (typeof a === "string" && typeof b === "string") return compareText(op, a, b);
  if (typeof a === "bigint" && typeof b === "bigint") return ordered(op, a, b);
  const numeric = (v: Atomic): v is number | bigint => typeof v === "number" || typeof v === "bigint";
  if (numeric(a) && numeric(b)) return ordered(op, Number(a), Number(b));
  if (typeof a === "boolean" && typeof b === "boolean") return ordered(op, a, b);
  if (a instanceof QualifiedName && b instanceof QualifiedName && (op === "=" || op === "!=")) {
    return (a.ns === b.ns && a.local === b.local) === (op === "=");
  }
  // Without a zone the official engine takes its own; only alike may be compared here.
  if (a instanceof Instant && b instanceof Instant && a.zoned === b.zoned) return ordered(op, a.time, b.time);
  throw new NotFast("values that do not compare");
}

function untypedAs(other: Atomic, untyped: Untyped): Atomic {
  if (typeof other === "string" || other instanceof Untyped) return untyped.text;
  if (typeof other === "number" || typeof other === "bigint") {
    const value = parseDouble(untyped.text);
    if (value === null) throw new NotFast("not a number");
    return value;
  }
  throw new NotFast("untyped against another type");
}

/** One pair of a general comparison: untyped against a number is a number, against text is text. */
export function compareGeneral(op: GeneralOperator, a: Atomic, b: Atomic): boolean {
  const left = a instanceof Untyped ? untypedAs(b, a) : a;
  const right = b instanceof Untyped ? untypedAs(a, b) : b;
  return compareTyped(op, left, right);
}

/** A value comparison: untyped is always text. */
export function compareValue(op: GeneralOperator, a: Atomic, b: Atomic): boolean {
  return compareTyped(op, a instanceof Untyped ? a.text : a, b instanceof Untyped ? b.text : b);
}

/** Document order, each node once. */
export function sortNodes(items: Item[]): Item[] {
  let sorted = true;
  let before: SNode | null = null;
  for (const item of items) {
    if (!(item instanceof SNode)) {
      if (items.some((i) => i instanceof SNode)) throw new NotFast("nodes mixed with values");
      return items;
    }
    if (before && (before.order >= item.order || rootOf(before) !== rootOf(item))) sorted = false;
    before = item;
  }
  if (sorted) return items;
  const nodes = items as SNode[];
  const root = nodes[0] ? rootOf(nodes[0]) : null;
  if (nodes.some((n) => rootOf(n) !== root)) throw new NotFast("nodes of several documents");
  nodes.sort((x, y) => x.order - y.order);
  return nodes.filter((n, i) => n !== nodes[i - 1]);
}

function rootOf(node: SNode): SNode {
  let n = node;
  while (n.parentNode) n = n.parentNode;
  return n;
}
