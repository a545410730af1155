/**
 * Validation by an XML Schema (W3C XML Schema 1.0), by libxml2. The schema's files come from memory: libxml2 asks a provider that
 * knows the files of the one schema being compiled and nothing else, so neither a schema nor a document can reach the disk.
 */
import { ParseOption, XmlDocument, XmlLibError, xmlRegisterInputProvider, XsdValidator } from "libxml2-wasm";
import { elements, pathOf, type XmlNode } from "./xml.js";

/** Files of a schema by POSIX path relative to a common root. */
export interface XsdFiles {
  read(path: string): Uint8Array | null;
}

/** `missing_file`: the entry, or a file it includes or imports, is not there. `not_schema`: the files are no usable schema. */
export type XsdErrorCode = "missing_file" | "not_schema" | "too_large";

export class XsdError extends Error {
  readonly code: XsdErrorCode;
  /** Path of the file; for `not_schema` the entry. */
  readonly file: string;
  constructor(code: XsdErrorCode, file: string) {
    super(`${code}: ${file}`);
    this.name = "XsdError";
    this.code = code;
    this.file = file;
  }
}

/** The engine's sentences are not stable between its versions: these codes are ours. */
export type XsdFindingCode =
  | "unexpected_element"
  | "missing_element"
  | "unexpected_attribute"
  | "missing_attribute"
  | "bad_value"
  | "bad_content"
  | "bad_type"
  | "unknown_root"
  | "other";

export interface XsdFinding {
  readonly code: XsdFindingCode;
  /** Local name of the element or `@attribute` concerned. */
  readonly subject: string;
  /** As `pathOf`. */
  readonly path: string;
  readonly line: number;
}

/** `unreadable`: libxml2 refuses bytes that our own reader took (nesting of its own limits, a rare encoding). */
export type XsdResult = { readonly findings: readonly XsdFinding[] } | { readonly problem: "unreadable" };

export interface XsdSchema {
  /** `root`: the same bytes as read by `parseXml`, which has already refused a DOCTYPE, depth and size. */
  validate(bytes: Uint8Array, root: XmlNode): XsdResult;
  /** Frees the memory of the engine; the schema cannot be used afterwards. */
  dispose(): void;
}

const SCHEME = "segur-rules:///";
const MAX_FILES = 500;
const MAX_BYTES = 32 * 1024 * 1024;

/** Files served to the schema under way; null at all other times: nothing is served then. */
let serving: Serving | null = null;
let registered = false;

interface Serving {
  readonly files: XsdFiles;
  readonly open: Map<number, { readonly bytes: Uint8Array; at: number }>;
  missing: string | null;
  count: number;
  bytes: number;
  tooLarge: string | null;
}

/** Compiles the schema `entry`. Throws XsdError. */
export function compileXsd(files: XsdFiles, entry: string): XsdSchema {
  const bytes = files.read(entry);
  if (!bytes) throw new XsdError("missing_file", entry);
  if (bytes.length > MAX_BYTES) throw new XsdError("too_large", entry);
  register();
  const mine: Serving = { files, open: new Map(), missing: null, count: 0, bytes: 0, tooLarge: null };
  serving = mine;
  let compiled: XsdValidator | null = null;
  try {
    const url = SCHEME + entry.split("/").map(encodeURIComponent).join("/");
    const document = XmlDocument.fromBuffer(bytes, { url, option: PARSE });
    try {
      compiled = XsdValidator.fromDoc(document);
    } finally {
      document.dispose();
    }
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
  } finally {
    serving = null;
  }
  // A missing import is only a warning for the engine: whole namespaces would then go unjudged.
  if (mine.missing !== null || mine.tooLarge !== null || compiled === null) {
    compiled?.dispose();
    if (mine.missing !== null) throw new XsdError("missing_file", mine.missing);
    throw mine.tooLarge === null ? new XsdError("not_schema", entry) : new XsdError("too_large", mine.tooLarge);
  }
  const validator = compiled;
  return {
    validate: (document, root) => validate(validator, document, root),
    dispose: () => validator.dispose(),
  };
}

const PARSE = ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET;

