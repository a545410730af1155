/**
 * Parser of XPath 2.0 (W3C Recommendation, second edition, appendix A.1), without schema types. Prefixes are resolved while
 * parsing; there is no default element namespace, as in the style sheets the skeleton writes.
 */
import {
  DEEP,
  FN,
  type Axis,
  type Expr,
  type ExprOf,
  type GeneralOperator,
  type NodeTest,
  type Step,
} from "./xpath-ast.js";
import { tokenize, XPathSyntaxError, type Token } from "./xpath-lexer.js";

const MAX_DEPTH = 200;

const AXES: readonly string[] = [
  "child",
  "descendant",
  "descendant-or-self",
  "attribute",
  "self",
  "parent",
  "ancestor",
  "ancestor-or-self",
  "following",
  "following-sibling",
  "preceding",
  "preceding-sibling",
];
const KINDS = ["node", "text", "comment", "processing-instruction", "element", "attribute", "document-node"];
const GENERAL: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];
const VALUE: Readonly<Record<string, GeneralOperator>> = { eq: "=", ne: "!=", lt: "<", le: "<=", gt: ">", ge: ">=" };

/** Namespace of a prefix, null when it is not declared. */
export type Prefixes = (prefix: string) => string | null;

/** Throws XPathSyntaxError. */
export function parseXPath(source: string, prefixes: Prefixes): Expr {
  const parser = new Parser(tokenize(source), prefixes);
  const expr = parser.sequence();
  parser.expectEnd();
  return expr;
}

