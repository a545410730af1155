/** Functions of XPath 2.0 that the fast evaluator knows; any other sends its expression to fontoxpath. */
import { ATTRIBUTE, ELEMENT, INSTRUCTION, namespaceInScope, SNode } from "./tree.js";
import { FN, XS, type ExprOf } from "./xpath-ast.js";
import { fromAll, fromOne, fromTest, type Code, type Focus } from "./xpath-code.js";
import { textLookup } from "./xpath-lookup.js";
import { MAX_TEXT, translateRegex } from "./xpath-regex.js";
import {
  atomize,
  Instant,
  NotFast,
  parseDouble,
  QualifiedName,
  textOf,
  toText,
  Untyped,
  type Atomic,
  type Item,
} from "./xpath-values.js";

/** At most one item, by value; more is an error. */
function optional(code: Code, f: Focus): Item | null {
  let found: Item | null = null;
  let more = false;
  if (code.distinct) {
    code.each(f, (item) => {
      if (found !== null) more = true;
      found = item;
      return more;
    });
  } else {
    const all = code.all(f);
    found = all[0] ?? null;
    more = all.length > 1;
  }
  if (more) throw new NotFast("more than one item");
  return found;
}

/** xs:string? argument: absent is the empty string. */
const text = (code: Code, f: Focus): string => {
  const item = optional(code, f);
  return item === null ? "" : textOf(item);
};

const required = (code: Code, f: Focus): string => {
  const item = optional(code, f);
  if (item === null) throw new NotFast("a value is required");
  return textOf(item);
};

function toDouble(item: Item | null): number {
  if (item === null) return NaN;
  const value = atomize(item);
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof QualifiedName || value instanceof Instant) throw new NotFast("not a number");
  return parseDouble(typeof value === "string" ? value : value.text) ?? NaN;
}

/** Argument declared xs:double: untyped is cast and must be one. */
function double(code: Code, f: Focus): number {
  const item = optional(code, f);
  const value = item === null ? null : atomize(item);
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  const parsed = value instanceof Untyped ? parseDouble(value.text) : null;
  if (parsed === null) throw new NotFast("a number is expected");
  return parsed;
}

const collapse = (value: string): string => value.replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, "");
const characters = (value: string): string[] => Array.from(value);
const length = (value: string): number => (/[\ud800-\udfff]/.test(value) ? characters(value).length : value.length);

function substring(value: string, start: number, count: number): string {
  const round = (n: number): number => Math.floor(n + 0.5);
  const from = round(start);
  const end = from + round(count);
  if (Number.isNaN(end)) return "";
  const chars = /[\ud800-\udfff]/.test(value) ? characters(value) : null;
  const first = Math.max(from, 1) - 1;
  const last = Math.min(end - 1, chars ? chars.length : value.length);
  if (!(last > first)) return "";
  return chars ? chars.slice(first, last).join("") : value.slice(first, last);
}

function regex(value: string, pattern: string, flags: string): RegExp {
  const found = value.length > MAX_TEXT ? null : translateRegex(pattern, flags);
  if (!found) throw new NotFast("regular expression");
  return found;
}

function nodeArgument(code: Code | undefined, f: Focus): SNode | null {
  const item = code ? optional(code, f) : f.node();
  if (item === null) return null;
  if (!(item instanceof SNode)) throw new NotFast("a node is expected");
  return item;
}

const named = (n: SNode): boolean => n.nodeType === ELEMENT || n.nodeType === ATTRIBUTE || n.nodeType === INSTRUCTION;

type Make = (args: readonly Code[]) => Code;

const one =
  (get: (f: Focus, ...args: Code[]) => Item | null): Make =>
  (args) =>
    fromOne((f) => get(f, ...args));
const condition =
  (get: (f: Focus, ...args: Code[]) => boolean): Make =>
  (args) =>
    fromTest((f) => get(f, ...args));

function missing(): never {
  throw new NotFast("missing argument");
}

