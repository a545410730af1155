/**
 * Rule contexts as XSLT match patterns. XSLT asks of a node whether a path leads to it from some ancestor; here the path is
 * followed once per document, from nodes an index finds. A node is left out only by a condition the pattern states and
 * every match must meet, so the index never changes what matches.
 */
import type { Expression } from "./rules.js";
import { ATTRIBUTE, DOCUMENT, ELEMENT, nameKey, TEXT, type SNode, type STree } from "./tree.js";
import { isBooleanExpression, matchesTest } from "./xpath-static.js";
import { isDeep, type Expr, type NodeTest, type Step } from "./xpath-ast.js";
import { XPathSyntaxError } from "./xpath-lexer.js";

/** A condition `child/@attribute = 'value'` on the node of a step. */
interface Needed {
  readonly child: string;
  readonly attribute: string;
  readonly value: string;
}

/**
 * A step with all that stands before it. Equal beginnings of contexts are one object within a schema, so that their nodes
 * are found once per document: header rules begin alike by the hundred.
 */
export interface MatchStep {
  readonly before: MatchStep | null;
  readonly step: Step;
  /** Behind `//`: what precedes may match any ancestor, not the parent only. */
  readonly deep: boolean;
  /** Only for the first step: the path starts at the root. */
  readonly anchored: boolean;
  /** A predicate may count positions: the step must be evaluated among its siblings. */
  readonly positional: boolean;
  readonly needed: Needed | null;
  /** Whose source the step is cut from. */
  readonly expression: Expression;
}

export interface MatchPattern {
  readonly expression: Expression;
  /** The last step of each alternative; null for the root alone. */
  readonly alternatives: readonly (MatchStep | null)[];
}

/** Steps already made, by their text and that of all before them. One per schema: a prefix means the same throughout. */
export type KnownSteps = Map<string, MatchStep>;

/** What decides about one step at one node: the engine in use. An error in it means: no match, as XSLT recovers. */
export interface StepJudge {
  /** All predicates of the step hold at this node, which its test already accepts. */
  holds(step: MatchStep, node: SNode): boolean;
}

/** Throws XPathSyntaxError when the expression is no match pattern. */
export function compileMatch(expression: Expression, known: KnownSteps): MatchPattern {
  const { tree } = expression;
  const items = tree.k === "union" ? tree.items : [tree];
  return { expression, alternatives: items.map((e) => alternative(e, expression, known)) };
}

function alternative(e: Expr, expression: Expression, known: KnownSteps): MatchStep | null {
  if (e.k === "root") return null;
  if (e.k !== "path") throw new XPathSyntaxError("not a match pattern", e.from);
  let last: MatchStep | null = null;
  let key = "";
  let anchored = false;
  let deep = false;
  for (const part of e.parts) {
    if (part.k === "root") anchored = true;
    else if (isDeep(part)) deep = true;
    else if (part.k === "step" && ["child", "attribute", "descendant"].includes(part.axis)) {
      // A variable may mean another thing in another rule: such steps are not shared.
      const own = expression.variables.size > 0 ? `#${known.size}` : "";
      key += `${anchored && !last ? "^" : ""}${deep ? "//" : "/"}${expression.source.slice(part.from, part.to)}${own}`;
      last = known.get(key) ?? {
        before: last,
        step: part,
        deep: deep || part.axis === "descendant",
        anchored: anchored && !last,
        positional: part.predicates.some((p) => !isBooleanExpression(p)),
        needed: neededOf(part.predicates, expression),
        expression,
      };
      known.set(key, last);
      deep = false;
    } else throw new XPathSyntaxError("not a match pattern", part.from);
  }
  if (deep) throw new XPathSyntaxError("not a match pattern", e.to);
  return last;
}

function neededOf(predicates: readonly Expr[], expression: Expression): Needed | null {
  for (const p of predicates) {
    const found = p.k === "and" ? neededOf(p.items, expression) : neededIn(p, expression);
    if (found) return found;
  }
  return null;
}

function neededIn(p: Expr, expression: Expression): Needed | null {
  if (p.k !== "compare" || p.op !== "=" || p.a.k !== "path") return null;
  const variable = p.b.k === "variable" ? expression.variables.get(p.b.name)?.expression.tree : null;
  const value = p.b.k === "string" ? p.b : variable?.k === "string" ? variable : null;
  const [child, attribute, more] = p.a.parts;
  if (!value || more || child?.k !== "step" || attribute?.k !== "step") return null;
  if (child.axis !== "child" || attribute.axis !== "attribute") return null;
  if (child.predicates.length > 0 || attribute.predicates.length > 0) return null;
  const childKey = exactName(child.test);
  const attributeKey = exactName(attribute.test);
  return childKey === null || attributeKey === null
    ? null
    : { child: childKey, attribute: attributeKey, value: value.value };
}

