/** Assembled schema to rules: phase, variables in scope, extended rules, every expression parsed. */
import { assemble, schemaElements, type SchemaElement } from "./assemble.js";
import { findFile, resolvePath } from "./files.js";
import {
  collapse,
  type Assertion,
  type Check,
  type Expression,
  type Let,
  type MessagePart,
  type Pattern,
  type Rule,
  type Scope,
} from "./rules.js";
import { compileMatch, type KnownSteps, type MatchPattern } from "./match.js";
import {
  SchematronError,
  type AskedDocument,
  type CaseFix,
  type RuleFiles,
  type Schematron,
  type SchematronLimits,
  type SchematronPattern,
} from "./types.js";
import { FN, freeVariables, partsOf, type Expr, type Step } from "./xpath-ast.js";
import { XPathSyntaxError } from "./xpath-lexer.js";
import { parseXPath, type Prefixes } from "./xpath-parser.js";

export interface CompileOptions {
  /** Phase to apply; default: the schema's defaultPhase, else all patterns. `#ALL` for all. */
  readonly phase?: string;
  readonly limits?: SchematronLimits;
}

/** Copies of all variables that writing one out in full would make; a chain of doublings reaches this soon. */
const MAX_COPIES = 1_000_000;

/** Prefixes that the skeleton's own style sheet declares around every schema. */
const BUILT_IN: Readonly<Record<string, string>> = {
  xml: "http://www.w3.org/XML/1998/namespace",
  xs: "http://www.w3.org/2001/XMLSchema",
  xsd: "http://www.w3.org/2001/XMLSchema",
};

const BINDINGS = ["xslt2", "xpath2"];

/** Compiled rules; `Schematron` to the outside. */
export class CompiledSchematron implements Schematron {
  readonly entry: string;
  readonly phase: string | null;
  readonly title: string | null;
  readonly caseFixes: readonly CaseFix[];
  readonly files: readonly string[];
  readonly tree: RuleFiles;
  readonly rules: readonly Pattern[];
  readonly patterns: readonly SchematronPattern[];
  readonly assertions: number;
  readonly documents: readonly AskedDocument[];

  constructor(tree: RuleFiles, entry: string, options: CompileOptions) {
    const limits = options.limits ?? {};
    const { schema, caseFixes, files } = assemble(tree, entry, limits);
    const builder = new Builder(schema, entry, tree, limits);
    this.tree = tree;
    this.entry = entry;
    this.caseFixes = caseFixes;
    this.files = files;
    this.phase = phaseOf(schema, options.phase);
    this.rules = builder.build(this.phase);
    this.title = builder.title;
    this.patterns = this.rules.map((p) => ({
      id: p.id,
      rules: p.rules.length,
      assertions: p.rules.reduce((n, r) => n + r.assertions.length, 0),
    }));
    this.assertions = this.patterns.reduce((n, p) => n + p.assertions, 0);
    this.documents = [...builder.documents.values()];
  }
}

/** Throws SchematronError, and nothing else. */
export function compileSchematron(files: RuleFiles, entry: string, options: CompileOptions = {}): Schematron {
  try {
    return new CompiledSchematron(files, entry, options);
  } catch (error) {
    if (error instanceof RangeError) throw new SchematronError("limit", entry, null, "nested too deeply");
    throw error;
  }
}

function phaseOf(schema: SchemaElement, asked: string | undefined): string | null {
  const phase = (asked ?? schema.attributes["defaultPhase"] ?? "#ALL").trim();
  if (phase === "#ALL") return null;
  if (!schemaElements(schema).some((e) => e.name === "phase" && e.attributes["id"] === phase)) {
    throw new SchematronError("unknown_phase", schema.file, schema.line, `no phase "${phase}"`);
  }
  return phase;
}

class Builder {
  readonly documents = new Map<string, AskedDocument>();
  readonly title: string | null;
  private readonly schema: SchemaElement;
  private readonly entry: string;
  private readonly tree: RuleFiles;
  private readonly maxAssertions: number;
  private readonly maxExpression: number;
  private readonly prefixes: Prefixes;
  private readonly globals = new Map<string, Let>();
  private readonly parents = new Map<SchemaElement, SchemaElement>();
  private readonly rulesById = new Map<string, SchemaElement[]>();
  /** Equal text without variables is one expression, parsed and compiled once: abstract rules repeat it by the thousand. */
  private readonly closed = new Map<string, Expression>();
  private readonly parsedSources = new Map<string, Expr>();
  /** What an element became, as long as the scope before it is the same one. */
  private readonly madeLets = new Map<SchemaElement, Scope>();
  private readonly madeChecks = new Map<SchemaElement, Check & { readonly scope: Scope | null }>();
  private readonly steps: KnownSteps = new Map();
  private assertions = 0;

