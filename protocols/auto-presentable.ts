/**
 * A document "auto-présentable" is a style sheet with a CDA inside. Official rules bear on the CDA: this gives its bytes alone, with
 * the namespaces in scope around it, and on the same lines as in the file.
 */
import { SaxesParser } from "saxes";
import { CDA_NS } from "./cda.js";
import { decodeXml, escapeXml, parseXml, type XmlLimits, type XmlNode } from "./xml.js";

const XSL_NS = "http://www.w3.org/1999/XSL/Transform";

export interface InnerDocument {
  readonly bytes: Uint8Array;
  /** Root element of these bytes; null when there is no ClinicalDocument. */
  readonly root: XmlNode | null;
  /** True when a style sheet was around it. */
  readonly unwrapped: boolean;
}

/** Throws XmlError for what is no XML we accept. */
export function innerDocument(bytes: Uint8Array, limits: XmlLimits = {}): InnerDocument {
  const outer = parseXml(bytes, limits);
  if (outer.name === "ClinicalDocument" && outer.ns === CDA_NS) return { bytes, root: outer, unwrapped: false };
  if (outer.ns !== XSL_NS || (outer.name !== "stylesheet" && outer.name !== "transform")) {
    return { bytes, root: null, unwrapped: false };
  }
  const text = cutOut(decodeXml(bytes));
  if (text === null) return { bytes, root: null, unwrapped: false };
  const inner = Buffer.from(text);
  return { bytes: inner, root: parseXml(inner, limits), unwrapped: true };
}

/** Text of the first ClinicalDocument; as many line feeds before it as there are lines above it. */
function cutOut(text: string): string | null {
  const parser = new SaxesParser({ xmlns: true, position: true });
  let depth = 0;
  /** Depth and start of the element; `after`: where its name ends. */
  let open: { readonly depth: number; readonly start: number; readonly after: number; readonly ns: string } | null =
    null;
  let end = -1;
  const scopes: Readonly<Record<string, string>>[] = [];
  let after = 0;
  parser.on("opentagstart", () => {
    after = parser.position - 1;
  });
  parser.on("opentag", (tag) => {
    depth += 1;
    if (open === null && end < 0) {
      if (tag.local === "ClinicalDocument" && tag.uri === CDA_NS) {
        const around: Record<string, string> = Object.assign({}, ...scopes) as Record<string, string>;
        const declarations = Object.entries(around)
          .filter(([prefix]) => !(prefix in tag.ns) && prefix !== "xml" && prefix !== "xmlns")
          .map(([prefix, uri]) => ` ${prefix === "" ? "xmlns" : `xmlns:${prefix}`}="${escapeXml(uri)}"`);
        const start = text.lastIndexOf("<", after - 1);
        const named = start + 1 + tag.name.length;
        open = { depth, start, after: named, ns: declarations.join("") };
      } else scopes.push(tag.ns);
    }
  });
  parser.on("closetag", () => {
    if (open !== null && end < 0 && depth === open.depth) end = parser.position;
    else if (open === null) scopes.pop();
    depth -= 1;
  });
  parser.on("error", () => undefined);
  parser.write(text).close();
  const found = open as { start: number; after: number; ns: string } | null;
  if (found === null || end < 0) return null;
  const above = text.slice(0, found.start).split(/\r\n|\r|\n/).length - 1;
  return "\n".repeat(above) + text.slice(found.start, found.after) + found.ns + text.slice(found.after, end);
}
