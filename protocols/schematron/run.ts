/** Running compiled rules on a document, as the style sheets the skeleton writes would. */
import { DocumentError, hasDocument, loadDocument, textsInDocument } from "./documents.js";
import { fontoBoolean, fontoHolds, fontoText } from "./fonto.js";
import { matchedNodes, type MatchedSteps, type MatchStep, type StepJudge } from "./match.js";
import { collapse, type Assertion, type Expression, type Let, type Pattern, type Rule } from "./rules.js";
import { CompiledSchematron } from "./schema.js";
import { lineOf, parseTree, shortPath, svrlLocation, type SNode, type STree } from "./tree.js";
import type {
  RunErrorCode,
  Schematron,
  SchematronEngine,
  SchematronFailure,
  SchematronRun,
  SchematronRunError,
} from "./types.js";
import { Focus, type Code, type Environment } from "./xpath-code.js";
import { budget, OutOfBudget } from "./xpath-axes.js";
import { compileFast } from "./xpath-compile.js";
import { filterCounting } from "./xpath-path.js";
import { matchesTest } from "./xpath-static.js";
import { NotFast, toText, type Item } from "./xpath-values.js";

/** A document read once for any number of schematrons. */
export interface SchematronInput {
  /** Local name and namespace of the root element. */
  readonly root: { readonly name: string; readonly ns: string };
  /** Elements in the document. */
  readonly elements: number;
}

export interface RunOptions {
  /** Default "fast": our evaluator, fontoxpath for what it leaves. */
  readonly engine?: SchematronEngine;
  /** Failures kept; more end the run with an error. Default 20 000. */
  readonly maxFailures?: number;
  /** Nodes the fast evaluator may walk over; more end the run with an error. Default 1 000 million, some ten seconds. */
  readonly maxSteps?: number;
}

class PreparedDocument implements SchematronInput {
  readonly tree: STree;
  readonly root: { readonly name: string; readonly ns: string };
  readonly elements: number;
  constructor(bytes: Uint8Array) {
    this.tree = parseTree(bytes);
    this.root = { name: this.tree.element.localName, ns: this.tree.element.namespaceURI ?? "" };
    this.elements = this.tree.elements.length;
  }
}

/** Throws XmlError on bytes that are not XML we accept. */
export function prepareDocument(bytes: Uint8Array): SchematronInput {
  return new PreparedDocument(bytes);
}

/** Throws XmlError on bytes that are not XML we accept; whatever goes wrong in the rules is in `errors`. */
export function runSchematron(
  schematron: Schematron,
  document: Uint8Array | SchematronInput,
  options: RunOptions = {},
): SchematronRun {
  if (!(schematron instanceof CompiledSchematron)) throw new TypeError("not made by compileSchematron");
  const input = document instanceof Uint8Array ? new PreparedDocument(document) : document;
  if (!(input instanceof PreparedDocument)) throw new TypeError("not made by prepareDocument");
  return new Run(schematron, input.tree, options).run();
}

/** Compiled forms, kept with the rules: null where the fast evaluator does not cover the expression. */
const codes = new WeakMap<Expression, Code | null>();
const stepCodes = new WeakMap<MatchStep, readonly Code[] | null>();

function codeOf(expression: Expression): Code | null {
  let code = codes.get(expression);
  if (code === undefined) {
    code = attempt(() => compileFast(expression.tree, (name) => expression.variables.get(name) ?? null));
    codes.set(expression, code);
  }
  return code;
}

function stepCodesOf(match: MatchStep): readonly Code[] | null {
  let found = stepCodes.get(match);
  if (found === undefined) {
    const { expression } = match;
    found = attempt(() =>
      match.step.predicates.map((p) => compileFast(p, (name) => expression.variables.get(name) ?? null)),
    );
    stepCodes.set(match, found);
  }
  return found;
}

/** null when the fast evaluator gives up. */
function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotFast || error instanceof RangeError || error instanceof DocumentError) return null;
    throw error;
  }
}

class TooMany extends Error {}

class Run implements Environment, StepJudge {
  readonly tree: STree;
  readonly documents: object;
  private readonly schematron: CompiledSchematron;
  private readonly fast: boolean;
  private readonly maxFailures: number;
  private readonly maxSteps: number;
  private readonly failures: SchematronFailure[] = [];
  private readonly errors = new Map<string, { error: SchematronRunError; count: number }>();
  private readonly globals = new Map<object, readonly Item[]>();
  private readonly locals = new Map<object, readonly Item[]>();
  private readonly matched: MatchedSteps = new Map();
  private current: SNode;
  private fired = 0;
  /** Why fontoxpath failed, when a document was the cause: its own message hides it. */
  private failedDocument: DocumentError | null = null;

  constructor(schematron: CompiledSchematron, tree: STree, options: RunOptions) {
    this.schematron = schematron;
    this.tree = tree;
    this.documents = schematron;
    this.fast = options.engine !== "fontoxpath";
    this.maxFailures = options.maxFailures ?? 20_000;
    this.maxSteps = options.maxSteps ?? 1_000_000_000;
    this.current = tree.root;
  }

  run(): SchematronRun {
    budget.left = this.maxSteps;
    try {
      for (const pattern of this.schematron.rules) this.pattern(pattern);
    } catch (error) {
      if (error instanceof TooMany) this.error("", "limit", `more than ${this.maxFailures} failures`, this.tree.root);
      else if (error instanceof OutOfBudget) this.error("", "limit", `more than ${this.maxSteps} steps`, this.current);
      else throw error;
    } finally {
      budget.left = Infinity;
    }
    return {
      firedRules: this.fired,
      failures: this.failures,
      errors: [...this.errors.values()].map(({ error, count }) => ({ ...error, count })),
    };
  }

