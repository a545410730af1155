/**
 * Makes a document reach a rule: elements named by the rule's context are added (or attributes and children given to those there), then,
 * if asked, whatever its assertions mention, with values of no meaning. It reads contexts roughly, by their shape: what it does not
 * understand it leaves out, and the rule simply stays unreached. Nothing is judged here.
 */
import { Document, Element } from "slimdom";
import type { Dice } from "./random.js";

const NAMESPACES: Readonly<Record<string, string>> = {
  cda: "urn:hl7-org:v3",
  hl7: "urn:hl7-org:v3",
  lab: "urn:oid:1.3.6.1.4.1.19376.1.3.2",
  sdtc: "urn:hl7-org:sdtc",
  pharm: "urn:ihe:pharm",
  "ps3-20": "urn:dicom-org:ps3-20",
  xsi: "http://www.w3.org/2001/XMLSchema-instance",
};
const CARRIERS = [
  "observation",
  "act",
  "section",
  "organizer",
  "substanceAdministration",
  "supply",
  "procedure",
  "encounter",
];
const NAME = /^(?:([A-Za-z_][\w-]*):)?([A-Za-z_][\w.-]*|\*)/;

/** Splits at a separator outside brackets, parentheses and quotes. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  let quote = "";
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i] ?? "";
    if (quote !== "") quote = letter === quote ? "" : quote;
    else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === "[" || letter === "(") depth += 1;
    else if (letter === "]" || letter === ")") depth -= 1;
    if (depth === 0 && quote === "" && text.startsWith(separator, i)) {
      parts.push("");
      i += separator.length - 1;
    } else {
      parts[parts.length - 1] += letter;
    }
  }
  return parts;
}

function elementsOf(root: Element): Element[] {
  const found: Element[] = [];
  const walk = (element: Element): void => {
    found.push(element);
    for (const child of element.children) walk(child);
  };
  walk(root);
  return found;
}

/** The name of a step, or null for what is no plain element step. */
function stepName(step: string): { readonly namespace: string; readonly name: string } | null {
  const match = NAME.exec(step.trim());
  const namespace = match?.[1] === undefined ? "urn:hl7-org:v3" : NAMESPACES[match[1]];
  const name = match?.[2];
  return namespace === undefined || name === undefined || /^(not|count|self|ancestor|text|current|string)$/.test(name)
    ? null
    : { namespace, name };
}

function addChild(parent: Element, namespace: string, name: string): Element {
  const prefix = namespace === parent.namespaceURI ? parent.prefix : null;
  const child = (parent.ownerDocument ?? new Document()).createElementNS(
    namespace,
    prefix ? `${prefix}:${name}` : name,
  );
  // In front: the order of siblings is a matter of the XSD, and positions count from the first.
  parent.insertBefore(child, parent.firstChild);
  return child;
}

