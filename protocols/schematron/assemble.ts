/**
 * Includes and abstract patterns, as the first two style sheets of the ISO skeleton treat them (iso_dsdl_include,
 * iso_abstract_expand): what comes out is one schema without either. Where those only print a message and go on without
 * the rules (missing include, unknown abstract pattern), this refuses: rules that are not there cannot be passed.
 */
import { XmlError } from "../xml.js";
import { findFile, resolvePath } from "./files.js";
import { readRuleFile, type RawElement } from "./rule-file.js";
import { SchematronError, type CaseFix, type RuleFiles, type SchematronLimits } from "./types.js";

/** An element of the assembled schema. `name` is "" for elements of other namespaces: nothing reads them. */
export interface SchemaElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (SchemaElement | string)[];
  readonly file: string;
  readonly line: number;
}

export interface Assembled {
  readonly schema: SchemaElement;
  readonly caseFixes: readonly CaseFix[];
  readonly files: readonly string[];
}

export const schemaElements = (e: SchemaElement): SchemaElement[] =>
  e.children.filter((c): c is SchemaElement => typeof c !== "string");

/** Throws SchematronError. */
export function assemble(files: RuleFiles, entry: string, limits: SchematronLimits): Assembled {
  const reader = new Reader(files, limits);
  const found = findFile(files, entry);
  if (!found) throw new SchematronError("missing_entry", entry, null, "there is no such file in the tree");
  const root = reader.parse(found.path, found.bytes);
  if (root.name !== "schema") {
    throw new SchematronError("not_schematron", entry, root.line, "the root element is not schema of ISO Schematron");
  }
  const assembled: (SchemaElement | string)[] = [];
  reader.include(root, found.path, root, [found.path], assembled);
  const [schema] = assembled;
  if (schema === undefined || typeof schema === "string")
    throw new SchematronError("not_schematron", entry, root.line, "empty");
  return { schema: expand(schema), caseFixes: reader.caseFixes, files: [...reader.names] };
}

class Reader {
  readonly caseFixes: CaseFix[] = [];
  readonly names = new Set<string>();
  private readonly parsed = new Map<string, RawElement>();
  private readonly files: RuleFiles;
  private readonly maxFiles: number;
  private readonly maxBytes: number;
  private bytes = 0;
  private elements = 0;

  constructor(files: RuleFiles, limits: SchematronLimits) {
    this.files = files;
    this.maxFiles = limits.maxFiles ?? 2000;
    this.maxBytes = limits.maxBytes ?? 32 * 1024 * 1024;
  }

  parse(path: string, bytes: Uint8Array): RawElement {
    const known = this.parsed.get(path);
    if (known) return known;
    this.bytes += bytes.length;
    if (this.names.size >= this.maxFiles)
      throw new SchematronError("limit", path, null, `more than ${this.maxFiles} files`);
    if (this.bytes > this.maxBytes) throw new SchematronError("limit", path, null, `more than ${this.maxBytes} bytes`);
    this.names.add(path);
    try {
      const root = readRuleFile(bytes);
      this.parsed.set(path, root);
      return root;
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      const code =
        error.code === "dtd" ? "dtd" : error.code === "not_xml" || error.code === "bad_encoding" ? "not_xml" : "limit";
      throw new SchematronError(code, path, error.line, error.message);
    }
  }

  /** Adds the element, with every include inside replaced by what it names. `stack`: files being included, outermost first. */
  include(
    node: RawElement,
    file: string,
    root: RawElement,
    stack: readonly string[],
    into: (SchemaElement | string)[],
  ): void {
    if (++this.elements > 500_000)
      throw new SchematronError("limit", file, node.line, "more than 500000 elements after includes");
    const { name, attributes, line } = node;
    const href = attributes["href"];
    if (name === "include") return this.included(node, href ?? "", file, root, stack, into, false);
    if (name === "extends" && href !== undefined) return this.included(node, href, file, root, stack, into, true);
    const children: (SchemaElement | string)[] = [];
    for (const c of node.children) {
      if (typeof c === "string") children.push(c);
      else this.include(c, file, root, stack, children);
    }
    into.push({ name, attributes, children, file, line });
  }