  private pattern(pattern: Pattern): void {
    // The first rule that matches a node has it; then the nodes are visited in document order.
    const taken = new Map<SNode, Rule>();
    for (const rule of pattern.rules) {
      for (const node of matchedNodes(this.tree, rule.match, this, this.matched))
        if (!taken.has(node)) taken.set(node, rule);
    }
    for (const [node, rule] of [...taken].sort(([a], [b]) => a.order - b.order)) {
      this.fired += 1;
      this.enter(node);
      for (const assertion of rule.assertions) this.assertion(pattern, rule, assertion, node);
    }
  }

  private enter(node: SNode): void {
    this.current = node;
    this.locals.clear();
  }

  private assertion(pattern: Pattern, rule: Rule, assertion: Assertion, node: SNode): void {
    const { check } = assertion;
    let holds: boolean;
    try {
      holds = this.boolean(check.test, node);
    } catch (error) {
      if (error instanceof OutOfBudget) throw error;
      this.failedExpression(assertion.key, "xpath", error, node);
      return;
    }
    if (holds !== (check.kind === "report")) return;
    if (this.failures.length >= this.maxFailures) throw new TooMany();
    this.failures.push({
      key: assertion.key,
      pattern: pattern.id,
      kind: check.kind,
      role: check.role,
      see: check.see,
      test: check.test.source,
      context: rule.context,
      location: svrlLocation(node),
      path: shortPath(node),
      line: lineOf(node),
      text: collapse(
        check.message.map((part) => (typeof part === "string" ? part : this.value(part, assertion, node))).join(""),
      ),
    });
  }

  private value(part: Expression, assertion: Assertion, node: SNode): string {
    try {
      return this.text(part, node);
    } catch (error) {
      if (error instanceof OutOfBudget) throw error;
      this.failedExpression(assertion.key, "message", error, node);
      return "";
    }
  }

  private failedExpression(key: string, code: RunErrorCode, error: unknown, node: SNode): void {
    const cause = this.failedDocument;
    this.failedDocument = null;
    if (cause) this.error(key, cause.code, cause.message, node);
    else if (error instanceof RangeError) this.error(key, "limit", "nested too deeply", node);
    else this.error(key, code, firstLine(error instanceof Error ? error.message : String(error)), node);
  }

  private error(key: string, code: RunErrorCode, detail: string, node: SNode): void {
    const id = `${key} ${code}`;
    const known = this.errors.get(id);
    if (known) known.count += 1;
    else this.errors.set(id, { error: { key, code, detail, location: svrlLocation(node), count: 1 }, count: 1 });
  }

  private focus(node: SNode): Focus {
    return new Focus(this, node, [], node, 1, 1);
  }

  private boolean(expression: Expression, node: SNode): boolean {
    const code = this.fast ? codeOf(expression) : null;
    const quick = code ? attempt(() => code.test(this.focus(node))) : null;
    if (quick !== null) return quick;
    this.failedDocument = null;
    return fontoBoolean(expression, node, this);
  }

  private text(expression: Expression, node: SNode): string {
    const code = this.fast ? codeOf(expression) : null;
    const quick = code ? attempt(() => code.all(this.focus(node)).map(toText).join(" ")) : null;
    if (quick !== null) return quick;
    this.failedDocument = null;
    return fontoText(expression, node, this);
  }

  /** An error in a match pattern means no match, as in XSLT; a document that is not there is told all the same. */
  holds(match: MatchStep, node: SNode): boolean {
    this.enter(node);
    const quick = this.fast ? this.holdsFast(match, node) : null;
    if (quick !== null) return quick;
    this.failedDocument = null;
    try {
      return fontoHolds(match, node, this);
    } catch (error) {
      if (this.failedDocument) this.failedExpression(match.expression.source, "xpath", error, node);
      return false;
    }
  }

  private holdsFast(match: MatchStep, node: SNode): boolean | null {
    const predicates = stepCodesOf(match);
    if (!predicates) return null;
    const focus = this.focus(node);
    if (!match.positional) return attempt(() => predicates.every((p) => p.test(focus)));
    return attempt(() => {
      let list: readonly Item[] = (node.parentNode?.childNodes ?? []).filter((n) =>
        matchesTest(n, match.step.test, node.nodeType),
      );
      for (const p of predicates) list = filterCounting(list, p, focus);
      return list.includes(node);
    });
  }

  variable(slot: object): readonly Item[] {
    const binding = slot as Let;
    const values = binding.global ? this.globals : this.locals;
    let value = values.get(binding);
    if (!value) {
      const code = codeOf(binding.expression);
      if (!code) throw new NotFast(`variable ${binding.name}`);
      value = code.all(this.focus(binding.global ? this.tree.root : this.current));
      values.set(binding, value);
    }
    return value;
  }

  document(uri: string): STree {
    return this.reading(() => loadDocument(this.schematron.tree, this.schematron.entry, uri));
  }

  texts(uri: string, element: string): ReadonlySet<string> {
    return this.reading(() => textsInDocument(this.schematron.tree, this.schematron.entry, uri, element));
  }

  private reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof DocumentError) this.failedDocument = error;
      throw error;
    }
  }

  hasDocument(uri: string): boolean {
    return hasDocument(this.schematron.tree, this.schematron.entry, uri);
  }
}

function firstLine(message: string): string {
  const line = message.split("\n").find((l) => l.trim() !== "") ?? message;
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
