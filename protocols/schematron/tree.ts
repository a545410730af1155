/**
 * The document under judgement as an XPath 2.0 tree: text runs merged, comments and processing instructions kept, every
 * node numbered in document order, elements indexed by name. Its fields carry DOM names, so that fontoxpath reads the same
 * nodes as our own evaluator. Bounded; each element knows its line.
 */
import { decodeXml, XmlError, type XmlLimits } from "../xml.js";
import { readEvents, type XmlAttribute, type XmlHandler } from "./events.js";

export const ELEMENT = 1;
export const ATTRIBUTE = 2;
export const TEXT = 3;
export const INSTRUCTION = 7;
export const COMMENT = 8;
export const DOCUMENT = 9;

/** Shared by all nodes without children or attributes: most have none, and documents have many. */
const NONE: SNode[] = [];

/** One class for all kinds: the evaluator's inner loops stay monomorphic. */
export class SNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly localName: string;
  readonly prefix: string | null;
  readonly namespaceURI: string | null;
  parentNode: SNode | null;
  /** Number in document order: attributes stand behind their element, before its content. */
  readonly order: number;
  /** Number of the last node inside (itself when empty). */
  last: number;
  childNodes: SNode[] = NONE;
  attributes: SNode[] = NONE;
  /** Value of attributes, text, comments and instructions. */
  data = "";
  /** Line of the start tag; 0 for what is not an element. */
  readonly line: number;
  /** Declarations made by this element: prefix to namespace, "" for the default. */
  declared: Readonly<Record<string, string>> | null = null;
  /** On the document node only. */
  owner: STree | null = null;
  /** Place among the children of the parent, or among its attributes. */
  at = 0;

  constructor(
    type: number,
    name: string,
    local: string,
    prefix: string | null,
    ns: string | null,
    order: number,
    line: number,
  ) {
    this.nodeType = type;
    this.nodeName = name;
    this.localName = local;
    this.prefix = prefix;
    this.namespaceURI = ns;
    this.parentNode = null;
    this.order = order;
    this.last = order;
    this.line = line;
  }

  /** DOM names that fontoxpath reads. */
  get value(): string {
    return this.data;
  }
  get name(): string {
    return this.nodeName;
  }
  get target(): string {
    return this.nodeName;
  }
}

export interface STree {
  /** The document node. */
  readonly root: SNode;
  readonly element: SNode;
  /** Elements in document order. */
  readonly elements: readonly SNode[];
  /** Elements in document order by `namespace local-name`. */
  readonly byName: ReadonlyMap<string, readonly SNode[]>;
  /** Elements in document order by local name. */
  readonly byLocal: ReadonlyMap<string, readonly SNode[]>;
}

export function nameKey(ns: string | null, local: string): string {
  return `${ns ?? ""} ${local}`;
}

/** Throws XmlError, and nothing else, on whatever bytes. */
export function parseTree(bytes: Uint8Array, limits: XmlLimits = {}): STree {
  const maxBytes = limits.maxBytes ?? 64 * 1024 * 1024;
  if (bytes.length > maxBytes) throw new XmlError("too_large", 1, 1, `more than ${maxBytes} bytes`);
  const builder = new TreeBuilder(limits);
  readEvents(decodeXml(bytes), builder);
  return builder.done();
}

class TreeBuilder implements XmlHandler {
  private readonly maxDepth: number;
  private readonly maxNodes: number;
  private readonly root: SNode;
  private readonly elements: SNode[] = [];
  private readonly byName = new Map<string, SNode[]>();
  private readonly byLocal = new Map<string, SNode[]>();
  private current: SNode;
  private order = 0;
  private depth = 0;

  constructor(limits: XmlLimits) {
    this.maxDepth = limits.maxDepth ?? 256;
    this.maxNodes = limits.maxNodes ?? 2_000_000;
    this.root = new SNode(DOCUMENT, "#document", "", null, null, this.next(), 0);
    this.current = this.root;
  }

  open(
    prefix: string,
    local: string,
    ns: string,
    attributes: readonly XmlAttribute[],
    declared: Readonly<Record<string, string>> | null,
    line: number,
  ): void {
    if (++this.depth > this.maxDepth)
      throw new XmlError("too_deep", line, 1, `more than ${this.maxDepth} nested elements`);
    const name = prefix === "" ? local : `${prefix}:${local}`;
    const element = new SNode(ELEMENT, name, local, prefix || null, ns || null, this.next(), line);
    this.put(element);
    element.declared = declared;
    if (attributes.length > 0) {
      element.attributes = attributes.map((a, at) => {
        const full = a.prefix === "" ? a.local : `${a.prefix}:${a.local}`;
        const attribute = new SNode(ATTRIBUTE, full, a.local, a.prefix || null, a.ns || null, this.next(), 0);
        attribute.data = a.value;
        attribute.parentNode = element;
        attribute.at = at;
        return attribute;
      });
    }
    this.elements.push(element);
    index(this.byName, nameKey(element.namespaceURI, local), element);
    index(this.byLocal, local, element);
    this.current = element;
  }

  close(): void {
    const { current } = this;
    this.depth -= 1;
    current.last = this.order - 1;
    // A list that grew has room for sixteen more: a terminology has a hundred thousand lists of one.
    if (current.childNodes.length > 1) current.childNodes = current.childNodes.slice();
    this.current = current.parentNode ?? this.root;
  }

