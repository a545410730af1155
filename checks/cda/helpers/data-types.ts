/**
 * HL7 V3 data types of the header, as the official header rules judge them wherever they stand (schematron ASIP-STRUCT-MIN, data
 * types II, TS, CD, URL, AD; S6).
 */
import { attr, text, type XmlNode } from "../../../protocols/xml.js";

/** OID or UUID. */
export const OID_OR_UUID = /^(?:[0-2](?:\.(?:0|[1-9]\d*))*|[A-Fa-f\d]{8}(?:-[A-Fa-f\d]{4}){3}-[A-Fa-f\d]{12})$/;

export function isOidOrUuid(value: string): boolean {
  return OID_OR_UUID.test(value);
}

/** What makes two siblings of one name the same, by element; null when it does not count. */
export function identityOf(node: XmlNode): string | null {
  switch (node.name) {
    case "id":
    case "templateId":
      return attr(node, "root") === null ? null : `${attr(node, "root")} ${attr(node, "extension") ?? ""}`;
    case "telecom":
      // Without a use, the official rules do not compare.
      return attr(node, "value") === null || attr(node, "use") === null
        ? null
        : `${attr(node, "use")} ${attr(node, "value")}`;
    case "addr": {
      const words = (text(node) ?? "").replace(/\s+/g, " ").trim();
      return words === "" ? null : `${attr(node, "use") ?? ""} ${words}`;
    }
    default:
      return null;
  }
}

/** Siblings of one name that say what an earlier one says. */
export function repeatedSiblings(nodes: readonly XmlNode[]): XmlNode[] {
  const seen = new Map<XmlNode | null, Set<string>>();
  return nodes.filter((node) => {
    const identity = identityOf(node);
    if (identity === null) return false;
    const known = seen.get(node.parent) ?? new Set<string>();
    seen.set(node.parent, known);
    if (known.has(identity)) return true;
    known.add(identity);
    return false;
  });
}