class Parser {
  private at = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];
  private readonly prefixes: Prefixes;

  constructor(tokens: readonly Token[], prefixes: Prefixes) {
    this.tokens = tokens;
    this.prefixes = prefixes;
  }

  private peek(ahead = 0): Token {
    const token = this.tokens[this.at + ahead] ?? this.tokens[this.tokens.length - 1];
    if (!token) throw new XPathSyntaxError("nothing to read", 0);
    return token;
  }
  private next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }
  private end(): number {
    return this.tokens[this.at - 1]?.to ?? 0;
  }
  private symbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "symbol" && token.text === text;
  }
  private word(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "name" && token.prefix === "" && token.text === text;
  }
  private accept(text: string): boolean {
    if (!this.symbol(text)) return false;
    this.at += 1;
    return true;
  }
  private expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected "${text}"`);
  }
  private expectWord(text: string): void {
    if (!this.word(text)) this.fail(`expected "${text}"`);
    this.at += 1;
  }
  private fail(message: string): never {
    const token = this.peek();
    throw new XPathSyntaxError(`${message}, found ${token.kind === "end" ? "the end" : `"${token.text}"`}`, token.from);
  }
  expectEnd(): void {
    if (this.peek().kind !== "end") this.fail("expected the end");
  }
  private resolve(prefix: string, at: number): string {
    const ns = this.prefixes(prefix);
    if (ns === null) throw new XPathSyntaxError(`prefix "${prefix}" is not declared`, at);
    return ns;
  }

  /** Expr: one or more expressions separated by commas. */
  sequence(): Expr {
    const from = this.peek().from;
    const items = [this.single()];
    while (this.accept(",")) items.push(this.single());
    const [only] = items;
    return items.length === 1 && only ? only : { k: "sequence", from, to: this.end(), items };
  }

  private single(): Expr {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new XPathSyntaxError("nested too deeply", this.peek().from, true);
    try {
      const quantified = this.word("for") || this.word("some") || this.word("every");
      if (quantified && this.symbol("$", 1)) return this.quantified();
      if (this.word("if") && this.symbol("(", 1)) return this.conditional();
      return this.or();
    } finally {
      this.depth -= 1;
    }
  }

  private quantified(): Expr {
    const { text: k, from } = this.next();
    const bindings: { name: string; in: Expr }[] = [];
    do {
      this.expect("$");
      const name = this.variableName();
      this.expectWord("in");
      bindings.push({ name, in: this.single() });
    } while (this.accept(","));
    this.expectWord(k === "for" ? "return" : "satisfies");
    let body = this.single();
    for (const b of bindings.reverse()) {
      body = {
        k: k === "for" ? "for" : k === "some" ? "some" : "every",
        from,
        to: this.end(),
        name: b.name,
        in: b.in,
        body,
      };
    }
    return body;
  }

  private variableName(): string {
    const token = this.next();
    if (token.kind !== "name" || token.prefix !== "")
      throw new XPathSyntaxError("expected the name of a variable", token.from);
    return token.text;
  }

  private conditional(): Expr {
    const from = this.next().from;
    this.expect("(");
    const test = this.sequence();
    this.expect(")");
    this.expectWord("then");
    const then = this.single();
    this.expectWord("else");
    return { k: "if", from, test, then, else: this.single(), to: this.end() };
  }

  private or(): Expr {
    const from = this.peek().from;
    const items = [this.and()];
    while (this.word("or")) {
      this.at += 1;
      items.push(this.and());
    }
    const [only] = items;
    return items.length === 1 && only ? only : { k: "or", from, to: this.end(), items };
  }

  private and(): Expr {
    const from = this.peek().from;
    const items = [this.comparison()];
    while (this.word("and")) {
      this.at += 1;
      items.push(this.comparison());
    }
    const [only] = items;
    return items.length === 1 && only ? only : { k: "and", from, to: this.end(), items };
  }

  private comparison(): Expr {
    const a = this.range();
    const token = this.peek();
    const from = a.from;
    if (token.kind === "symbol") {
      if (GENERAL.includes(token.text)) {
        this.at += 1;
        return { k: "compare", from, op: token.text as GeneralOperator, a, b: this.range(), to: this.end() };
      }
      if (token.text === "<<" || token.text === ">>") {
        this.at += 1;
        return { k: "node", from, op: token.text, a, b: this.range(), to: this.end() };
      }
    } else if (token.kind === "name" && token.prefix === "") {
      if (token.text === "is") {
        this.at += 1;
        return { k: "node", from, op: "is", a, b: this.range(), to: this.end() };
      }
      const op = Object.hasOwn(VALUE, token.text) ? VALUE[token.text] : undefined;
      if (op !== undefined) {
        this.at += 1;
        return { k: "value", from, op, a, b: this.range(), to: this.end() };
      }
    }
    return a;
  }

  private range(): Expr {
    const a = this.additive();
    if (!this.word("to")) return a;
    this.at += 1;
    return { k: "range", from: a.from, a, b: this.additive(), to: this.end() };
  }

  private additive(): Expr {
    let a = this.multiplicative();
    while (this.symbol("+") || this.symbol("-")) {
      const op = this.next().text === "+" ? "+" : "-";
      a = { k: "arithmetic", from: a.from, op, a, b: this.multiplicative(), to: this.end() };
    }
    return a;
  }

  private multiplicative(): Expr {
    let a = this.union();
    for (;;) {
      const op = this.symbol("*") ? "*" : (["div", "idiv", "mod"] as const).find((w) => this.word(w));
      if (op === undefined) return a;
      this.at += 1;
      a = { k: "arithmetic", from: a.from, op, a, b: this.union(), to: this.end() };
    }
  }

  private union(): Expr {
    const from = this.peek().from;
    const items = [this.intersect()];
    while (this.symbol("|") || this.word("union")) {
      this.at += 1;
      items.push(this.intersect());
    }
    const [only] = items;
    return items.length === 1 && only ? only : { k: "union", from, to: this.end(), items };
  }

  private intersect(): Expr {
    let a = this.typed();
    while (this.word("intersect") || this.word("except")) {
      const op = this.next().text === "except" ? "except" : "intersect";
      a = { k: "combine", from: a.from, op, a, b: this.typed(), to: this.end() };
    }
    return a;
  }

  /** `instance of`, `treat as`, `castable as` and `cast as`, binding in this order, the last the tightest. */
  private typed(): Expr {
    let a = this.unary();
    if (this.word("cast") && this.word("as", 1)) a = this.castTo("cast", a);
    if (this.word("castable") && this.word("as", 1)) a = this.castTo("castable", a);
    for (const [first, second] of [
      ["treat", "as"],
      ["instance", "of"],
    ] as const) {
      if (!this.word(first) || !this.word(second, 1)) continue;
      this.at += 2;
      this.sequenceType();
      a = { k: "typed", from: a.from, a, to: this.end() };
    }
    return a;
  }

  private castTo(k: "cast" | "castable", a: Expr): Expr {
    this.at += 2;
    const token = this.next();
    if (token.kind !== "name") throw new XPathSyntaxError("expected a type", token.from);
    const ns = this.resolve(token.prefix, token.from);
    return { k, from: a.from, a, type: `${ns} ${token.text}`, optional: this.accept("?"), to: this.end() };
  }

  private sequenceType(): void {
    const token = this.next();
    if (token.kind !== "name") throw new XPathSyntaxError("expected a type", token.from);
    if (this.accept("(")) {
      for (let open = 1; open > 0;) {
        const inside = this.next();
        if (inside.kind === "end") this.fail('expected ")"');
        if (inside.kind === "symbol" && inside.text === "(") open += 1;
        if (inside.kind === "symbol" && inside.text === ")") open -= 1;
      }
    }
    if (this.symbol("?") || this.symbol("*") || this.symbol("+")) this.at += 1;
  }

  private unary(): Expr {
    const from = this.peek().from;
    let negative = false;
    while (this.symbol("-") || this.symbol("+")) if (this.next().text === "-") negative = !negative;
    const a = this.path();
    return negative ? { k: "negate", from, a, to: this.end() } : a;
  }

  private path(): Expr {
    const from = this.peek().from;
    const parts: (Expr | Step)[] = [];
    if (this.symbol("/") || this.symbol("//")) {
      const deep = this.next().text === "//";
      parts.push({ k: "root", from, to: this.end() });
      if (!deep && !this.startsStep()) return { k: "root", from, to: this.end() };
      if (deep) parts.push(DEEP);
    }
    parts.push(this.step());
    while (this.symbol("/") || this.symbol("//")) {
      if (this.next().text === "//") parts.push(DEEP);
      parts.push(this.step());
    }
    const [only] = parts;
    if (parts.length === 1 && only && only.k !== "step") return only;
    return { k: "path", from, to: this.end(), parts };
  }

  private startsStep(): boolean {
    const token = this.peek();
    if (token.kind === "symbol") return ["@", ".", "..", "*", "$", "("].includes(token.text);
    return token.kind !== "end";
  }

  private step(): Expr | Step {
    const token = this.peek();
    if (token.kind === "symbol") {
      if (token.text === "..") {
        this.at += 1;
        const predicates = this.predicates();
        return { k: "step", axis: "parent", test: { kind: "node" }, predicates, from: token.from, to: this.end() };
      }
      if (token.text === "@") {
        this.at += 1;
        return this.axisStep("attribute", token.from);
      }
      if (token.text === "*") return this.axisStep("child", token.from);
    } else if (token.kind === "name") {
      const axis =
        token.prefix === "" && this.symbol("::", 1) && AXES.includes(token.text) ? (token.text as Axis) : null;
      if (axis) {
        this.at += 2;
        return this.axisStep(axis, token.from);
      }
      const isCall = this.symbol("(", 1) && token.text !== "*" && token.prefix !== "*";
      if (!isCall) return this.axisStep("child", token.from);
      if (token.prefix === "" && KINDS.includes(token.text)) {
        return this.axisStep(token.text === "attribute" ? "attribute" : "child", token.from);
      }
    }
    const base = this.primary();
    if (!this.symbol("[")) return base;
    return { k: "filter", from: base.from, base, predicates: this.predicates(), to: this.end() };
  }

  private axisStep(axis: Axis, from: number): Step {
    const test = this.test();
    return { k: "step", axis, test, predicates: this.predicates(), from, to: this.end() };
  }

  private predicates(): Expr[] {
    const all: Expr[] = [];
    while (this.accept("[")) {
      all.push(this.sequence());
      this.expect("]");
    }
    return all;
  }

  private test(): NodeTest {
    const token = this.next();
    if (token.kind === "symbol" && token.text === "*") return { kind: "name", ns: null, local: null };
    if (token.kind !== "name") throw new XPathSyntaxError("expected a node test", token.from);
    if (token.prefix === "" && this.symbol("(") && KINDS.includes(token.text)) return this.kindTest(token);
    if (token.prefix === "*") return { kind: "name", ns: null, local: token.text };
    const ns = token.prefix === "" ? "" : this.resolve(token.prefix, token.from);
    return { kind: "name", ns, local: token.text === "*" ? null : token.text };
  }

  private kindTest(token: Token): NodeTest {
    this.expect("(");
    const inside = this.symbol(")") ? null : this.next();
    if (inside && inside.kind !== "name" && inside.kind !== "string" && inside.text !== "*")
      this.fail("expected a name");
    this.expect(")");
    const local = inside && inside.text !== "*" ? inside.text : null;
    switch (token.text) {
      case "processing-instruction":
        return { kind: "instruction", target: local };
      case "element":
      case "attribute": {
        const ns = inside && inside.kind === "name" && inside.prefix ? this.resolve(inside.prefix, inside.from) : "";
        return { kind: token.text, ns: local === null ? null : ns, local };
      }
      case "document-node":
        return { kind: "document" };
      case "text":
      case "comment":
        return { kind: token.text };
      default:
        return { kind: "node" };
    }
  }

  private primary(): Expr {
    const token = this.next();
    const { from, to } = token;
    switch (token.kind) {
      case "string":
        return { k: "string", from, to, value: token.text };
      case "integer":
      case "decimal":
      case "double":
        return { k: "number", from, to, type: token.kind, text: token.text };
      case "name":
        return this.call(token);
      default:
    }
    if (token.kind === "symbol") {
      if (token.text === ".") return { k: "context", from, to };
      if (token.text === "$") return { k: "variable", from, name: this.variableName(), to: this.end() };
      if (token.text === "(") {
        if (this.accept(")")) return { k: "sequence", from, to: this.end(), items: [] };
        const inner = this.sequence();
        this.expect(")");
        // A parenthesised step becomes a path of its own, so that predicates behind it count over all its nodes.
        return { ...inner, from, to: this.end() };
      }
    }
    this.at -= 1;
    this.fail("expected an expression");
  }

  private call(token: Token): ExprOf<"call"> {
    if (!this.symbol("(")) {
      this.at -= 1;
      this.fail("expected an expression");
    }
    const ns = token.prefix === "" ? FN : this.resolve(token.prefix, token.from);
    this.expect("(");
    const args: Expr[] = [];
    if (!this.symbol(")")) {
      do args.push(this.single());
      while (this.accept(","));
    }
    this.expect(")");
    return { k: "call", from: token.from, ns, name: token.text, args, to: this.end() };
  }
}