  constructor(schema: SchemaElement, entry: string, tree: RuleFiles, limits: SchematronLimits) {
    this.schema = schema;
    this.entry = entry;
    this.tree = tree;
    this.maxAssertions = limits.maxAssertions ?? 100_000;
    this.maxExpression = limits.maxExpression ?? 64 * 1024;
    const title = schemaElements(schema).find((e) => e.name === "title");
    this.title = title ? collapse(title.children.filter((c) => typeof c === "string").join("")) : null;
    const binding = schema.attributes["queryBinding"] ?? "xslt";
    if (!BINDINGS.includes(binding)) {
      throw new SchematronError("unsupported", schema.file, schema.line, `queryBinding "${binding}"`);
    }
    const declared = new Map(Object.entries(BUILT_IN));
    for (const e of schemaElements(schema)) {
      if (e.name !== "ns") continue;
      const prefix = e.attributes["prefix"];
      const uri = e.attributes["uri"];
      if (prefix === undefined || uri === undefined)
        throw new SchematronError("not_schematron", e.file, e.line, "ns without prefix or uri");
      declared.set(prefix, uri);
    }
    this.prefixes = (prefix) => declared.get(prefix) ?? null;
    const collect = (e: SchemaElement): void => {
      for (const c of schemaElements(e)) {
        this.parents.set(c, e);
        const id = c.attributes["id"];
        if (c.name === "rule" && id !== undefined) this.rulesById.set(id, [...(this.rulesById.get(id) ?? []), c]);
        collect(c);
      }
    };
    collect(schema);
  }

  build(phase: string | null): Pattern[] {
    const top = schemaElements(this.schema);
    const active = new Set<string>();
    for (const p of top.filter((e) => e.name === "phase" && e.attributes["id"] === phase)) {
      for (const a of schemaElements(p))
        if (a.name === "active" && a.attributes["pattern"]) active.add(a.attributes["pattern"]);
    }
    const used = top.filter((e) => e.name === "pattern" && (phase === null || active.has(e.attributes["id"] ?? "")));
    // The skeleton writes a let of the schema as a parameter and one of an active pattern as a variable of the whole sheet.
    const lets = [...top, ...used.flatMap(schemaElements)].filter((e) => e.name === "let");
    this.declareGlobals(lets);
    const ids = new Map<string, number>();
    return used.map((e, n) => {
      const id = e.attributes["id"] ?? null;
      const label = id ?? `#${n + 1}`;
      const before = ids.get(label) ?? 0;
      ids.set(label, before + 1);
      return this.pattern(e, id, before === 0 ? label : `${label}~${before + 1}`);
    });
  }

  private declareGlobals(lets: readonly SchemaElement[]): void {
    const variables = new Map<string, Let>();
    const pending: { at: SchemaElement; expression: Expression; own: Map<string, Let> }[] = [];
    for (const e of lets) {
      const { name, source } = this.letOf(e);
      if (this.globals.has(name))
        throw new SchematronError("bad_let", e.file, e.line, `variable "${name}" is declared twice`);
      const own = new Map<string, Let>();
      const expression: Expression = { source, tree: this.parse(source, e), prefixes: this.prefixes, variables: own };
      const binding: Let = { name, copies: 1, global: true, expression };
      this.globals.set(name, binding);
      variables.set(name, binding);
      pending.push({ at: e, expression, own });
    }
    // Globals may use each other in any order, but not in a circle.
    for (const { at, expression, own } of pending) {
      for (const name of freeVariables(expression.tree)) {
        const binding = variables.get(name);
        if (!binding) throw new SchematronError("bad_xpath", at.file, at.line, `variable "$${name}" is not declared`);
        own.set(name, binding);
      }
    }
    const state = new Map<Let, "open" | "done">();
    const visit = (binding: Let, at: SchemaElement): void => {
      if (state.get(binding) === "done") return;
      if (state.get(binding) === "open")
        throw new SchematronError("bad_let", at.file, at.line, `variable "${binding.name}" depends on itself`);
      state.set(binding, "open");
      for (const other of binding.expression.variables.values()) visit(other, at);
      binding.copies = this.copiesOf(binding.expression, at);
      state.set(binding, "done");
    };
    for (const [n, binding] of [...variables.values()].entries()) {
      const at = lets[n];
      if (at) visit(binding, at);
    }
    for (const { expression, at } of pending) this.noteDocuments(expression, at);
  }

