/**
 * Hash index for `//name[@attribute = …]` and `//name[text() = …]` over whole documents: value sets and terminologies are
 * asked for one code at a time. The predicates are still evaluated on what the index gives.
 */
import { DOCUMENT, ELEMENT, TEXT, nameKey, treeOf, type SNode, type STree } from "./tree.js";
import { FN, isDeep, type Expr, type Step } from "./xpath-ast.js";
import type { Code, Focus } from "./xpath-code.js";
import { usesFocus } from "./xpath-static.js";
import { atomize, Untyped } from "./xpath-values.js";

const SMALL = 32;
/** Per document: `element attribute` (or `element text()`) to value to elements. */
const indexes = new WeakMap<STree, Map<string, Map<string, SNode[]>>>();

/** null when the step has no such predicate. At run time null when the index does not apply: scan instead. */
export function lookup(
  step: Step,
  compile: (e: Expr) => Code,
): ((node: SNode, f: Focus) => readonly SNode[] | null) | null {
  const { test } = step;
  if (test.kind !== "name" || test.local === null || test.ns === null) return null;
  const key = nameKey(test.ns, test.local);
  for (const p of step.predicates.flatMap((e) => (e.k === "and" ? e.items : [e]))) {
    if (p.k !== "compare" || p.op !== "=" || usesFocus(p.b)) continue;
    const what = indexed(p.a);
    if (what === null) continue;
    const wanted = compile(p.b);
    return (node, f) => {
      if (node.nodeType !== DOCUMENT) return null;
      const tree = treeOf(node);
      const all = tree?.byName.get(key);
      if (!tree || !all || all.length < SMALL) return null;
      const index = indexOf(tree, `${key}\n${what}`, all, what);
      const values = wanted.all(f).map(atomize);
      const [only] = values;
      if (values.length !== 1 || (typeof only !== "string" && !(only instanceof Untyped))) return null;
      return index.get(typeof only === "string" ? only : only.text) ?? [];
    };
  }
  return null;
}

/** Parts of `exists(doc(uri)//name[text() = wanted])`. */
export interface TextLookup {
  readonly uri: Expr;
  /** As `nameKey`. */
  readonly name: string;
  readonly wanted: Expr;
}

/**
 * The question the terminology rules ask, code by code, of documents with a hundred thousand elements. A set of texts answers it: the
 * condition is the whole predicate, so that there is nothing else to ask of an element. Null for any other expression.
 */
export function textLookup(e: Expr | Step): TextLookup | null {
  if (e.k !== "call" || e.ns !== FN || e.name !== "exists" || e.args.length !== 1) return null;
  const [path] = e.args;
  if (path?.k !== "path") return null;
  const [call, deep, step, more] = path.parts;
  if (more || call?.k !== "call" || !deep || !isDeep(deep) || step?.k !== "step" || step.axis !== "child") return null;
  const [uri, other] = call.args;
  if (call.ns !== FN || (call.name !== "doc" && call.name !== "document") || !uri || other) return null;
  const { test, predicates } = step;
  const [condition, second] = predicates;
  if (test.kind !== "name" || test.local === null || test.ns === null) return null;
  if (condition?.k !== "compare" || condition.op !== "=" || second || usesFocus(condition.b)) return null;
  return indexed(condition.a) === "text()" ? { uri, name: nameKey(test.ns, test.local), wanted: condition.b } : null;
}

function indexed(e: Expr): string | null {
  if (e.k !== "path" || e.parts.length !== 1) return null;
  const [step] = e.parts;
  if (step?.k !== "step" || step.predicates.length > 0) return null;
  if (step.axis === "child" && step.test.kind === "text") return "text()";
  if (step.axis !== "attribute" || step.test.kind !== "name" || step.test.ns === null || step.test.local === null)
    return null;
  return nameKey(step.test.ns, step.test.local);
}

function indexOf(tree: STree, key: string, elements: readonly SNode[], what: string): Map<string, SNode[]> {
  let all = indexes.get(tree);
  if (!all) indexes.set(tree, (all = new Map()));
  let index = all.get(key);
  if (index) return index;
  index = new Map();
  for (const element of elements) {
    const values = new Set<string>();
    if (what === "text()") for (const c of element.childNodes) if (c.nodeType === TEXT) values.add(c.data);
    if (what !== "text()" && element.nodeType === ELEMENT) {
      for (const a of element.attributes) if (nameKey(a.namespaceURI, a.localName) === what) values.add(a.data);
    }
    for (const v of values) {
      const known = index.get(v);
      if (known) known.push(element);
      else index.set(v, [element]);
    }
  }
  all.set(key, index);
  return index;
}
