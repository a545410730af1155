/** Paths: steps one inside the other, without building the lists between them. */
import { axisWalk, isReverse, type Walk } from "./xpath-axes.js";
import { isDeep, type Axis, type Expr, type ExprOf, type Step } from "./xpath-ast.js";
import { fromOne, type Code, type Focus, type Visit } from "./xpath-code.js";
import { lookup } from "./xpath-lookup.js";
import { asksPosition, isBooleanExpression } from "./xpath-static.js";
import { SNode } from "./tree.js";
import { NotFast, sortNodes, type Item } from "./xpath-values.js";

export type Compile = (e: Expr) => Code;

/** Visits what one part of a path gives for one node. */
type Part = (node: SNode, f: Focus, visit: Visit) => boolean;

/** How the nodes reached so far lie: none inside another, or perhaps nested, or in no known order. */
type Shape = "flat" | "nested" | "unordered";

interface Before {
  readonly shape: Shape;
  readonly distinct: boolean;
  readonly single: boolean;
}

interface Built extends Before {
  readonly part: Part;
}

export function compilePath(e: ExprOf<"path">, compile: Compile): Code {
  let built: Part[] = [];
  let before: Before = { shape: "flat", distinct: true, single: true };
  let first: Code | null = null;
  for (const [n, part] of fuse(e.parts).entries()) {
    if (n === 0 && part.k !== "step") {
      first = part.k === "root" ? rootCode : compile(part);
      if (!first.single) before = { shape: "unordered", distinct: false, single: false };
      continue;
    }
    if (part.k !== "step" && (before.shape === "unordered" || !before.distinct)) {
      // Values keep the order of the nodes they come from: those must be in order, once each.
      const soFar = finish(first, built, before);
      first = { ...soFar, each: (f, visit) => soFar.all(f).some(visit), distinct: true };
      built = [];
    }
    const made = part.k === "step" ? stepPart(part, compile, before) : exprPart(part, compile, before);
    built.push(made.part);
    before = made;
  }
  return finish(first, built, before);
}

function finish(first: Code | null, parts: readonly Part[], { shape, distinct, single }: Before): Code {
  const walk = chain(parts);
  const start = first;
  const each = (f: Focus, visit: Visit): boolean => {
    if (start) return start.each(f, (item) => walk(nodeIn(item), f, visit));
    return walk(nodeIn(f.node()), f, visit);
  };
  const ordered = shape !== "unordered" && distinct;
  return {
    each,
    all: (f) => {
      const found: Item[] = [];
      each(f, (item) => {
        found.push(item);
        return false;
      });
      return ordered || found.length < 2 ? found : sortNodes(found);
    },
    test: (f) => testOf(each, f),
    distinct,
    single,
  };
}

/** The first item decides when it is a node; else the value must be alone. */
function testOf(each: Code["each"], f: Focus): boolean {
  let value: Item | null = null;
  const stopped = each(f, (item) => {
    if (item instanceof SNode) return true;
    if (value !== null) throw new NotFast("no boolean value of several items");
    value = item;
    return false;
  });
  if (stopped || value === null) return stopped;
  return fromOne(() => value).test(f);
}

function nodeIn(item: Item): SNode {
  if (item instanceof SNode) return item;
  throw new NotFast("a step needs a node");
}

const rootCode = fromOne((f) => {
  let n = nodeIn(f.node());
  while (n.parentNode) n = n.parentNode;
  return n;
});

function chain(parts: readonly Part[]): Part {
  const [only, second, ...more] = parts;
  if (!only) return (node, _f, visit) => visit(node);
  if (!second) return only;
  const rest = chain([second, ...more]);
  return (node, f, visit) => only(node, f, (item) => rest(nodeIn(item), f, visit));
}

/** `//name` is one step when its predicates cannot count positions. */
function fuse(parts: readonly (Expr | Step)[]): (Expr | Step)[] {
  const fused: (Expr | Step)[] = [];
  for (const part of parts) {
    const before = fused[fused.length - 1];
    if (
      part.k === "step" &&
      part.axis === "child" &&
      before &&
      isDeep(before) &&
      part.predicates.every(isBooleanExpression)
    ) {
      fused[fused.length - 1] = { ...part, axis: "descendant" };
    } else fused.push(part);
  }
  return fused;
}