  private copiesOf(expression: Expression, at: SchemaElement): number {
    let copies = 1;
    const walk = (e: Expr | Step): void => {
      if (e.k === "variable") copies += expression.variables.get(e.name)?.copies ?? 0;
      for (const part of partsOf(e)) walk(part);
    };
    walk(expression.tree);
    if (copies > MAX_COPIES) throw new SchematronError("limit", at.file, at.line, "variables that multiply each other");
    return copies;
  }

  private letOf(e: SchemaElement): { name: string; source: string } {
    const name = e.attributes["name"]?.trim();
    const source = e.attributes["value"];
    if (!name) throw new SchematronError("bad_let", e.file, e.line, "let without a name");
    if (source === undefined)
      throw new SchematronError("unsupported", e.file, e.line, `variable "${name}" holds elements, not an expression`);
    return { name, source };
  }

  private pattern(e: SchemaElement, id: string | null, label: string): Pattern {
    if (e.attributes["documents"] !== undefined || e.attributes["document"] !== undefined) {
      throw new SchematronError("unsupported", e.file, e.line, "pattern over other documents");
    }
    const rules = schemaElements(e).filter((c) => c.name === "rule" && c.attributes["abstract"] !== "true");
    return { id, rules: rules.map((r, n) => this.rule(r, `${label}/${n + 1}`)) };
  }

  private rule(e: SchemaElement, label: string): Rule {
    const context = e.attributes["context"];
    if (context === undefined) throw new SchematronError("not_schematron", e.file, e.line, "rule without context");
    const expression = this.expression(context, e, null);
    let match: MatchPattern;
    try {
      match = compileMatch(expression, this.steps);
    } catch (error) {
      if (!(error instanceof XPathSyntaxError)) throw error;
      throw new SchematronError("bad_xpath", e.file, e.line, `context ${context}: ${error.message}`);
    }
    const assertions: Assertion[] = [];
    this.body(e, null, label, assertions, []);
    return { context, match, assertions };
  }

  /** Adds the assertions of a rule, those of the rules it extends in their place. Returns the scope after it. */
  private body(
    e: SchemaElement,
    outer: Scope | null,
    label: string,
    assertions: Assertion[],
    extending: readonly SchemaElement[],
  ): Scope | null {
    let scope = outer;
    for (const c of schemaElements(e)) {
      if (c.name === "let") {
        const known = this.madeLets.get(c);
        if (known && known.outer === scope) scope = known;
        else {
          const { name, source } = this.letOf(c);
          const expression = this.expression(source, c, scope);
          scope = { binding: { name, copies: this.copiesOf(expression, c), global: false, expression }, outer: scope };
          this.madeLets.set(c, scope);
        }
      } else if (c.name === "assert" || c.name === "report") {
        if (++this.assertions > this.maxAssertions) {
          throw new SchematronError("limit", c.file, c.line, `more than ${this.maxAssertions} assertions`);
        }
        assertions.push({ key: `${label}/${assertions.length + 1}`, check: this.check(c, c.name, scope) });
      } else if (c.name === "extends") {
        for (const base of this.extended(c, e)) {
          if (extending.includes(base) || extending.length > 50) {
            throw new SchematronError("include_loop", c.file, c.line, "a rule extends itself");
          }
          scope = this.body(base, scope, label, assertions, [...extending, base]);
        }
      }
    }
    return scope;
  }

  private check(c: SchemaElement, kind: Check["kind"], scope: Scope | null): Check {
    const known = this.madeChecks.get(c);
    if (known && known.scope === scope) return known;
    const test = c.attributes["test"];
    if (test === undefined) throw new SchematronError("not_schematron", c.file, c.line, `${kind} without test`);
    const made = {
      kind,
      role: c.attributes["role"] || null,
      see: c.attributes["see"] || null,
      test: this.expression(test, c, scope),
      message: this.message(c, scope),
      scope,
    };
    this.madeChecks.set(c, made);
    return made;
  }

