/** Axes and node tests over the numbered tree. */
import { ATTRIBUTE, DOCUMENT, ELEMENT, nameKey, treeOf, type SNode } from "./tree.js";
import type { Axis, NodeTest } from "./xpath-ast.js";
import { matchesTest } from "./xpath-static.js";

/**
 * Steps an evaluation may still walk. Official rules ask of each sibling for all its siblings: a hostile document could make
 * that last for hours. Counted in nodes, not in time, so that every machine stops at the same place.
 */
export const budget = { left: Infinity };

/** More steps than a run may walk. */
export class OutOfBudget extends Error {}

function spend(): void {
  budget.left -= 1;
  if (budget.left < 0) throw new OutOfBudget("too many steps");
}

export type Walk = (node: SNode, visit: (n: SNode) => boolean) => boolean;

/** Visits the nodes of an axis that pass the test, in axis order; true when stopped. */
export function axisWalk(axis: Axis, test: NodeTest): Walk {
  const accepts = compileTest(test, axis === "attribute" ? ATTRIBUTE : ELEMENT);
  switch (axis) {
    case "child":
      return (node, visit) => {
        for (const c of node.childNodes) {
          spend();
          if (accepts(c) && visit(c)) return true;
        }
        return false;
      };
    case "attribute":
      return (node, visit) => {
        for (const a of node.attributes) if (accepts(a) && visit(a)) return true;
        return false;
      };
    case "self":
      return (node, visit) => accepts(node) && visit(node);
    case "parent":
      return (node, visit) => node.parentNode !== null && accepts(node.parentNode) && visit(node.parentNode);
    case "ancestor":
    case "ancestor-or-self":
      return (node, visit) => {
        for (let n = axis === "ancestor" ? node.parentNode : node; n; n = n.parentNode)
          if (accepts(n) && visit(n)) return true;
        return false;
      };
    case "descendant":
      return descendants(test, accepts);
    case "descendant-or-self":
      return (node, visit) => (accepts(node) && visit(node)) || below(node, accepts, visit);
    case "following-sibling":
    case "preceding-sibling":
      return siblings(axis === "following-sibling", accepts);
    case "following":
    case "preceding":
      return followingOrPreceding(axis === "following", accepts);
  }
}

type Accepts = (n: SNode) => boolean;

function compileTest(test: NodeTest, principal: number): Accepts {
  if (test.kind === "node") return () => true;
  if (test.kind !== "name") return (n) => matchesTest(n, test, principal);
  const { local, ns } = test;
  if (local !== null && ns !== null) {
    const uri = ns === "" ? null : ns;
    return (n) => n.localName === local && n.nodeType === principal && n.namespaceURI === uri;
  }
  return (n) => matchesTest(n, test, principal);
}

function below(node: SNode, accepts: Accepts, visit: (n: SNode) => boolean): boolean {
  for (const c of node.childNodes) {
    spend();
    if (accepts(c) && visit(c)) return true;
    if (c.childNodes.length > 0 && below(c, accepts, visit)) return true;
  }
  return false;
}

/** Descendants of one name come from the index of the tree, cut to the node's range. */
function descendants(test: NodeTest, accepts: Accepts): Walk {
  if (test.kind !== "name" || test.local === null || test.ns === null)
    return (node, visit) => below(node, accepts, visit);
  const key = nameKey(test.ns, test.local);
  return (node, visit) => {
    if (node.nodeType !== DOCUMENT && node.last - node.order < 24) return below(node, accepts, visit);
    const list = treeOf(node)?.byName.get(key);
    if (!list) return false;
    for (let i = firstAfter(list, node.order); i < list.length; i += 1) {
      const n = list[i];
      spend();
      if (!n || n.order > node.last) return false;
      if (visit(n)) return true;
    }
    return false;
  };
}

/** Index of the first node behind that number. */
export function firstAfter(list: readonly SNode[], order: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.order ?? Infinity) > order) high = middle;
    else low = middle + 1;
  }
  return low;
}

function siblings(forward: boolean, accepts: Accepts): Walk {
  return (node, visit) => {
    if (node.nodeType === ATTRIBUTE || !node.parentNode) return false;
    const all = node.parentNode.childNodes;
    for (let i = node.at + (forward ? 1 : -1); i >= 0 && i < all.length; i += forward ? 1 : -1) {
      const s = all[i];
      spend();
      if (s && accepts(s) && visit(s)) return true;
    }
    return false;
  };
}

function followingOrPreceding(forward: boolean, accepts: Accepts): Walk {
  const inside = (node: SNode, visit: (n: SNode) => boolean): boolean => {
    if (forward) return (accepts(node) && visit(node)) || below(node, accepts, visit);
    for (let i = node.childNodes.length - 1; i >= 0; i -= 1) {
      const c = node.childNodes[i];
      if (c && inside(c, visit)) return true;
    }
    return accepts(node) && visit(node);
  };
  return (node, visit) => {
    if (forward && node.nodeType === ATTRIBUTE && node.parentNode && below(node.parentNode, accepts, visit))
      return true;
    const start = node.nodeType === ATTRIBUTE ? node.parentNode : node;
    for (let n = start; n?.parentNode; n = n.parentNode) {
      const all = n.parentNode.childNodes;
      for (let i = n.at + (forward ? 1 : -1); i >= 0 && i < all.length; i += forward ? 1 : -1) {
        const s = all[i];
        if (s && inside(s, visit)) return true;
      }
    }
    return false;
  };
}

export const isReverse = (axis: Axis): boolean =>
  axis === "parent" || axis.startsWith("ancestor") || axis.startsWith("preceding");