  text(data: string): void {
    if (this.current === this.root || data === "") return;
    const before = this.current.childNodes[this.current.childNodes.length - 1];
    if (before?.nodeType === TEXT) before.data += data;
    else this.leaf(new SNode(TEXT, "#text", "", null, null, this.next(), 0), data);
  }

  comment(data: string): void {
    this.leaf(new SNode(COMMENT, "#comment", "", null, null, this.next(), 0), data);
  }

  instruction(target: string, body: string): void {
    this.leaf(new SNode(INSTRUCTION, target, target, null, null, this.next(), 0), body);
  }

  done(): STree {
    this.root.last = this.order - 1;
    const element = this.elements[0];
    if (!element) throw new XmlError("not_xml", 1, 1, "no element");
    const { root, elements, byName, byLocal } = this;
    const tree: STree = { root, element, elements, byName, byLocal };
    root.owner = tree;
    return tree;
  }

  private leaf(node: SNode, data: string): void {
    node.data = data;
    this.put(node);
  }

  private put(node: SNode): void {
    const parent = this.current;
    node.parentNode = parent;
    node.at = parent.childNodes.length;
    if (parent.childNodes === NONE) parent.childNodes = [node];
    else parent.childNodes.push(node);
  }

  private next(): number {
    if (this.order > this.maxNodes) throw new XmlError("too_large", 1, 1, `more than ${this.maxNodes} nodes`);
    return this.order++;
  }
}

function index(map: Map<string, SNode[]>, key: string, node: SNode): void {
  const known = map.get(key);
  if (known) known.push(node);
  else map.set(key, [node]);
}

/** The tree a node belongs to. */
export function treeOf(node: SNode): STree | null {
  let n: SNode = node;
  while (n.parentNode) n = n.parentNode;
  return n.owner;
}

/** String value as XPath defines it. */
export function stringValue(node: SNode): string {
  if (node.nodeType !== ELEMENT && node.nodeType !== DOCUMENT) return node.data;
  const only = node.childNodes[0];
  if (only === undefined) return "";
  if (node.childNodes.length === 1 && only.nodeType === TEXT) return only.data;
  let all = "";
  for (const c of node.childNodes) {
    if (c.nodeType === TEXT) all += c.data;
    else if (c.nodeType === ELEMENT) all += stringValue(c);
  }
  return all;
}

/** Namespace of a prefix in scope at an element ("" = default); null when undeclared. */
export function namespaceInScope(element: SNode, prefix: string): string | null {
  if (prefix === "xml") return "http://www.w3.org/XML/1998/namespace";
  for (let n: SNode | null = element; n; n = n.parentNode) {
    if (n.declared && Object.hasOwn(n.declared, prefix)) return n.declared[prefix] ?? null;
  }
  return null;
}

interface Place {
  readonly before: number;
  readonly alone: boolean;
}

/** Places among siblings of one name, made once per parent: a document may have a hundred thousand of them. */
const places = new WeakMap<SNode, Map<SNode, Place>>();

function placesIn(parent: SNode): Map<SNode, Place> {
  const known = places.get(parent);
  if (known) return known;
  const counts = new Map<string, number>();
  const own = parent.childNodes.filter((n) => n.nodeType === ELEMENT);
  const before = own.map((n) => {
    const key = nameKey(n.namespaceURI, n.localName);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count;
  });
  const made = new Map(
    own.map((n, i) => [n, { before: before[i] ?? 0, alone: counts.get(nameKey(n.namespaceURI, n.localName)) === 1 }]),
  );
  places.set(parent, made);
  return made;
}

function place(node: SNode): Place {
  return (node.parentNode && placesIn(node.parentNode).get(node)) ?? { before: 0, alone: true };
}

/** Location as the XSLT 2 skeleton writes it in SVRL: that of the root element for the root, none for what is no element. */
export function svrlLocation(node: SNode): string {
  if (node.nodeType === DOCUMENT) return node.owner ? svrlLocation(node.owner.element) : "";
  if (node.nodeType !== ELEMENT) return "";
  const parent = node.parentNode && node.parentNode.nodeType !== DOCUMENT ? svrlLocation(node.parentNode) : "";
  const name =
    node.namespaceURI === null ? node.nodeName : `*:${node.localName}[namespace-uri()='${node.namespaceURI}']`;
  return `${parent}/${name}[${place(node).before + 1}]`;
}

/** Readable location, as `pathOf` of protocols/xml: an index only where the name repeats. */
export function shortPath(node: SNode): string {
  if (node.nodeType === DOCUMENT) return "/";
  const parent = node.parentNode && node.parentNode.nodeType !== DOCUMENT ? shortPath(node.parentNode) : "";
  if (node.nodeType !== ELEMENT) return `${parent}/${node.nodeName}`;
  const { before, alone } = place(node);
  return `${parent}/${node.localName}${alone ? "" : `[${before + 1}]`}`;
}

/** Line of the element, or of the element that holds the node. */
export function lineOf(node: SNode): number | null {
  for (let n: SNode | null = node; n; n = n.parentNode) if (n.line > 0) return n.line;
  return null;
}
