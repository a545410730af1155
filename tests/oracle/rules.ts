/** The rules of an expanded, numbered schematron (`number.xsl`), as the oracle needs them: where they apply and what they test. */
import { readFileSync } from "node:fs";
import { parseXml, type XmlNode } from "../../protocols/xml.js";

export interface NumberedAssertion {
  /** `a12`. */
  readonly id: string;
  readonly kind: "assert" | "report";
  readonly test: string;
  readonly role: string | null;
}

export interface NumberedRule {
  /** `r3`. */
  readonly id: string;
  readonly context: string;
  /** Place among the patterns of the schematron (abstract ones gone), and among the concrete rules of its pattern; from 0. */
  readonly pattern: number;
  readonly patternId: string | null;
  readonly place: number;
  /** In the order they are tried, those of extended rules where they are called. */
  readonly assertions: readonly NumberedAssertion[];
}

export interface NumberedSchema {
  readonly rules: readonly NumberedRule[];
  /** Rules of patterns that the default phase switches on; all when there is none. */
  readonly active: readonly NumberedRule[];
}

export function readNumbered(file: string): NumberedSchema {
  const root = parseXml(readFileSync(file), { maxNodes: 20_000_000 });
  const phaseName = attribute(root, "defaultPhase");
  const phase = elements(root, "phase").find((each) => attribute(each, "id") === phaseName);
  const switched = phase ? new Set(elements(phase, "active").map((each) => attribute(each, "pattern"))) : null;
  const patterns = elements(root, "pattern").filter((pattern) => attribute(pattern, "abstract") !== "true");
  const abstracts = new Map<string, XmlNode>();
  for (const pattern of elements(root, "pattern")) {
    for (const rule of elements(pattern, "rule")) {
      const id = attribute(rule, "id");
      if (attribute(rule, "abstract") === "true" && id !== null) abstracts.set(id, rule);
    }
  }
  const rules: NumberedRule[] = [];
  const active: NumberedRule[] = [];
  patterns.forEach((pattern, index) => {
    const patternId = attribute(pattern, "id");
    elements(pattern, "rule")
      .filter((rule) => attribute(rule, "abstract") !== "true")
      .forEach((rule, place) => {
        const read: NumberedRule = {
          id: attribute(rule, "id") ?? "",
          context: attribute(rule, "context") ?? "",
          pattern: index,
          patternId,
          place,
          assertions: assertionsOf(rule, abstracts, 0),
        };
        rules.push(read);
        if (switched === null || (patternId !== null && switched.has(patternId))) active.push(read);
      });
  });
  return { rules, active };
}

function assertionsOf(rule: XmlNode, abstracts: ReadonlyMap<string, XmlNode>, depth: number): NumberedAssertion[] {
  return rule.children.flatMap((child): NumberedAssertion[] => {
    if (typeof child === "string") return [];
    if (child.name === "extends" && depth < 20) {
      const extended = abstracts.get(attribute(child, "rule") ?? "");
      return extended ? assertionsOf(extended, abstracts, depth + 1) : [];
    }
    if (child.name !== "assert" && child.name !== "report") return [];
    const [id, test] = [attribute(child, "id") ?? "", attribute(child, "test") ?? ""];
    return [{ id, kind: child.name, test, role: attribute(child, "role") }];
  });
}

function elements(node: XmlNode, name: string): XmlNode[] {
  return node.children.filter((child): child is XmlNode => typeof child !== "string" && child.name === name);
}

function attribute(node: XmlNode, name: string): string | null {
  return node.attributes.find((each) => each.name === name && each.ns === "")?.value ?? null;
}