function exactName(test: NodeTest): string | null {
  return test.kind === "name" && test.ns !== null && test.local !== null ? nameKey(test.ns, test.local) : null;
}

/** Per document: `child attribute` to value to the parents of such children, in document order. */
const indexes = new WeakMap<STree, Map<string, Map<string, SNode[]>>>();
const NOBODY: readonly SNode[] = [];

function parentsHaving(tree: STree, { child, attribute, value }: Needed): readonly SNode[] {
  let all = indexes.get(tree);
  if (!all) indexes.set(tree, (all = new Map()));
  const key = `${child}\n${attribute}`;
  let index = all.get(key);
  if (!index) {
    const sets = new Map<string, Set<SNode>>();
    for (const element of tree.byName.get(child) ?? NOBODY) {
      for (const a of element.attributes) {
        if (nameKey(a.namespaceURI, a.localName) !== attribute || !element.parentNode) continue;
        const known = sets.get(a.data);
        if (known) known.add(element.parentNode);
        else sets.set(a.data, new Set([element.parentNode]));
      }
    }
    index = new Map([...sets].map(([v, nodes]) => [v, [...nodes].sort((x, y) => x.order - y.order)]));
    all.set(key, index);
  }
  return index.get(value) ?? NOBODY;
}

/** Nodes of a document by match step, for the time of one run. */
export type MatchedSteps = Map<MatchStep, readonly SNode[]>;

/** Nodes of the document that match; without order, and with repetition where alternatives overlap. */
export function matchedNodes(
  tree: STree,
  pattern: MatchPattern,
  judge: StepJudge,
  found: MatchedSteps,
): readonly SNode[] {
  const [only] = pattern.alternatives;
  if (only && pattern.alternatives.length === 1) return visited(tree, only, nodesOf(tree, only, judge, found));
  return pattern.alternatives.flatMap((a) => (a ? [...visited(tree, a, nodesOf(tree, a, judge, found))] : [tree.root]));
}

/**
 * The skeleton's templates walk from element to element, and from the root to all it holds: attributes, text, and comments
 * and instructions inside elements are never visited.
 */
function visited(tree: STree, { step }: MatchStep, nodes: readonly SNode[]): readonly SNode[] {
  if (step.axis === "attribute") return NOBODY;
  if (step.test.kind === "name" || step.test.kind === "element") return nodes;
  return nodes.filter((n) => n.nodeType === ELEMENT || (n.parentNode === tree.root && n.nodeType !== TEXT));
}

function nodesOf(tree: STree, match: MatchStep, judge: StepJudge, found: MatchedSteps): readonly SNode[] {
  let nodes = found.get(match);
  if (!nodes) {
    nodes = reached(tree, match, judge, found);
    if (match.step.predicates.length > 0) nodes = nodes.filter((n) => judge.holds(match, n));
    found.set(match, nodes);
  }
  return nodes;
}

/** Nodes that pass the test of a step and everything before it; its own predicates are not asked yet. */
function reached(tree: STree, match: MatchStep, judge: StepJudge, found: MatchedSteps): readonly SNode[] {
  const { before, step, deep } = match;
  const principal = step.axis === "attribute" ? ATTRIBUTE : ELEMENT;
  const accepts = (n: SNode): boolean => n.nodeType !== DOCUMENT && matchesTest(n, step.test, principal);
  if (!before) {
    const all = candidates(tree, match);
    return match.anchored && !deep ? all.filter((n) => n.parentNode === tree.root && accepts(n)) : all.filter(accepts);
  }
  const above = nodesOf(tree, before, judge, found);
  if (above.length === 0) return NOBODY;
  if (deep) {
    const inside = new Set(above);
    return candidates(tree, match).filter((n) => accepts(n) && hasAncestorIn(n, inside));
  }
  const all: SNode[] = [];
  for (const parent of above) {
    for (const n of principal === ATTRIBUTE ? parent.attributes : parent.childNodes) if (accepts(n)) all.push(n);
  }
  return all;
}

function hasAncestorIn(node: SNode, inside: ReadonlySet<SNode>): boolean {
  for (let n = node.parentNode; n; n = n.parentNode) if (inside.has(n)) return true;
  return false;
}

/** Nodes anywhere in the document that might pass a step. */
function candidates(tree: STree, { step, needed }: MatchStep): readonly SNode[] {
  const { test } = step;
  if (step.axis === "attribute") return tree.elements.flatMap((e) => e.attributes);
  if (needed) return parentsHaving(tree, needed);
  const name = exactName(test);
  if (name !== null) return tree.byName.get(name) ?? NOBODY;
  if (test.kind === "name" && test.ns === null && test.local !== null) return tree.byLocal.get(test.local) ?? NOBODY;
  if (test.kind === "name" || test.kind === "element") return tree.elements;
  return [...tree.root.childNodes, ...tree.elements.flatMap((e) => e.childNodes)];
}
