/**
 * XML as a plain tree, read strictly and without DTD: no entity but the five predefined ones, bounded depth and size.
 * saxes gives exact positions and keeps nothing alive outside JavaScript, so that a parsed message can be remembered.
 * Canonicalization and signatures have their own room (xmldsig.ts).
 */
import { SaxesParser, type SaxesTagNS } from "saxes";

export type XmlErrorCode = "not_xml" | "dtd" | "too_large" | "too_deep" | "bad_encoding";

/** Not XML we accept. `code` is ours and stable; `line`/`column` start at 1. */
export class XmlError extends Error {
  readonly code: XmlErrorCode;
  readonly line: number;
  readonly column: number;
  constructor(code: XmlErrorCode, line: number, column: number, detail: string) {
    super(detail);
    this.name = "XmlError";
    this.code = code;
    this.line = line;
    this.column = column;
  }
}

export interface XmlAttribute {
  readonly name: string;
  readonly ns: string;
  readonly prefix: string;
  readonly value: string;
}

/** An element. `name` is the local name; `ns` is "" when in no namespace. `nsMap`: prefixes in scope here ("" = default). */
export interface XmlNode {
  readonly name: string;
  readonly ns: string;
  readonly prefix: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly (XmlNode | string)[];
  readonly parent: XmlNode | null;
  readonly line: number;
  readonly column: number;
  readonly nsMap: Readonly<Record<string, string>>;
}

export interface XmlLimits {
  /** Bytes; default 64 MB. */
  readonly maxBytes?: number;
  /** Nested elements; default 256, as libxml2. */
  readonly maxDepth?: number;
  /** Elements, attributes and namespace declarations together; default one million: each costs far more memory than bytes. */
  readonly maxNodes?: number;
}

interface Building {
  name: string;
  ns: string;
  prefix: string;
  attributes: XmlAttribute[];
  children: (Building | string)[];
  parent: Building | null;
  line: number;
  column: number;
  nsMap: Record<string, string>;
}