/** fn:count, without the list where no node comes twice. */
export function countItems(code: Code, f: Focus): number {
  if (!code.distinct) return code.all(f).length;
  let n = 0;
  code.each(f, () => {
    n += 1;
    return false;
  });
  return n;
}
function distinctValues(f: Focus, code: Code): Item[] {
  const seen = new Set<string>();
  const found: Item[] = [];
  for (const item of code.all(f)) {
    const value = atomize(item);
    if (typeof value !== "string" && !(value instanceof Untyped)) throw new NotFast("distinct values of other types");
    const key = typeof value === "string" ? value : value.text;
    if (!seen.has(key)) found.push(value);
    seen.add(key);
  }
  return found;
}

function tokens(value: string, pattern: string): string[] {
  if (value === "") return [];
  const re = regex(value, pattern, "");
  if (re.test("") || pattern.includes("(")) throw new NotFast("separator");
  return value.split(new RegExp(re.source, "u"));
}

function replaced(value: string, pattern: string, by: string): string {
  const re = regex(value, pattern, "");
  // `$1` to `$9` mean the same in both languages as long as the group exists and no digit follows.
  const groups = new RegExp(`${re.source}|`, "u").exec("")?.length ?? 1;
  const plain =
    /^(?:[^$\\]|\$[1-9](?![0-9]))*$/.test(by) && [...by.matchAll(/\$(\d)/g)].every((m) => Number(m[1]) < groups);
  if (re.test("") || !plain) throw new NotFast("replacement");
  return value.replace(new RegExp(re.source, "gu"), by);
}

function translated(value: string, from: string, to: string): string {
  const a = characters(from);
  const b = characters(to);
  return characters(value)
    .map((c) => {
      const at = a.indexOf(c);
      return at < 0 ? c : (b[at] ?? "");
    })
    .join("");
}

function resolveName(name: string, element: SNode): QualifiedName {
  const trimmed = collapse(name);
  const parts = /^(?:([^:\s]+):)?([^:\s]+)$/.exec(trimmed);
  if (!parts || !/^[\p{L}_][\p{L}\p{N}\p{M}_.\-\u00b7]*$/u.test(parts[2] ?? "")) throw new NotFast("not a name");
  const ns = namespaceInScope(element, parts[1] ?? "");
  if (ns === null && parts[1] !== undefined) throw new NotFast("prefix not in scope");
  return new QualifiedName(ns ?? "", parts[2] ?? "");
}

function qualifiedName(code: Code, f: Focus): QualifiedName | null {
  const item = optional(code, f);
  if (item === null || item instanceof QualifiedName) return item;
  throw new NotFast("a qualified name is expected");
}

