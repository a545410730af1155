/**
 * Evaluation by fontoxpath, a complete XPath 3.1 over the same tree. It is the reference of this room: the fast evaluator
 * must agree with it, and gives up to it. Variables of the schema are written in front of the expression, so that their
 * values keep their types and are read only when needed, as in the official engine.
 */
import { createRequire } from "node:module";
import type fontoxpath from "fontoxpath";
import type { FunctionNameResolver, Options } from "fontoxpath";
import type { MatchStep } from "./match.js";
import { collapse, type Expression, type Let } from "./rules.js";
import { ATTRIBUTE, namespaceInScope, type SNode } from "./tree.js";
import type { Environment } from "./xpath-code.js";
import { FN, partsOf, XS, type Expr, type Step } from "./xpath-ast.js";
import { isDateTime } from "./xpath-functions.js";
import { textLookup } from "./xpath-lookup.js";
import { MAX_TEXT, translateRegex } from "./xpath-regex.js";
import { doubleText } from "./xpath-values.js";

type Library = typeof fontoxpath;
const require = createRequire(import.meta.url);
let loaded: Library | null = null;

/** Loaded when first needed: it takes a tenth of a second, and most documents are judged without it. It is CommonJS. */
function library(): Library {
  if (!loaded) {
    loaded = require("fontoxpath") as Library;
    register(loaded);
  }
  return loaded;
}

const OWN = "urn:segur:schematron";
/** Prefix of our functions in what we write into expressions. */
const OWN_PREFIX = "segur-own";

/** What fontoxpath hands back to our functions: the run in progress and the node of the rule. */
interface Current {
  readonly env: Environment;
  readonly node: SNode;
}

const facade = {
  getAllAttributes: (node: SNode) => node.attributes,
  getAttribute: (node: SNode, name: string) => node.attributes.find((a) => a.nodeName === name)?.data ?? null,
  getChildNodes: (node: SNode) => node.childNodes,
  getData: (node: SNode) => node.data,
  getFirstChild: (node: SNode) => node.childNodes[0] ?? null,
  getLastChild: (node: SNode) => node.childNodes[node.childNodes.length - 1] ?? null,
  getNextSibling: (node: SNode) =>
    node.nodeType === ATTRIBUTE ? null : (node.parentNode?.childNodes[node.at + 1] ?? null),
  getPreviousSibling: (node: SNode) =>
    node.nodeType === ATTRIBUTE ? null : (node.parentNode?.childNodes[node.at - 1] ?? null),
  getParentNode: (node: SNode) => node.parentNode,
} as unknown;

/** Functions fontoxpath has not: documents, `current`, and `resolve-QName`. Registered once per process. */
function register({ registerCustomXPathFunction, registerXQueryModule }: Library): void {
  const name = (localName: string): { localName: string; namespaceURI: string } => ({ localName, namespaceURI: OWN });
  const load = (context: { currentContext: Current }, uri: string | null): SNode | null =>
    uri === null ? null : context.currentContext.env.document(uri).root;
  registerCustomXPathFunction(name("doc"), ["xs:string?"], "document-node()?", load);
  registerCustomXPathFunction(name("document"), ["xs:string?"], "document-node()?", load);
  registerCustomXPathFunction(
    name("doc-available"),
    ["xs:string?"],
    "xs:boolean",
    (context: { currentContext: Current }, uri: string | null) =>
      uri === null ? false : context.currentContext.env.hasDocument(uri),
  );
  registerCustomXPathFunction(
    name("current"),
    [],
    "node()",
    (context: { currentContext: Current }) => context.currentContext.node,
  );
  registerCustomXPathFunction(
    name("in-scope"),
    ["xs:string", "element()"],
    "xs:string?",
    (_context: unknown, prefix: string, element: SNode) => namespaceInScope(element, prefix),
  );
  // fontoxpath 3.34 has no flags in matches, and takes 30 February for a date.
  registerCustomXPathFunction(
    name("matches"),
    ["xs:string?", "xs:string", "xs:string"],
    "xs:boolean",
    (_context: unknown, text: string | null, pattern: string, flags: string) => {
      const re = (text?.length ?? 0) > MAX_TEXT ? null : translateRegex(pattern, flags);
      if (!re) throw new Error(`FORX0002: matches with flags: ${pattern}`);
      return re.test(text ?? "");
    },
  );
  registerCustomXPathFunction(
    name("not-a-date"),
    ["xs:string"],
    "xs:boolean",
    (_context: unknown, text: string) => isDateTime(collapse(text)) === false,
  );
  registerCustomXPathFunction(
    name("holds-text"),
    ["xs:string?", "xs:string", "xs:string"],
    "xs:boolean",
    (context: { currentContext: Current }, uri: string | null, element: string, wanted: string) =>
      uri !== null && context.currentContext.env.texts(uri, element).has(wanted),
  );
  registerCustomXPathFunction(name("double-text"), ["xs:double"], "xs:string", (_context: unknown, value: number) =>
    doubleText(value),
  );
  registerXQueryModule(`
    module namespace own = "${OWN}";
    declare %public function own:resolve-QName($name as xs:string?, $element as element()) as xs:QName? {
      if (empty($name)) then () else
      let $text := normalize-space($name)
      let $prefix := if (contains($text, ":")) then substring-before($text, ":") else ""
      let $ns := own:in-scope($prefix, $element)
      return if (empty($ns) and $prefix != "") then error(QName("http://www.w3.org/2005/xqt-errors", "err:FONS0004"), concat("prefix ", $prefix, " is not in scope"))
      else QName(string($ns), $text)
    };`);
}

