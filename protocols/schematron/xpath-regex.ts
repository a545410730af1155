/**
 * Regular expressions of XPath as JavaScript ones, where both say the same and matching cannot explode. The rest is left to
 * fontoxpath, whose matcher does not backtrack.
 */

const cache = new Map<string, RegExp | null>();

/** null: not translated. `flags` are XPath's. */
export function translateRegex(pattern: string, flags: string): RegExp | null {
  const key = `${flags}/${pattern}`;
  let known = cache.get(key);
  if (known === undefined) {
    known = translate(pattern, flags);
    if (cache.size > 5000) cache.clear();
    cache.set(key, known);
  }
  return known;
}

/** Longest text matched by a JavaScript expression: without nested repetition the time is polynomial, so it stays short. */
export const MAX_TEXT = 2000;

const ESCAPES: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  s: "[ \\t\\n\\r]",
  S: "[^ \\t\\n\\r]",
  D: "\\P{Nd}",
  n: "\\n",
  r: "\\r",
  t: "\\t",
};
const CLASS_ESCAPES: Readonly<Record<string, string>> = { d: "\\p{Nd}", s: " \\t\\n\\r", n: "\\n", r: "\\r", t: "\\t" };
const LITERAL = ".\\?*+{}()[]|-^$/";

/** First character of each turn of a group, and what the rest may hold: letters and digits, alone or in classes. */
const DELIMITED =
  /^(?:\\[.-]|[-,;:/_ ])((?:\\d|[A-Za-z0-9()|*+?{},]|\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9]|\\d)+\])*)$/;

/**
 * A group whose every turn starts with a mark that occurs nowhere else in it: it may repeat inside a repetition, as in an OID or
 * the tag of a language, for a text can be cut into turns in one way only.
 */
function delimited(body: string): boolean {
  const rest = DELIMITED.exec(body)?.[1];
  if (rest === undefined) return false;
  // Quantities may hold a comma, which is a mark only where it stands alone.
  const bare = rest.replace(/\{\d+(?:,\d*)?\}/g, "");
  if (/[{},]/.test(bare)) return false;
  let depth = 0;
  for (const c of bare) {
    if (c === "(") depth += 1;
    else if (c === ")") depth -= 1;
    // Another branch would be a turn without the mark.
    else if (c === "|" && depth === 0) return false;
  }
  return true;
}

function translate(pattern: string, flags: string): RegExp | null {
  if (flags !== "" && flags !== "i") return null;
  if (/[^\x20-\x7e\u00a0-\ud7ff]/.test(pattern)) return null;
  let out = "";
  /** For each open group: does it hold a repetition? */
  const groups: { outer: boolean; from: number }[] = [];
  let repeats = false;
  /** The last atom was a group holding a repetition. */
  let heavy = false;
  let atom = false;
  for (let i = 0; i < pattern.length; i += 1) {
    const c = pattern.charAt(i);
    if (c === "\\") {
      const e = pattern.charAt(++i);
      const known = Object.hasOwn(ESCAPES, e) ? ESCAPES[e] : undefined;
      if (known !== undefined) out += known;
      else if (LITERAL.includes(e) && e !== "") out += e === "-" ? "-" : `\\${e}`;
      else return null;
      atom = true;
      heavy = false;
    } else if (c === "[") {
      const end = classEnd(pattern, i);
      const inner = end < 0 ? null : translateClass(pattern.slice(i + 1, end));
      if (inner === null) return null;
      out += `[${inner}]`;
      i = end;
      atom = true;
      heavy = false;
    } else if (c === "(") {
      if (pattern.charAt(i + 1) === "?") return null;
      groups.push({ outer: repeats, from: i + 1 });
      repeats = false;
      out += "(";
      atom = false;
    } else if (c === ")") {
      const group = groups.pop();
      if (!group) return null;
      heavy = repeats && !delimited(pattern.slice(group.from, i));
      repeats = repeats || group.outer;
      out += ")";
      atom = true;
    } else if (c === "*" || c === "+" || c === "?" || c === "{") {
      if (!atom) {
        // `^+?` occurs in published rules: once or more at the start is at the start.
        if (c !== "+" || pattern.charAt(i - 1) !== "^") return null;
        if (pattern.charAt(i + 1) === "?") i += 1;
        continue;
      }
      const q = /^(?:[*+?]|\{\d{1,4}(?:,\d{0,4})?\})/.exec(pattern.slice(i))?.[0];
      if (q === undefined) return null;
      if (q !== "?") {
        if (heavy) return null;
        repeats = true;
      }
      out += q;
      i += q.length - 1;
      if ("?+*".includes(pattern.charAt(i + 1)) && pattern.charAt(i + 1) !== "") return null;
      atom = false;
    } else {
      if (c === "]" || c === "}") return null;
      if (c === ".") out += "[^\\n\\r]";
      else out += c === "/" ? "\\/" : c;
      atom = c !== "^" && c !== "$" && c !== "|";
      heavy = false;
    }
  }
  if (groups.length > 0) return null;
  try {
    return new RegExp(out, `u${flags}`);
  } catch {
    return null;
  }
}

function classEnd(pattern: string, start: number): number {
  for (let i = start + 1; i < pattern.length; i += 1) {
    const c = pattern.charAt(i);
    if (c === "\\") i += 1;
    else if (c === "[") return -1;
    else if (c === "]") return i > start + 1 ? i : -1;
  }
  return -1;
}

function translateClass(inner: string): string | null {
  let out = "";
  let i = 0;
  if (inner.startsWith("^")) {
    out = "^";
    i = 1;
  }
  const first = i;
  for (; i < inner.length; i += 1) {
    const c = inner.charAt(i);
    if (c === "\\") {
      const e = inner.charAt(++i);
      const known = Object.hasOwn(CLASS_ESCAPES, e) ? CLASS_ESCAPES[e] : undefined;
      if (known !== undefined) out += known;
      else if (LITERAL.includes(e) && e !== "") out += `\\${e}`;
      else return null;
    } else if (c === "-") {
      // A hyphen is itself at either end, else it makes a range of two plain characters.
      if (i === first || i === inner.length - 1) out += "\\-";
      else if (/[A-Za-z0-9]-[A-Za-z0-9]/.test(inner.slice(i - 1, i + 2)) && inner.charAt(i - 2) !== "\\") out += "-";
      else return null;
    } else out += "^$.*+?(){}|/".includes(c) ? `\\${c}` : c;
  }
  return out;
}
