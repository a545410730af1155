/** One file of rules as a light tree: what the assembly reads, and no more. */
import { parseXml, type XmlNode } from "../xml.js";

const XML_NS = "http://www.w3.org/XML/1998/namespace";
export const ISO = "http://purl.oclc.org/dsdl/schematron";

/** `name` is "" for elements of other namespaces than ISO Schematron; attributes are those in no namespace. */
export interface RawElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly xmlId: string | null;
  readonly children: readonly (RawElement | string)[];
  readonly line: number;
}

/** Throws XmlError. */
export function readRuleFile(bytes: Uint8Array): RawElement {
  return light(parseXml(bytes));
}

interface Building {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly xmlId: string | null;
  readonly children: (Building | string)[];
  readonly line: number;
}

interface Attribute {
  readonly local: string;
  readonly ns: string;
  readonly value: string;
}

function building(local: string, ns: string, written: readonly Attribute[], line: number): Building {
  const attributes: Record<string, string> = {};
  let xmlId: string | null = null;
  for (const a of written) {
    if (a.ns === "") attributes[a.local] = a.value;
    else if (a.ns === XML_NS && a.local === "id") xmlId = a.value;
  }
  return { name: ns === ISO ? local : "", attributes, xmlId, children: [], line };
}

/** Text beside a comment is one with it. White space between the parts of a schema says nothing. */
function addText({ name, children }: Building, data: string): void {
  const last = children.length - 1;
  const before = children[last];
  if (typeof before === "string") children[last] = before + data;
  else if (!PARTS.has(name) || /[^ \t\r\n]/.test(data)) children.push(data);
}

const PARTS = new Set(["schema", "phase", "pattern", "rule"]);

function light(node: XmlNode): RawElement {
  const attributes = node.attributes.map(({ name, ns, value }) => ({ local: name, ns, value }));
  const element = building(node.name, node.ns, attributes, node.line);
  for (const child of node.children) {
    if (typeof child === "string") addText(element, child);
    else element.children.push(light(child) as Building);
  }
  return element;
}