/** By `name#arity`. */
const FUNCTIONS: Readonly<Record<string, Make>> = {
  "true#0": () => fromTest(() => true),
  "false#0": () => fromTest(() => false),
  "not#1": condition((f, a = missing()) => !a.test(f)),
  "boolean#1": condition((f, a = missing()) => a.test(f)),
  "exists#1": condition((f, a = missing()) => a.each(f, () => true)),
  "empty#1": condition((f, a = missing()) => !a.each(f, () => true)),
  "count#1": one((f, a = missing()) => BigInt(countItems(a, f))),
  "position#0": one((f) => BigInt(f.position)),
  "last#0": one((f) => BigInt(f.size)),
  "current#0": one((f) => f.current),
  "string#0": one((f) => toText(f.node())),
  "string#1": one((f, a = missing()) => {
    const item = optional(a, f);
    return item === null ? "" : toText(item);
  }),
  "data#1": ([a = missing()]) => fromAll((f) => a.all(f).map(atomize)),
  "number#0": one((f) => toDouble(f.node())),
  "number#1": one((f, a = missing()) => toDouble(optional(a, f))),
  "string-length#0": one((f) => BigInt(length(toText(f.node())))),
  "string-length#1": one((f, a = missing()) => BigInt(length(text(a, f)))),
  "normalize-space#0": one((f) => collapse(toText(f.node()))),
  "normalize-space#1": one((f, a = missing()) => collapse(text(a, f))),
  "upper-case#1": one((f, a = missing()) => text(a, f).toUpperCase()),
  "lower-case#1": one((f, a = missing()) => text(a, f).toLowerCase()),
  "translate#3": one((f, a = missing(), b = missing(), c = missing()) =>
    translated(text(a, f), required(b, f), required(c, f)),
  ),
  "contains#2": condition((f, a = missing(), b = missing()) => text(a, f).includes(text(b, f))),
  "starts-with#2": condition((f, a = missing(), b = missing()) => text(a, f).startsWith(text(b, f))),
  "ends-with#2": condition((f, a = missing(), b = missing()) => text(a, f).endsWith(text(b, f))),
  "substring-before#2": one((f, a = missing(), b = missing()) => {
    const [value, mark] = [text(a, f), text(b, f)];
    const at = value.indexOf(mark);
    return at < 0 ? "" : value.slice(0, at);
  }),
  "substring-after#2": one((f, a = missing(), b = missing()) => {
    const [value, mark] = [text(a, f), text(b, f)];
    const at = value.indexOf(mark);
    return at < 0 ? "" : value.slice(at + mark.length);
  }),
  "substring#2": one((f, a = missing(), b = missing()) => substring(text(a, f), double(b, f), Infinity)),
  "substring#3": one((f, a = missing(), b = missing(), c = missing()) =>
    substring(text(a, f), double(b, f), double(c, f)),
  ),
  "string-join#2": one((f, a = missing(), b = missing()) => a.all(f).map(textOf).join(required(b, f))),
  "matches#2": condition((f, a = missing(), b = missing()) => {
    const value = text(a, f);
    return regex(value, required(b, f), "").test(value);
  }),
  "matches#3": condition((f, a = missing(), b = missing(), c = missing()) => {
    const value = text(a, f);
    return regex(value, required(b, f), required(c, f)).test(value);
  }),
  "replace#3": one((f, a = missing(), b = missing(), c = missing()) =>
    replaced(text(a, f), required(b, f), required(c, f)),
  ),
  "tokenize#2": ([a = missing(), b = missing()]) => fromAll((f) => tokens(text(a, f), required(b, f))),
  "iri-to-uri#1": one((f, a = missing()) => text(a, f).replace(/[^\x21-\x7e]|[<>"{}|\\^`]/gu, encodeURIComponent)),
  "distinct-values#1": ([a = missing()]) => fromAll((f) => distinctValues(f, a)),
  "local-name#0": one((f) => nameOf(nodeArgument(undefined, f))),
  "local-name#1": one((f, a = missing()) => nameOf(nodeArgument(a, f))),
  "name#0": one((f) => fullName(nodeArgument(undefined, f))),
  "name#1": one((f, a = missing()) => fullName(nodeArgument(a, f))),
  "doc-available#1": condition((f, a = missing()) => {
    const uri = optional(a, f);
    return uri !== null && f.env.hasDocument(textOf(uri));
  }),
  "doc#1": one((f, a = missing()) => {
    const uri = optional(a, f);
    return uri === null ? null : f.env.document(textOf(uri)).root;
  }),
  "document#1": one((f, a = missing()) => {
    const uri = optional(a, f);
    return uri === null ? null : f.env.document(textOf(uri)).root;
  }),
  "resolve-QName#2": one((f, a = missing(), b = missing()) => {
    const name = optional(a, f);
    const element = nodeArgument(b, f);
    if (name === null) return null;
    if (element?.nodeType !== ELEMENT) throw new NotFast("an element is expected");
    return resolveName(textOf(name), element);
  }),
  "QName#2": one((f, a = missing(), b = missing()) => {
    const [ns, name] = [text(a, f), required(b, f)];
    const local = /^(?:[^:\s]+:)?([\p{L}_][\p{L}\p{N}\p{M}_.\-]*)$/u.exec(name)?.[1];
    if (local === undefined || (ns === "" && name.includes(":"))) throw new NotFast("not a name");
    return new QualifiedName(ns, local);
  }),
  "local-name-from-QName#1": one((f, a = missing()) => qualifiedName(a, f)?.local ?? null),
  "namespace-uri-from-QName#1": one((f, a = missing()) => qualifiedName(a, f)?.ns ?? null),
};

function nameOf(node: SNode | null): string {
  return node && named(node) ? node.localName : "";
}
function fullName(node: SNode | null): string {
  return node && named(node) ? node.nodeName : "";
}

function textIn(name: string, uri: Code, wanted: Code): Code {
  return fromTest((f) => {
    const at = optional(uri, f);
    if (at === null) return false;
    const texts = f.env.texts(textOf(at), name);
    return wanted.each(f, (item) => {
      const value = atomize(item);
      if (typeof value === "string") return texts.has(value);
      if (value instanceof Untyped) return texts.has(value.text);
      throw new NotFast("a text compared with another type");
    });
  });
}

/** Functions whose meaning here could differ by document kind are not in the table; `concat` takes any number. */
export function compileCall(e: ExprOf<"call">, compile: (arg: ExprOf<"call">["args"][number]) => Code): Code {
  const [argument] = e.args;
  if (e.ns === XS && e.name === "dateTime" && argument && e.args.length === 1) {
    const value = compile(argument);
    return fromOne((f) => {
      const item = optional(value, f);
      if (item === null) return null;
      const read = readDateTime(collapse(textOf(item)));
      if (!read) throw new NotFast("dateTime");
      return read;
    });
  }
  if (e.ns !== FN) throw new NotFast(`function ${e.name}`);
  const args = e.args.map(compile);
  const lookup = textLookup(e);
  if (lookup) return textIn(lookup.name, compile(lookup.uri), compile(lookup.wanted));
  if (e.name === "concat" && args.length >= 2) {
    return fromOne((f) =>
      args
        .map((a) => {
          const item = optional(a, f);
          return item === null ? "" : toText(item);
        })
        .join(""),
    );
  }
  const key = `${e.name}#${e.args.length}`;
  const make = Object.hasOwn(FUNCTIONS, key) ? FUNCTIONS[key] : undefined;
  if (!make) throw new NotFast(`function ${e.name}`);
  return make(args);
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))?$/;

/** xs:dateTime of years 0001 to 9999, false for what is none; null for the years about which editions of XML Schema differ. */
function readDateTime(value: string): Instant | false | null {
  if (/^-|^\d{5,}-|^0000-/.test(value)) return null;
  const found = DATE_TIME.exec(value);
  if (!found) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0, zoneMinute = 0] = found
    .slice(1)
    .map((n) => Number(n ?? 0));
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  if (days === undefined || day < 1 || day > days) return false;
  if (zone > 14 || zoneMinute > 59 || (zone === 14 && zoneMinute > 0)) return false;
  // The end of a day may be written 24:00:00.
  if (hour === 24 ? minute > 0 || second > 0 || /[.]\d*[1-9]/.test(value) : hour > 24 || minute > 59 || second > 59)
    return false;
  const fraction = Number(/\.\d+/.exec(value)?.[0] ?? 0);
  if (fraction * 1000 !== Math.floor(fraction * 1000)) return null;
  const offset = (zone * 60 + zoneMinute) * (/-\d\d:\d\d$/.test(value) ? -60_000 : 60_000);
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  time.setUTCHours(hour, minute, second, fraction * 1000);
  return new Instant(time.getTime() - offset, /Z$|[+-]\d\d:\d\d$/.test(value));
}

/** Whether a text is an xs:dateTime; null when that is not decided here. */
export function isDateTime(value: string): boolean | null {
  const read = readDateTime(value);
  return read === null ? null : read !== false;
}

const XS_CASTABLE: Readonly<Record<string, (value: string) => boolean | null>> = {
  integer: (v) => /^[+-]?\d+$/.test(v),
  decimal: (v) => /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(v),
  double: (v) => parseDouble(v) !== null,
  // Saxon and fontoxpath both take any text.
  anyURI: () => true,
  dateTime: isDateTime,
  language: (v) => /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/.test(v),
};

/** Whether a text can be cast to a simple type; null when that is not known here. */
export function castableText(type: string, value: Atomic): boolean | null {
  const test = Object.hasOwn(XS_CASTABLE, type) ? XS_CASTABLE[type] : undefined;
  if (!test) return null;
  if (typeof value === "string") return test(collapse(value));
  return value instanceof Untyped ? test(collapse(value.text)) : null;
}