/** The provider is one per process and stays; it answers only while a schema is being compiled, and only from its files. */
function register(): void {
  if (registered) return;
  registered = true;
  let next = 1;
  xmlRegisterInputProvider({
    match: (name) => serving !== null && name.startsWith(SCHEME),
    open: (name) => {
      const from = serving;
      const path = pathFrom(name);
      if (!from || path === null) return undefined;
      const bytes = from.files.read(path);
      if (!bytes) {
        from.missing ??= path;
        return undefined;
      }
      from.count += 1;
      from.bytes += bytes.length;
      if (from.count > MAX_FILES || from.bytes > MAX_BYTES) {
        from.tooLarge ??= path;
        return undefined;
      }
      from.open.set(next, { bytes, at: 0 });
      return next++;
    },
    read: (handle, buffer) => {
      const file = serving?.open.get(handle);
      if (!file) return -1;
      const part = file.bytes.subarray(file.at, file.at + buffer.length);
      buffer.set(part);
      file.at += part.length;
      return part.length;
    },
    close: (handle) => {
      serving?.open.delete(handle);
      return true;
    },
  });
}

function pathFrom(url: string): string | null {
  try {
    return decodeURIComponent(url.slice(SCHEME.length));
  } catch {
    return null;
  }
}

function validate(validator: XsdValidator, bytes: Uint8Array, root: XmlNode): XsdResult {
  let document: XmlDocument;
  try {
    // One text over 10 MB (a PDF in base64) is refused without HUGE; our own reader has bounded the whole.
    const option = bytes.length > 9_000_000 ? PARSE | ParseOption.XML_PARSE_HUGE : PARSE;
    document = XmlDocument.fromBuffer(bytes, { option });
  } catch (error) {
    if (error instanceof XmlLibError) return { problem: "unreadable" };
    throw error;
  }
  try {
    validator.validate(document);
    return { findings: [] };
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    const details = error.details;
    if (details.length === 0) return { problem: "unreadable" };
    return { findings: details.map((detail) => findingOf(detail, root)) };
  } finally {
    document.dispose();
  }
}

/** Sentences of libxml2's xmlschemas.c, first match wins. */
const SENTENCES: readonly (readonly [RegExp, XsdFindingCode])[] = [
  [/No matching global declaration available for the validation root/, "unknown_root"],
  [/This element is not expected|No matching global element declaration/, "unexpected_element"],
  [/Missing child element\(s\)/, "missing_element"],
  [/The attribute '[^']*' is required but missing/, "missing_attribute"],
  [/The attribute '[^']*' is not allowed|No matching global attribute declaration/, "unexpected_attribute"],
  [/facet '|is not a valid value|does not match the fixed value/, "bad_value"],
  [/(?:Character|Element) content|content type/, "bad_content"],
  [/xsi:type attribute|type definition/, "bad_type"],
];

function findingOf(detail: { readonly message: string; readonly line: number }, root: XmlNode): XsdFinding {
  const { message } = detail;
  const xpath = "xpath" in detail && typeof detail.xpath === "string" ? detail.xpath : "";
  const node = elementAt(root, xpath) ?? root;
  const attribute =
    /The attribute '(?:\{[^}]*\})?([^']*)' is/.exec(message)?.[1] ??
    /, attribute '(?:\{[^}]*\})?([^']*)'/.exec(message)?.[1];
  return {
    code: SENTENCES.find(([sentence]) => sentence.test(message))?.[1] ?? "other",
    subject: attribute === undefined ? node.name : `@${attribute}`,
    path: pathOf(node),
    line: node.line,
  };
}

/** Element at a path as libxml2 writes it (`/*` + `/*[14]/lab:report[2]`): an index among all elements, or among those of that name. */
function elementAt(root: XmlNode, xpath: string): XmlNode | null {
  const [first, ...steps] = xpath.split("/").slice(1);
  let node: XmlNode | null = first === undefined ? null : root;
  for (const step of steps) {
    const [, name = "", position = "1"] = /^([^[@]+)(?:\[(\d+)\])?$/.exec(step) ?? [];
    if (!node || name === "") return null;
    const wanted = name.split(":");
    const among: XmlNode[] = elements(node).filter(
      (child) =>
        name === "*" || (child.name === wanted.at(-1) && child.prefix === (wanted.length > 1 ? wanted[0] : "")),
    );
    node = among[Number(position) - 1] ?? null;
  }
  return node;
}
