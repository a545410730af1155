/**
 * XPath 2.0 to closures over the numbered tree: the fast evaluator. It covers what rules are made of; an expression with
 * anything else is not compiled (NotFast), and an evaluation that meets an error is done again by fontoxpath, so that
 * errors have one source.
 */
import { FN, freeVariables, XS, type Expr, type ExprOf, type GeneralOperator } from "./xpath-ast.js";
import { fromAll, fromOne, fromTest, type Code, type Focus } from "./xpath-code.js";
import { castableText, compileCall, countItems } from "./xpath-functions.js";
import { compilePath, filterCounting } from "./xpath-path.js";
import { isBooleanExpression, usesFocus } from "./xpath-static.js";
import { SNode } from "./tree.js";
import {
  atomize,
  compareGeneral,
  compareValue,
  NotFast,
  sortNodes,
  Untyped,
  type Atomic,
  type Item,
} from "./xpath-values.js";

/** Object that stands for a variable of the schema, null when unknown. */
export type Slots = (name: string) => object | null;

/** Throws NotFast when the expression is not covered. */
export function compileFast(e: Expr, slots: Slots): Code {
  return new Compiler(slots).compile(e, []);
}

class Compiler {
  private readonly slots: Slots;
  constructor(slots: Slots) {
    this.slots = slots;
  }

  /** `names`: variables of for, some and every around the expression; their values lie in the frame by index. */
  compile(e: Expr, names: readonly string[]): Code {
    const sub = (inner: Expr): Code => this.compile(inner, names);
    switch (e.k) {
      case "string": {
        const { value } = e;
        return fromOne(() => value);
      }
      case "number":
        return this.number(e);
      case "context":
        return fromOne((f) => f.node());
      case "root":
        return this.compile({ k: "path", from: e.from, to: e.to, parts: [e] }, names);
      case "variable":
        return this.variable(e, names);
      case "sequence":
        return sequence(e.items.map(sub));
      case "call":
        return compileCall(e, sub);
      case "or": {
        const items = e.items.map(sub);
        return fromTest((f) => items.some((i) => i.test(f)));
      }
      case "and": {
        const items = e.items.map(sub);
        return fromTest((f) => items.every((i) => i.test(f)));
      }
      case "compare":
        return this.compare(e, names);
      case "value":
        return valueComparison(e.op, sub(e.a), sub(e.b));
      case "if": {
        const [test, yes, no] = [sub(e.test), sub(e.then), sub(e.else)];
        const pick = (f: Focus): Code => (test.test(f) ? yes : no);
        return {
          all: (f) => pick(f).all(f),
          each: (f, visit) => pick(f).each(f, visit),
          test: (f) => pick(f).test(f),
          distinct: yes.distinct && no.distinct,
          single: yes.single && no.single,
        };
      }
      case "for":
      case "some":
      case "every":
        return this.binding(e, names);
      case "union":
        return union(e.items.map(sub));
      case "combine":
        return combine(e.op, sub(e.a), sub(e.b));
      case "castable":
        return castable(e, sub(e.a));
      case "path":
        return compilePath(e, sub);
      case "filter":
        return this.filter(e, names);
      default:
        throw new NotFast(e.k);
    }
  }

  private number(e: ExprOf<"number">): Code {
    if (e.type === "decimal") throw new NotFast("decimal");
    const value = e.type === "integer" ? BigInt(e.text) : Number(e.text);
    return fromOne(() => value);
  }

  private variable({ name }: ExprOf<"variable">, names: readonly string[]): Code {
    const at = names.lastIndexOf(name);
    if (at >= 0) return fromAll((f) => f.frame[at] ?? []);
    const slot = this.slots(name);
    if (!slot) throw new NotFast(`variable ${name}`);
    return fromAll((f) => f.env.variable(slot));
  }

  private binding(e: ExprOf<"for" | "some" | "every">, names: readonly string[]): Code {
    const source = this.compile(e.in, names);
    const body = this.compile(e.body, [...names, e.name]);
    const at = names.length;
    const items = (f: Focus): readonly Item[] => source.all(f);
    if (e.k === "for") {
      return fromAll((f) =>
        items(f).flatMap((item) => {
          f.frame[at] = [item];
          return [...body.all(f)];
        }),
      );
    }
    const holds = (f: Focus, item: Item): boolean => {
      f.frame[at] = [item];
      return body.test(f);
    };
    return e.k === "some"
      ? fromTest((f) => items(f).some((i) => holds(f, i)))
      : fromTest((f) => items(f).every((i) => holds(f, i)));
  }

  private filter(e: ExprOf<"filter">, names: readonly string[]): Code {
    const base = this.compile(e.base, names);
    const predicates = e.predicates.map((p) => ({ code: this.compile(p, names), plain: isBooleanExpression(p) }));
    return fromAll((f) => {
      let list = base.all(f);
      for (const p of predicates) {
        if (!p.plain) {
          list = filterCounting(list, p.code, f);
          continue;
        }
        const inner = f.inner(null, 1, 1);
        list = list.filter((item) => {
          inner.item = item;
          return p.code.test(inner);
        });
      }
      return list;
    });
  }