  private included(
    node: RawElement,
    href: string,
    file: string,
    root: RawElement,
    stack: readonly string[],
    into: (SchemaElement | string)[],
    childrenOnly: boolean,
  ): void {
    const hash = href.indexOf("#");
    const reference = hash < 0 ? href : href.slice(0, hash);
    const fragment = hash < 0 ? "" : href.slice(hash + 1);
    if (reference === "" && fragment === "")
      throw new SchematronError("missing_include", file, node.line, "empty href");
    let target = root;
    let path = file;
    if (reference !== "") {
      const resolved = resolvePath(file, reference);
      if (resolved === null)
        throw new SchematronError("outside_tree", file, node.line, `"${reference}" is not a path inside the tree`);
      const found = findFile(this.files, resolved);
      if (!found) throw new SchematronError("missing_include", file, node.line, `"${reference}" is not in the tree`);
      if (found.path !== resolved) this.caseFixes.push({ file, line: node.line, asked: resolved, found: found.path });
      path = found.path;
      target = this.parse(path, found.bytes);
    }
    const here = `${path}#${fragment}`;
    if (stack.includes(here) || (fragment === "" && stack.includes(path))) {
      throw new SchematronError("include_loop", file, node.line, `"${href}" includes itself`);
    }
    if (stack.length > 100) throw new SchematronError("limit", file, node.line, "includes nested more than 100 deep");
    const chosen = fragment === "" ? target : byId(target, fragment);
    if (!chosen)
      throw new SchematronError("missing_include", file, node.line, `"${path}" has no element with id "${fragment}"`);
    // The skeleton takes the root element only, and only if it is of ISO Schematron and not a whole schema.
    if (chosen.name === "" || chosen.name === "schema") {
      throw new SchematronError(
        "not_schematron",
        path,
        chosen.line,
        `the included element is ${chosen.name === "" ? "none of ISO Schematron" : "a whole schema"}, not a part of one`,
      );
    }
    const inner = [...stack, fragment === "" ? path : here];
    if (!childrenOnly) return this.include(chosen, path, target, inner, into);
    for (const c of chosen.children) if (typeof c !== "string") this.include(c, path, target, inner, into);
  }
}

function byId(node: RawElement, id: string): RawElement | null {
  if (node.name !== "" && (node.attributes["id"] === id || node.xmlId === id)) return node;
  for (const c of node.children) {
    const found = typeof c === "string" ? null : byId(c, id);
    if (found) return found;
  }
  return null;
}

/** Abstract patterns written out where they are used; the abstract ones themselves gone. */
function expand(schema: SchemaElement): SchemaElement {
  const patterns: SchemaElement[] = [];
  /** Elements with a pattern somewhere inside: all others stay as they are. */
  const holders = new Set<SchemaElement>();
  const collect = (e: SchemaElement): boolean => {
    let holds = false;
    for (const c of e.children) {
      if (typeof c === "string") continue;
      if (c.name === "pattern") {
        patterns.push(c);
        holds = true;
      }
      if (collect(c)) holds = true;
    }
    if (holds) holders.add(e);
    return holds;
  };
  collect(schema);
  const go = (e: SchemaElement): SchemaElement => {
    if (!holders.has(e)) return e;
    const children = e.children.flatMap((c): (SchemaElement | string)[] => {
      if (typeof c === "string") return [c];
      if (c.name === "pattern" && c.attributes["is-a"] !== undefined)
        return instantiate(c, c.attributes["is-a"], patterns);
      if (c.name === "pattern" && c.attributes["abstract"] === "true") return [];
      return [go(c)];
    });
    return { ...e, children };
  };
  return go(schema);
}

interface Param {
  readonly name: string;
  readonly value: string;
}

function instantiate(use: SchemaElement, isA: string, patterns: readonly SchemaElement[]): SchemaElement[] {
  const bodies = patterns.filter((p) => p.attributes["id"] === isA);
  if (bodies.length === 0) throw new SchematronError("abstract_unknown", use.file, use.line, `no pattern "${isA}"`);
  const id = use.attributes["id"] ?? "";
  // The skeleton finds the parameters again by the id of the user: two users of one id would mix theirs.
  const owners =
    id === ""
      ? []
      : patterns.filter((p) => p.attributes["id"] === id && schemaElements(p).some((c) => c.name === "param"));
  if (owners.length > 1) {
    throw new SchematronError("unsupported", use.file, use.line, `two patterns with parameters have the id "${id}"`);
  }
  const params = owners
    .flatMap((p) => schemaElements(p).filter((c) => c.name === "param"))
    .map((c): Param => ({ name: c.attributes["name"] ?? "", value: c.attributes["value"] ?? "" }));
  return bodies.map((body) => ({
    ...body,
    attributes: { id: id || isA },
    children: body.children.map((c) => (typeof c === "string" ? c : substitute(c, params))),
  }));
}

/** Attributes that the skeleton substitutes in; `value` of let and `path` of name are not among them. */
const SUBSTITUTED = ["test", "context", "select"];

function substitute(e: SchemaElement, params: readonly Param[]): SchemaElement {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(e.attributes)) {
    attributes[name] = SUBSTITUTED.includes(name) ? replaceParams(value, params, e) : value;
  }
  return {
    ...e,
    attributes,
    children: e.children.map((c) => (typeof c === "string" ? replaceParams(c, params, e) : substitute(c, params))),
  };
}

/** Plain text replacement, one parameter after the other in their order: `$code` also hits the start of `$codes`, as there. */
function replaceParams(text: string, params: readonly Param[], at: SchemaElement): string {
  let result = text;
  for (const { name, value } of params) {
    if (result.includes(`$${name}`)) result = result.split(`$${name}`).join(value);
    if (result.length > 1024 * 1024)
      throw new SchematronError("limit", at.file, at.line, "parameters grow the text beyond 1 MB");
  }
  return result;
}