/** Makes one predicate true where it is of a known form. */
function satisfy(element: Element, predicate: string, dice: Dice): void {
  for (const conjunct of split(predicate.replace(/\s+/g, " "), " and ")) {
    const term = (split(conjunct, " or ")[0] ?? "").trim().replace(/^\((.*)\)$/, "$1");
    if (/^not\s*\(|^\d+$|\.\.|::|\(/.test(term)) continue;
    plant(element, term, dice);
  }
}

/** A relative path, perhaps compared with a literal: creates what it leads to. */
function plant(element: Element, term: string, dice: Dice): void {
  const [left = "", right] = split(term, "=");
  const literal = /^\s*['"]([^'"]*)['"]/.exec(right ?? "")?.[1];
  let at = element;
  for (const step of split(left.trim(), "/")) {
    const attribute = /^@([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)$/.exec(step.trim())?.[1];
    if (attribute !== undefined) {
      const [prefix, name] = attribute.includes(":") ? attribute.split(":") : ["", attribute];
      const namespace = prefix ? (NAMESPACES[prefix] ?? null) : null;
      if (prefix && namespace === null) return;
      if (literal !== undefined || !at.hasAttributeNS(namespace, name ?? "")) {
        // A type that is no QName stops Saxon at the first rule that looks at it: the rest of the copy would be lost.
        const values = attribute === "xsi:type" ? TYPES : JUNK;
        at.setAttributeNS(namespace, attribute, literal ?? dice.pick(values) ?? "");
      }
      return;
    }
    const named = stepName(step);
    if (named === null || named.name === "*") return;
    const fresh = literal !== undefined || step.includes("[");
    const there = fresh ? undefined : at.children.find((each) => each.localName === named.name);
    at = there ?? addChild(at, named.namespace, named.name);
    for (const predicate of predicates(step)) satisfy(at, predicate, dice);
  }
  if (literal !== undefined && at !== element) at.textContent = literal;
}

const TYPES = ["CD", "CE", "ST", "PQ", "TS", "IVL_TS", "ED", "PIVL_TS"];
const JUNK = ["x", "1", "", "20240101", "1.2.250.1.213.1.1.4", "20241301", "tel:0100000000", "-5"];

function predicates(step: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < step.length; i += 1) {
    if (step[i] === "[") {
      depth += 1;
      if (depth === 1) start = i + 1;
    } else if (step[i] === "]") {
      depth -= 1;
      if (depth === 0) found.push(step.slice(start, i));
    }
  }
  return found;
}

/** The element that the context of a rule now finds, or null when its shape was not understood. */
export function reach(document: Document, context: string, dice: Dice): Element | null {
  const root = document.documentElement;
  const alternative = dice.pick(split(context, "|"))?.trim() ?? "";
  const steps = split(alternative.replace(/^\/+/, ""), "/")
    .map((step) => step.trim())
    .filter((step) => step !== "");
  if (!root || root.localName !== "ClinicalDocument" || steps.length === 0) return null;
  let at: Element | null = null;
  for (const step of steps) {
    const named = stepName(step);
    if (named === null || step.startsWith("@")) return at;
    if (named.name === "ClinicalDocument") at = root;
    else if (at === null) at = somewhere(root, named.namespace, named.name, dice);
    else if (named.name === "*") at = dice.pick(at.children) ?? addChild(at, named.namespace, "zz");
    else {
      const here: Element = at;
      const there = here.children.filter((each) => each.localName === named.name);
      at = dice.below(3) > 0 ? (dice.pick(there) ?? null) : null;
      at ??= addChild(here, named.namespace, named.name);
    }
    for (const predicate of predicates(step)) satisfy(at, predicate, dice);
  }
  return at;
}

/** An element of this name, at any depth; one is hung into the body when there is none. */
function somewhere(root: Element, namespace: string, name: string, dice: Dice): Element {
  const all = elementsOf(root);
  const wanted = name === "*" ? CARRIERS : [name];
  const found = dice.pick(all.filter((each) => wanted.includes(each.localName)));
  if (found) return found;
  const parents = all.filter((each) => ["entry", "component", "structuredBody", "section"].includes(each.localName));
  return addChild(dice.pick(parents) ?? root, namespace, name === "*" ? "observation" : name);
}

/** Adds what a test mentions below the element: relative paths of names, with the literals they are compared with or junk. */
export function nourish(element: Element, test: string, dice: Dice): void {
  const path =
    /(?<![\w@/:.$-])(?:(?:[\w-]+:[\w.-]+)(?:\[[^[\]]*\])?\/){0,3}(?:@[\w:.-]+|[\w-]+:[\w.-]+)(?:\[[^[\]]*\])?(?:\s*=\s*(?:'[^']*'|"[^"]*"))?/g;
  for (const [term] of test.matchAll(path)) {
    if (dice.below(4) > 0) plant(element, term, dice);
  }
}

/** Elements of a document; the caller may break some of them. */
export function allElements(document: Document): Element[] {
  return document.documentElement ? elementsOf(document.documentElement) : [];
}

/** Elements of the header: those outside the body. */
export function headerElements(document: Document): Element[] {
  const body = document.documentElement?.children.filter((each) => each.localName === "component") ?? [];
  return allElements(document).filter((each) => !body.some((component) => component.contains(each)));
}