  /** Rules of that id beside the extending one, else anywhere in the schema; only abstract ones have something to give. */
  private extended(c: SchemaElement, rule: SchemaElement): SchemaElement[] {
    const all = this.rulesById.get(c.attributes["rule"] ?? "") ?? [];
    const home = this.parents.get(rule);
    const local = all.filter((r) => this.parents.get(r) === home);
    const chosen = local.length > 0 ? local : all;
    const found = chosen.filter((r) => r.attributes["abstract"] === "true");
    if (found.length === 0)
      throw new SchematronError("abstract_unknown", c.file, c.line, `no abstract rule "${c.attributes["rule"] ?? ""}"`);
    return found;
  }

  private message(e: SchemaElement, scope: Scope | null): MessagePart[] {
    const parts: MessagePart[] = [];
    for (const c of e.children) {
      // Text of white space alone does not outlive the style sheet that the skeleton writes it into.
      if (typeof c === "string") {
        if (collapse(c) !== "") parts.push(c);
      } else if (c.name === "value-of") parts.push(this.expression(c.attributes["select"] ?? ".", c, scope));
      else if (c.name === "name") parts.push(this.expression(`name(${c.attributes["path"] ?? "."})`, c, scope));
      else if (c.name === "emph" || c.name === "span" || c.name === "dir") {
        parts.push(...c.children.filter((t) => typeof t === "string" && collapse(t) !== "").map(String));
      }
    }
    return parts;
  }

  private expression(source: string, at: SchemaElement, scope: Scope | null): Expression {
    const known = this.closed.get(source);
    if (known) return known;
    const tree = this.parse(source, at);
    const variables = new Map<string, Let>();
    for (const name of source.includes("$") ? freeVariables(tree) : []) {
      let binding: Let | undefined;
      for (let s = scope; s && !binding; s = s.outer) if (s.binding.name === name) binding = s.binding;
      binding ??= this.globals.get(name);
      if (!binding) throw new SchematronError("bad_xpath", at.file, at.line, `variable "$${name}" is not declared`);
      variables.set(name, binding);
    }
    const expression = { source, tree, prefixes: this.prefixes, variables };
    this.noteDocuments(expression, at);
    if (variables.size === 0) this.closed.set(source, expression);
    return expression;
  }

  private parse(source: string, at: SchemaElement): Expr {
    const known = this.parsedSources.get(source);
    if (known) return known;
    if (source.length > this.maxExpression) {
      throw new SchematronError("limit", at.file, at.line, `expression of ${source.length} characters`);
    }
    try {
      const tree = parseXPath(source, this.prefixes);
      this.parsedSources.set(source, tree);
      return tree;
    } catch (error) {
      if (!(error instanceof XPathSyntaxError)) throw error;
      const shown = source.length > 200 ? `${source.slice(0, 200)}…` : source;
      throw new SchematronError(error.limit ? "limit" : "bad_xpath", at.file, at.line, `${shown}: ${error.message}`);
    }
  }

  /** Documents named by a literal, or by a variable that is one. */
  private noteDocuments(expression: Expression, at: SchemaElement): void {
    if (!expression.source.includes("doc")) return;
    const walk = (e: Expr | Step): void => {
      if (e.k === "call" && e.ns === FN && (e.name === "doc" || e.name === "document")) {
        const [argument] = e.args;
        const literal = argument ? literalOf(argument, expression) : null;
        if (literal !== null && !this.documents.has(literal)) {
          const path = resolvePath(this.entry, literal);
          if (path === null) throw new SchematronError("outside_tree", at.file, at.line, `document "${literal}"`);
          this.documents.set(literal, { asked: literal, path, found: findFile(this.tree, path)?.path ?? null });
        }
      }
      for (const part of partsOf(e)) walk(part);
    };
    walk(expression.tree);
  }
}

function literalOf(e: Expr, within: Expression): string | null {
  if (e.k === "string") return e.value;
  if (e.k !== "variable") return null;
  const tree = within.variables.get(e.name)?.expression.tree;
  return tree?.k === "string" ? tree.value : null;
}