const OURS = ["matches#3", "doc#1", "document#1", "doc-available#1", "current#0", "resolve-QName#2"];

const resolveFunction =
  (expression: Expression): FunctionNameResolver =>
  ({ prefix, localName }, arity) => {
    if (prefix === "" && OURS.includes(`${localName}#${arity}`)) return { namespaceURI: OWN, localName };
    if (prefix === OWN_PREFIX) return { namespaceURI: OWN, localName };
    const ns = prefix === "" ? FN : expression.prefixes(prefix);
    // fontoxpath's own wrapping of an expression calls fn: by its prefix.
    return { namespaceURI: ns ?? (prefix === "fn" ? FN : ""), localName };
  };

interface Prepared {
  readonly source: string;
  readonly options: Options;
}

const prepared = new WeakMap<Expression | MatchStep, Prepared>();

function prepare(key: Expression | MatchStep, expression: Expression, body: (rename: Rename) => string): Prepared {
  let known = prepared.get(key);
  if (!known) {
    known = { source: withVariables(expression, body), options: optionsOf(expression) };
    prepared.set(key, known);
  }
  return known;
}

const resolvers = new WeakMap<
  Expression["prefixes"],
  Pick<Options, "namespaceResolver" | "functionNameResolver" | "moduleImports">
>();

/** The same functions for all expressions of a schema: fontoxpath keys its cache of compiled expressions on them. */
function optionsOf(expression: Expression): Options {
  let shared = resolvers.get(expression.prefixes);
  if (!shared) {
    shared = {
      namespaceResolver: (prefix) => (prefix === "" ? null : expression.prefixes(prefix)),
      functionNameResolver: resolveFunction(expression),
      moduleImports: { "own-functions": OWN },
    };
    resolvers.set(expression.prefixes, shared);
  }
  return shared;
}

type Rename = (e: Expr | Step, source: string) => string;

/** A short string alone is written where its variable stands: fontoxpath is slow in reading and in evaluating a `let`. */
const isLiteral = ({ expression: { tree, source } }: Let): boolean => tree.k === "string" && source.length <= 200;

/** `let $v1 := …, $v2 := … return body`, dependencies first; every variable under a name of its own. */
function withVariables(expression: Expression, body: (rename: Rename) => string): string {
  const order: Let[] = [];
  const collect = (within: Expression): void => {
    for (const binding of within.variables.values()) {
      if (isLiteral(binding) || order.includes(binding)) continue;
      collect(binding.expression);
      if (!order.includes(binding)) order.push(binding);
    }
  };
  collect(expression);
  const renamer =
    (within: Expression): Rename =>
    (e, source) =>
      rename(e, source, (name) => {
        const binding = within.variables.get(name);
        if (!binding) return `$${name}`;
        return isLiteral(binding) ? ` ${binding.expression.source} ` : `$v${order.indexOf(binding) + 1}`;
      });
  const lets = order.map((binding, n) => {
    const { tree, source } = binding.expression;
    const text = renamer(binding.expression)(tree, source);
    // A variable of the whole schema is evaluated at the document.
    const value = binding.global ? `root(.) ! (${text})` : text;
    return `$v${n + 1} := (${value})`;
  });
  const text = body(renamer(expression));
  return lets.length === 0 ? text : `let ${lets.join(", ")} return (${text})`;
}