  private compare(e: ExprOf<"compare">, names: readonly string[]): Code {
    const counted = this.countComparison(e, names);
    if (counted) return counted;
    const { op } = e;
    const [a, b] = [this.compile(e.a, names), this.compile(e.b, names)];
    if ((op === "=" || op === "!=") && e.b.k === "string") return textComparison(op, a, e.b.value);
    if (op === "=" && isConstantPath(e.b) && names.length === 0) return membership(a, b);
    return fromTest((f) => {
      // The right side is read once; it is mostly a literal or a variable.
      let right: Atomic[] | null = null;
      return a.each(f, (x) => {
        right ??= b.all(f).map(atomize);
        const left = atomize(x);
        return right.some((y) => compareGeneral(op, left, y));
      });
    });
  }

  /** `count(…) >= 2` and the like need no integers made and, for small numbers, no complete count. */
  private countComparison(e: ExprOf<"compare">, names: readonly string[]): Code | null {
    const { a, b, op } = e;
    if (a.k !== "call" || a.ns !== FN || a.name !== "count" || a.args.length !== 1) return null;
    const [argument] = a.args;
    if (!argument || b.k !== "number" || b.type !== "integer") return null;
    const code = this.compile(argument, names);
    const limit = Number(b.text);
    return fromTest((f) => compareNumbers(op, countItems(code, f), limit));
  }
}

function compareNumbers(op: GeneralOperator, a: number, b: number): boolean {
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

function textComparison(op: "=" | "!=", a: Code, literal: string): Code {
  return fromTest((f) =>
    a.each(f, (item) => {
      const value = atomize(item);
      if (typeof value === "string") return (value === literal) === (op === "=");
      if (value instanceof Untyped) return (value.text === literal) === (op === "=");
      return compareGeneral(op, value, literal);
    }),
  );
}

/** Values of a document of the rule tree do not change: read once as a set. */
function membership(a: Code, b: Code): Code {
  const sets = new WeakMap<object, { texts: Set<string>; values: Atomic[] }>();
  return fromTest((f) => {
    let known = sets.get(f.env.documents);
    if (!known) {
      const values = b.all(f).map(atomize);
      const texts = new Set<string>();
      for (const v of values) {
        if (typeof v !== "string" && !(v instanceof Untyped)) throw new NotFast("typed values in a document");
        texts.add(typeof v === "string" ? v : v.text);
      }
      known = { texts, values };
      sets.set(f.env.documents, known);
    }
    const { texts, values } = known;
    return a.each(f, (item) => {
      const value = atomize(item);
      if (typeof value === "string") return texts.has(value);
      if (value instanceof Untyped) return texts.has(value.text);
      return values.some((v) => compareGeneral("=", value, v));
    });
  });
}

/** A path that starts at a document named by a literal, and depends on nothing else. */
function isConstantPath(e: Expr): boolean {
  if (e.k !== "path") return false;
  const [first] = e.parts;
  if (first?.k !== "call" || first.ns !== FN || (first.name !== "doc" && first.name !== "document")) return false;
  return first.args[0]?.k === "string" && first.args.length === 1 && !usesFocus(e) && freeVariables(e).size === 0;
}

function valueComparison(op: GeneralOperator, a: Code, b: Code): Code {
  return fromOne((f) => {
    const [left, right] = [a.all(f), b.all(f)];
    const [x, y] = [left[0], right[0]];
    if (left.length > 1 || right.length > 1) throw new NotFast("value comparison of several items");
    if (x === undefined || y === undefined) return null;
    return compareValue(op, atomize(x), atomize(y));
  });
}

function sequence(items: readonly Code[]): Code {
  return {
    all: (f) => items.flatMap((i) => [...i.all(f)]),
    each: (f, visit) => items.some((i) => (i.distinct ? i.each(f, visit) : i.all(f).some(visit))),
    test: (f) => fromAll((g) => items.flatMap((i) => [...i.all(g)])).test(f),
    distinct: false,
    single: items.length === 0,
  };
}

function union(items: readonly Code[]): Code {
  const nodes = (item: Item): boolean => {
    if (!(item instanceof SNode)) throw new NotFast("union of values");
    return true;
  };
  return {
    all: (f) => sortNodes(items.flatMap((i) => [...i.all(f)]).filter(nodes)),
    each: (f, visit) => items.some((i) => i.each(f, (item) => nodes(item) && visit(item))),
    test: (f) => items.some((i) => i.each(f, nodes)),
    distinct: false,
    single: false,
  };
}

function combine(op: "intersect" | "except", a: Code, b: Code): Code {
  return fromAll((f) => {
    const right = new Set(b.all(f));
    const left = sortNodes([...a.all(f)]);
    if (left.some((i) => !(i instanceof SNode)) || [...right].some((i) => !(i instanceof SNode)))
      throw new NotFast("values");
    return left.filter((i) => right.has(i) === (op === "intersect"));
  });
}

function castable(e: ExprOf<"castable">, a: Code): Code {
  const [ns, type = ""] = e.type.split(" ");
  if (ns !== XS) throw new NotFast("type");
  return fromTest((f) => {
    const items = a.all(f);
    const [only] = items;
    if (items.length > 1) return false;
    if (only === undefined) return e.optional;
    const known = castableText(type, atomize(only));
    if (known === null) throw new NotFast(`castable as ${type}`);
    return known;
  });
}