/** Root element of a document. Throws XmlError, and nothing else, on whatever bytes. */
export function parseXml(bytes: Uint8Array | string, limits: XmlLimits = {}): XmlNode {
  const maxDepth = limits.maxDepth ?? 256;
  const maxNodes = limits.maxNodes ?? 1_000_000;
  if (bytes.length > (limits.maxBytes ?? 64 * 1024 * 1024)) {
    throw new XmlError("too_large", 1, 1, `more than ${limits.maxBytes ?? 64 * 1024 * 1024} bytes`);
  }
  const parser = new SaxesParser({ xmlns: true });
  let root: Building | null = null;
  let open: Building | null = null;
  let depth = 0;
  let nodes = 0;
  let failure: XmlError | null = null;
  const stop = (error: XmlError): never => {
    failure = error;
    throw error;
  };
  const count = (more = 1): void => {
    nodes += more;
    if (nodes > maxNodes) stop(new XmlError("too_large", parser.line, parser.column, `more than ${maxNodes} nodes`));
  };
  parser.on("error", (error) => {
    stop(new XmlError("not_xml", parser.line, parser.column, error.message));
  });
  parser.on("doctype", () => stop(new XmlError("dtd", parser.line, parser.column, "a DOCTYPE is not accepted")));
  // At `opentagstart` the parser stands just behind the name: the closest it gives to the place of the tag.
  let line = 1;
  let column = 1;
  parser.on("opentagstart", () => {
    line = parser.line;
    column = parser.column;
    count();
  });
  parser.on("attribute", () => count());
  parser.on("opentag", (tag: SaxesTagNS) => {
    depth += 1;
    if (depth > maxDepth) stop(new XmlError("too_deep", line, column, `more than ${maxDepth} nested elements`));
    const own = Object.keys(tag.ns);
    // Each element that declares a prefix copies those in scope: counted, so that they cannot multiply.
    if (own.length > 0 && open) count(Object.keys(open.nsMap).length);
    const node: Building = {
      name: tag.local,
      ns: tag.uri,
      prefix: tag.prefix,
      attributes: Object.values(tag.attributes)
        .filter((a) => a.prefix !== "xmlns" && a.name !== "xmlns")
        .map((a) => ({ name: a.local, ns: a.uri, prefix: a.prefix, value: a.value })),
      children: [],
      parent: open,
      line,
      column,
      nsMap: own.length === 0 && open ? open.nsMap : { ...(open ? open.nsMap : {}), ...tag.ns },
    };
    if (open) open.children.push(node);
    else root = node;
    open = node;
  });
  parser.on("closetag", () => {
    depth -= 1;
    open = open ? open.parent : null;
  });
  const addText = (chunk: string): void => {
    if (!open) return;
    const last = open.children.length - 1;
    const before = open.children[last];
    if (typeof before === "string") open.children[last] = before + chunk;
    else open.children.push(chunk);
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  try {
    if (typeof bytes === "string") parser.write(bytes);
    else for (const piece of decodedPieces(bytes)) parser.write(piece);
    parser.close();
  } catch (error) {
    if (failure) throw failure;
    if (error instanceof XmlError) throw error;
    throw new XmlError("not_xml", parser.line, parser.column, error instanceof Error ? error.message : String(error));
  }
  if (!root) throw new XmlError("not_xml", 1, 1, "no element");
  return root;
}

/** Text of XML bytes, by byte order mark, else declaration, else UTF-8. Ill-formed sequences are refused. */
export function decodeXml(bytes: Uint8Array): string {
  return [...decodedPieces(bytes)].join("");
}

/** Bytes decoded at a time. */
const PIECE = 1024 * 1024;

/**
 * The text in pieces: one letter with an accent makes the engine keep two bytes for each character of a string, so that a document of
 * many megabytes as one string costs twice its size.
 */
function* decodedPieces(bytes: Uint8Array): Generator<string> {
  const label = encodingOf(bytes);
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    for (let at = 0; at < bytes.length; at += PIECE) {
      yield decoder.decode(bytes.subarray(at, at + PIECE), { stream: at + PIECE < bytes.length });
    }
  } catch {
    // An unknown label, or bytes that are not of that encoding.
    throw new XmlError("bad_encoding", 1, 1, `the bytes are not ${label}`);
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString("latin1");
  return /^(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1] ?? "utf-8";
}

function isNode(child: XmlNode | string): child is XmlNode {
  return typeof child !== "string";
}

export function elements(node: XmlNode): XmlNode[] {
  return node.children.filter(isNode);
}

/** Child elements of that local name (and namespace, when given). */
export function children(node: XmlNode | null | undefined, name: string, ns?: string): XmlNode[] {
  if (!node) return [];
  return node.children.filter((c): c is XmlNode => isNode(c) && c.name === name && (ns === undefined || c.ns === ns));
}

export function child(node: XmlNode | null | undefined, name: string, ns?: string): XmlNode | null {
  return children(node, name, ns)[0] ?? null;
}

/** All elements under `node` reached by a path of local names: `select(doc, "recordTarget/patientRole/id")`. `*` stands for any name. */
export function select(node: XmlNode | null | undefined, path: string): XmlNode[] {
  let found: XmlNode[] = node ? [node] : [];
  for (const step of path.split("/")) {
    found = found.flatMap((n) => elements(n).filter((c) => step === "*" || c.name === step));
  }
  return found;
}

/** First of `select`, or null. */
export function at(node: XmlNode | null | undefined, path: string): XmlNode | null {
  return select(node, path)[0] ?? null;
}

/** Value of an attribute in no namespace (or in `ns`), null when absent: absent is not empty. */
export function attr(node: XmlNode | null | undefined, name: string, ns = ""): string | null {
  if (!node) return null;
  return node.attributes.find((a) => a.name === name && a.ns === ns)?.value ?? null;
}

/** Text of the element and its descendants, untrimmed; null when the element is absent. */
export function text(node: XmlNode | null | undefined): string | null {
  if (!node) return null;
  let all = "";
  for (const c of node.children) all += isNode(c) ? (text(c) ?? "") : c;
  return all;
}

/** Trimmed text, null when absent. */
export function trimmed(node: XmlNode | null | undefined): string | null {
  return text(node)?.trim() ?? null;
}

/** The element itself or any descendant of that name, in document order. */
export function descendants(node: XmlNode | null | undefined, name: string, ns?: string): XmlNode[] {
  const found: XmlNode[] = [];
  const walk = (n: XmlNode): void => {
    if (n.name === name && (ns === undefined || n.ns === ns)) found.push(n);
    for (const c of n.children) if (isNode(c)) walk(c);
  };
  if (node) walk(node);
  return found;
}

/** Places among siblings of one name, made once per parent: a document may have a hundred thousand of them. */
const places = new WeakMap<XmlNode, Map<XmlNode, string>>();

function placeOf(node: XmlNode, parent: XmlNode): string {
  let known = places.get(parent);
  if (!known) {
    const counts = new Map<string, number>();
    const key = (n: XmlNode): string => `${n.ns} ${n.name}`;
    for (const n of elements(parent)) counts.set(key(n), (counts.get(key(n)) ?? 0) + 1);
    const seen = new Map<string, number>();
    known = new Map();
    for (const n of elements(parent)) {
      const index = (seen.get(key(n)) ?? 0) + 1;
      seen.set(key(n), index);
      known.set(n, (counts.get(key(n)) ?? 0) > 1 ? `${n.name}[${index}]` : n.name);
    }
    places.set(parent, known);
  }
  return known.get(node) ?? node.name;
}

/** Readable place of an element, by local names: `/ClinicalDocument/recordTarget/patientRole/id[2]`. */
export function pathOf(node: XmlNode): string {
  const parts: string[] = [];
  let current: XmlNode | null = node;
  while (current) {
    parts.unshift(current.parent ? placeOf(current, current.parent) : current.name);
    current = current.parent;
  }
  return `/${parts.join("/")}`;
}

/** Escapes text for element content or attribute values (writers of service answers). */
export function escapeXml(value: string): string {
  return value.replace(
    /[&<>"']/g,
    (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" })[c] ?? c,
  );
}