/** Calls that give a string, whatever stands in them. */
const STRINGS = ["string", "concat", "normalize-space"];

/**
 * Source of a sub-expression with its free variables renamed. A test for dates that fontoxpath gets wrong is made right, and a code
 * looked up in a terminology is asked of the set of its texts: fontoxpath would walk a hundred thousand elements for each code.
 */
function rename(e: Expr | Step, source: string, textFor: (name: string) => string): string {
  const places: { from: number; to: number; text: string }[] = [];
  const walk = (part: Expr | Step, bound: readonly string[]): void => {
    if (part.k === "variable") {
      if (!bound.includes(part.name)) places.push({ from: part.from, to: part.to, text: textFor(part.name) });
    } else if (part.k === "for" || part.k === "some" || part.k === "every") {
      walk(part.in, bound);
      walk(part.body, [...bound, part.name]);
    } else {
      const lookup = textLookup(part);
      const { wanted } = lookup ?? {};
      if (lookup && wanted?.k === "call" && wanted.ns === FN && STRINGS.includes(wanted.name)) {
        const { uri, name } = lookup;
        places.push({ from: part.from, to: uri.from, text: `${OWN_PREFIX}:holds-text(` });
        walk(uri, bound);
        places.push({ from: uri.to, to: wanted.from, text: `, "${name.replaceAll('"', '""')}", ` });
        walk(wanted, bound);
        places.push({ from: wanted.to, to: part.to, text: ")" });
        return;
      }
      const isDate = part.k === "castable" && part.type === `${XS} dateTime`;
      if (isDate) places.push({ from: part.from, to: part.from, text: "(for $d in (" });
      for (const p of partsOf(part)) walk(p, bound);
      if (isDate) {
        const rest = `) return ($d castable as xs:dateTime) and not(${OWN_PREFIX}:not-a-date(string($d)))) = true()`;
        places.push({ from: part.a.to, to: part.to, text: rest });
      }
    }
  };
  walk(e, []);
  places.sort((a, b) => a.from - b.from);
  let text = "";
  let at = e.from;
  for (const p of places) {
    text += source.slice(at, p.from) + p.text;
    at = p.to;
  }
  return text + source.slice(at, e.to);
}

/** Throws whatever fontoxpath throws. */
export function fontoBoolean(expression: Expression, node: SNode, env: Environment): boolean {
  const { source, options } = prepare(expression, expression, (r) => r(expression.tree, expression.source));
  return library().evaluateXPathToBoolean(source, node, facade, null, { ...options, currentContext: { env, node } });
}

/** Text of a value-of: the items as strings, one space between. */
export function fontoText(expression: Expression, node: SNode, env: Environment): string {
  const { source, options } = prepare(expression, expression, (r) => r(expression.tree, expression.source));
  const context = { ...options, currentContext: { env, node } };
  return library().evaluateXPathToString(
    `string-join(for $i in (${source}) return if ($i instance of xs:double) then ${OWN_PREFIX}:double-text($i) else string($i), ' ')`,
    node,
    facade,
    null,
    context,
  );
}

/** Whether the predicates of a step of a match pattern hold at a node. */
export function fontoHolds(match: MatchStep, node: SNode, env: Environment): boolean {
  const { expression, step } = match;
  const { source, options } = prepare(match, expression, (r) =>
    match.positional
      ? // Positions count among the siblings that pass the test.
        `some $n in ../${r(step, expression.source)} satisfies $n is .`
      : `exists(self::node()${step.predicates.map((p) => `[${r(p, expression.source)}]`).join("")})`,
  );
  return library().evaluateXPathToBoolean(source, node, facade, null, { ...options, currentContext: { env, node } });
}
