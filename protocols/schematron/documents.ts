/** Documents that rules read (`doc`, `document`), parsed once per rule tree and shared by its schematrons. */
import { decodeXml, XmlError } from "../xml.js";
import { readEvents, type XmlHandler } from "./events.js";
import { findFile, resolvePath } from "./files.js";
import { nameKey, parseTree, TEXT, type STree } from "./tree.js";
import type { RuleFiles, RunErrorCode } from "./types.js";

/** A document of the rules that cannot be had: what the official engine stops at. */
export class DocumentError extends Error {
  readonly code: RunErrorCode;
  constructor(code: RunErrorCode, message: string) {
    super(message);
    this.name = "DocumentError";
    this.code = code;
  }
}

/** Why a document cannot be had. Kept instead of an error: the stack of an error holds the document under judgement in memory. */
interface Refusal {
  readonly code: RunErrorCode;
  readonly message: string;
}

function refuse({ code, message }: Refusal): never {
  throw new DocumentError(code, message);
}

/** Bytes from which a document is first read for its texts alone. A terminology of 3 MB has 35,000 codes, and takes 50 MB as a tree. */
const LARGE = 128 * 1024;
/** Nodes above which a document is left to the reader that counts them. */
const MAX_NODES = 1_000_000;
const MAX_DEPTH = 256;

/** Text of elements, by `namespace local-name`. */
export type Texts = ReadonlyMap<string, ReadonlySet<string>>;

/** One document: as a tree once a rule walks in it, and only as the texts it holds as long as rules ask for nothing else. */
class RuleDocument {
  private readonly path: string;
  private readonly bytes: Uint8Array;
  private parsed: STree | Refusal | null = null;
  /** Of a large document, once asked for; null where the tree is read instead. */
  private known: Texts | null = null;
  private readonly found = new Map<string, ReadonlySet<string>>();

  constructor(path: string, bytes: Uint8Array) {
    this.path = path;
    this.bytes = bytes;
  }

  /** The tree, or why there is none. */
  read(): STree | Refusal {
    if (!this.parsed) {
      try {
        this.parsed = parseTree(this.bytes);
      } catch (error) {
        if (!(error instanceof XmlError)) throw error;
        this.parsed = { code: "bad_document", message: `"${this.path}": ${error.message}` };
      }
      this.known = null;
    }
    return this.parsed;
  }

  tree(): STree {
    const read = this.read();
    return "code" in read ? refuse(read) : read;
  }

  texts(element: string): ReadonlySet<string> {
    const known = this.textsAlone();
    if (known) return known.get(element) ?? NOTHING;
    let texts = this.found.get(element);
    if (!texts) {
      const nodes = (this.tree().byName.get(element) ?? []).flatMap((node) => node.childNodes);
      texts = new Set(nodes.filter((node) => node.nodeType === TEXT).map((node) => node.data));
      this.found.set(element, texts);
    }
    return texts;
  }

  isReadable(): boolean {
    return this.textsAlone() !== null || !("code" in this.read());
  }

  /** Null when the document is small, is a tree already, or cannot be read: the reader of trees says why. */
  private textsAlone(): Texts | null {
    if (!this.parsed && this.bytes.length >= LARGE) this.known ??= textsOf(this.bytes);
    return this.known;
  }
}

const NOTHING: ReadonlySet<string> = new Set();

const caches = new WeakMap<RuleFiles, Map<string, RuleDocument | Refusal>>();

/** `uri` is relative to the folder of `entry`, where the official engine's compiled style sheet stands. */
function documentAt(files: RuleFiles, entry: string, uri: string): RuleDocument | Refusal {
  const path = resolvePath(entry, uri);
  if (path === null) return { code: "missing_document", message: `"${uri}" is not a path inside the tree` };
  let cache = caches.get(files);
  if (!cache) caches.set(files, (cache = new Map()));
  let known = cache.get(path);
  if (!known) {
    const found = findFile(files, path);
    known = found
      ? new RuleDocument(path, found.bytes)
      : { code: "missing_document", message: `"${path}" is not in the tree` };
    cache.set(path, known);
  }
  return known;
}

function demand(files: RuleFiles, entry: string, uri: string): RuleDocument {
  const known = documentAt(files, entry, uri);
  return known instanceof RuleDocument ? known : refuse(known);
}

/** Throws DocumentError. */
export function loadDocument(files: RuleFiles, entry: string, uri: string): STree {
  return demand(files, entry, uri).tree();
}

/** Texts directly inside the elements of that name (`nameKey`), one for each text node. Throws DocumentError. */
export function textsInDocument(files: RuleFiles, entry: string, uri: string, element: string): ReadonlySet<string> {
  return demand(files, entry, uri).texts(element);
}

/** Whether the document is there and readable. */
export function hasDocument(files: RuleFiles, entry: string, uri: string): boolean {
  const known = documentAt(files, entry, uri);
  return known instanceof RuleDocument && known.isReadable();
}

/** Null when it cannot be read within the bounds. */
function textsOf(bytes: Uint8Array): Texts | null {
  const reader = new TextReader();
  try {
    readEvents(decodeXml(bytes), reader);
    return reader.texts;
  } catch (error) {
    if (error instanceof XmlError) return null;
    throw error;
  }
}

/** Keeps what stands between two tags, comments or instructions: a text node of the tree. */
class TextReader implements XmlHandler {
  readonly texts = new Map<string, Set<string>>();
  private readonly names: string[] = [];
  private run = "";
  private nodes = 0;

  open(_prefix: string, local: string, ns: string, attributes: readonly unknown[]): void {
    this.endRun();
    this.nodes += 1 + attributes.length;
    if (this.nodes > MAX_NODES) throw new XmlError("too_large", 1, 1, `more than ${MAX_NODES} nodes`);
    if (this.names.length >= MAX_DEPTH) throw new XmlError("too_deep", 1, 1, `more than ${MAX_DEPTH} nested elements`);
    this.names.push(nameKey(ns, local));
  }

  close(): void {
    this.endRun();
    this.names.pop();
  }

  text(data: string): void {
    this.run += data;
  }

  comment(): void {
    this.endRun();
  }

  instruction(): void {
    this.endRun();
  }

  private endRun(): void {
    const name = this.names[this.names.length - 1];
    if (this.run === "" || name === undefined) return;
    let known = this.texts.get(name);
    if (!known) this.texts.set(own(name), (known = new Set()));
    if (!known.has(this.run)) known.add(own(this.run));
    this.run = "";
  }
}

/** A copy: a piece cut out of a text of megabytes, or joined from such pieces, would keep all of it in memory. */
function own(piece: string): string {
  return Buffer.from(piece, "utf8").toString("utf8");
}