function after(axis: Axis, { shape, distinct, single }: Before): { shape: Shape; distinct: boolean } {
  switch (axis) {
    case "self":
      return { shape, distinct };
    case "attribute":
      return { shape, distinct };
    case "child":
      return { shape: shape === "flat" ? "flat" : "unordered", distinct };
    case "descendant":
    case "descendant-or-self":
      return shape === "flat" ? { shape: "nested", distinct } : { shape: "unordered", distinct: false };
    case "parent":
      return single ? { shape: "flat", distinct: true } : { shape: "unordered", distinct: false };
    case "following-sibling":
      return single ? { shape: "flat", distinct: true } : { shape: "unordered", distinct: false };
    default:
      return { shape: "unordered", distinct: single };
  }
}

function stepPart(step: Step, compile: Compile, before: Before): Built {
  const walk = axisWalk(step.axis, step.test);
  const { shape, distinct } = after(step.axis, before);
  const named = step.test.kind === "name" && step.test.local !== null && step.test.ns !== null;
  const single =
    before.single && (step.axis === "self" || step.axis === "parent" || (step.axis === "attribute" && named));
  const conditions = step.predicates.map((p) => ({ code: compile(p), plain: isBooleanExpression(p) }));
  if (conditions.length === 0) return { part: (node, _f, visit) => walk(node, visit), shape, distinct, single };
  if (conditions.every((c) => c.plain)) {
    const tests = conditions.map((c) => c.code);
    const plain = plainPart(walk, tests);
    const find = step.axis === "descendant" ? lookup(step, compile) : null;
    if (!find) return { part: plain, shape, distinct, single };
    const part: Part = (node, f, visit) => {
      const found = find(node, f);
      return found ? plainPart((_n, v) => found.some(v), tests)(node, f, visit) : plain(node, f, visit);
    };
    return { part, shape, distinct, single };
  }
  return {
    part: countingPart(
      walk,
      conditions.map((c) => c.code),
      isReverse(step.axis),
    ),
    shape,
    distinct,
    single,
  };
}

/** Predicates that are conditions: asked of each node as it comes. */
function plainPart(walk: Walk, tests: readonly Code[]): Part {
  const [only] = tests;
  if (only && tests.length === 1) {
    return (node, f, visit) => {
      const inner = f.inner(null, 1, 1);
      return walk(node, (n) => {
        inner.item = n;
        return only.test(inner) && visit(n);
      });
    };
  }
  return (node, f, visit) => {
    const inner = f.inner(null, 1, 1);
    return walk(node, (n) => {
      inner.item = n;
      for (const t of tests) if (!t.test(inner)) return false;
      return visit(n);
    });
  };
}

/** Predicates that may count: the nodes are listed in axis order first. */
function countingPart(walk: Walk, tests: readonly Code[], reverse: boolean): Part {
  return (node, f, visit) => {
    let list: SNode[] = [];
    walk(node, (n) => {
      list.push(n);
      return false;
    });
    for (const t of tests) list = filterCounting(list, t, f) as SNode[];
    if (reverse) list.reverse();
    for (const n of list) if (visit(n)) return true;
    return false;
  };
}

/** Items kept by a predicate: a number means that position, anything else its boolean value. */
export function filterCounting(list: readonly Item[], predicate: Code, f: Focus): Item[] {
  return list.filter((item, i) => {
    const inner = f.inner(item, i + 1, list.length);
    const value = predicate.all(inner);
    const [only] = value;
    if (value.length === 1 && (typeof only === "bigint" || typeof only === "number")) return Number(only) === i + 1;
    return predicate.test(inner);
  });
}

/** An expression as a step: evaluated with each node as context item. */
function exprPart(e: Expr, compile: Compile, before: Before): Built {
  if (asksPosition(e)) throw new NotFast("position in a step");
  const code = compile(e);
  const single = before.single && code.single;
  return {
    part: (node, f, visit) => code.each(f.inner(node, 1, 1), visit),
    shape: single ? "flat" : "unordered",
    distinct: single,
    single,
  };
}
