/**
 * What the schematron interpreter takes and gives. ISO Schematron with the XPath 2.0 binding, as the ISO "skeleton" style
 * sheets run it: whoever judges by official rules must find what their publisher's own engine finds.
 */

/** Files of a rule tree by POSIX path relative to its root. The interpreter opens nothing by itself. */
export interface RuleFiles {
  /** Bytes of a file, or null when there is none of exactly that name. */
  read(path: string): Uint8Array | null;
  /** Every path of the tree: needed to find a file whose name differs by letter case only. */
  paths(): Iterable<string>;
}

export type SchematronErrorCode =
  | "missing_entry"
  | "missing_include"
  | "include_loop"
  | "outside_tree"
  | "not_xml"
  | "dtd"
  | "not_schematron"
  | "unsupported"
  | "abstract_unknown"
  | "unknown_phase"
  | "bad_let"
  | "bad_xpath"
  | "limit";

/** The rules themselves cannot be used. `file` is a path of the tree, `line` starts at 1 (null: the file as a whole). */
export class SchematronError extends Error {
  readonly code: SchematronErrorCode;
  readonly file: string;
  readonly line: number | null;
  readonly detail: string;
  constructor(code: SchematronErrorCode, file: string, line: number | null, detail: string) {
    super(`${code}: ${file}${line === null ? "" : `:${line}`}: ${detail}`);
    this.name = "SchematronError";
    this.code = code;
    this.file = file;
    this.line = line;
    this.detail = detail;
  }
}

/** An include that only a file system without letter case resolves: `asked` by `file`, `found` in the tree. */
export interface CaseFix {
  readonly file: string;
  readonly line: number;
  readonly asked: string;
  readonly found: string;
}

export interface SchematronPattern {
  readonly id: string | null;
  readonly rules: number;
  readonly assertions: number;
}

/** A document named by a literal in `document()` or `doc()`, resolved beside the entry. `found` is null when it is not in the tree. */
export interface AskedDocument {
  readonly asked: string;
  readonly path: string;
  readonly found: string | null;
}

/** Rules ready to run: includes, abstract patterns and phase applied. Reusable for any number of documents. */
export interface Schematron {
  readonly entry: string;
  /** Phase in use, null for all patterns. */
  readonly phase: string | null;
  readonly title: string | null;
  readonly patterns: readonly SchematronPattern[];
  readonly assertions: number;
  readonly caseFixes: readonly CaseFix[];
  /** Files the rules were assembled from, entry first, in the order met. */
  readonly files: readonly string[];
  readonly documents: readonly AskedDocument[];
}

export type SchematronEngine = "fontoxpath" | "fast";

export interface SchematronFailure {
  /** Stable within one schematron: `<pattern id or #n>/<rule n>/<assertion n>`, counted from 1 after extension. */
  readonly key: string;
  readonly pattern: string | null;
  readonly kind: "assert" | "report";
  readonly role: string | null;
  readonly see: string | null;
  readonly test: string;
  readonly context: string;
  /** As SVRL writes it: `/*:ClinicalDocument[namespace-uri()='urn:hl7-org:v3'][1]/…`. */
  readonly location: string;
  /** For people: `ClinicalDocument/recordTarget[2]/…`, an index only where a name repeats. */
  readonly path: string;
  readonly line: number | null;
  /** Message of the rule with its values, white space normalised. */
  readonly text: string;
}

export type RunErrorCode = "missing_document" | "bad_document" | "xpath" | "message" | "limit";

/** An expression that could not be evaluated. The official engine aborts there: neither a pass nor a failure. */
export interface SchematronRunError {
  readonly key: string;
  readonly code: RunErrorCode;
  readonly detail: string;
  /** Place of the first node where it happened, as in a failure. */
  readonly location: string;
  /** How many nodes it happened at. */
  readonly count: number;
}

export interface SchematronRun {
  /** Nodes at which a rule applied (fired-rule of SVRL). */
  readonly firedRules: number;
  readonly failures: readonly SchematronFailure[];
  readonly errors: readonly SchematronRunError[];
}

export interface SchematronLimits {
  /** Files assembled into one schematron. Default 2 000. */
  readonly maxFiles?: number;
  /** Bytes of all these files together. Default 32 MB. */
  readonly maxBytes?: number;
  /** Assertions after expansion. Default 100 000. */
  readonly maxAssertions?: number;
  /** Characters of one expression after parameters. Default 64 K. */
  readonly maxExpression?: number;
}
