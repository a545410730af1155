/**
 * How far the terminology rules reach. They look a code up only when the tree has a file for its code system: every other code
 * passes unread. A plain checkout lacks the largest of these files.
 */
import { byCodeUnit } from "../../core/model/index.js";
import { attr, elements, type XmlNode } from "../../protocols/xml.js";
import type { OfficialTree } from "./tree.js";

const MAX_SYSTEMS = 50;

/** Code systems of the codes the rules look at (`code`, `value`) that have no terminology in the tree, sorted. */
export function uncheckedSystems(root: XmlNode, entry: string, tree: OfficialTree): readonly string[] {
  const folder = entry.split("/").slice(0, -2).join("/");
  const used = new Set<string>();
  const queue = [root];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (node.name === "code" || node.name === "value") {
      const system = attr(node, "codeSystem");
      if (system !== null && /^\d+(?:\.\d+)+$/.test(system)) used.add(system);
    }
    for (const child of elements(node)) queue.push(child);
  }
  return [...used]
    .filter((system) => tree.files.read(`${folder}/terminologie/${system}.rdf`) === null)
    .sort(byCodeUnit)
    .slice(0, MAX_SYSTEMS);
}
