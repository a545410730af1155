/** Tokens of XPath 2.0. Whether a name is an operator or `*` a wildcard is for the parser to say, by place. */

export type TokenKind = "name" | "string" | "integer" | "decimal" | "double" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Text of the token; the value of a string. */
  readonly text: string;
  /** Prefix of a qualified name ("" without, "*" for any namespace). */
  readonly prefix: string;
  readonly from: number;
  readonly to: number;
}

/** Not XPath we can read. `at` is a character offset. */
export class XPathSyntaxError extends Error {
  readonly at: number;
  readonly limit: boolean;
  constructor(message: string, at: number, limit = false) {
    super(message);
    this.name = "XPathSyntaxError";
    this.at = at;
    this.limit = limit;
  }
}

const NAME = /[\p{L}_][\p{L}\p{N}\p{M}_.\-\u00b7]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const PLAIN_NAME = /[A-Za-z_][A-Za-z0-9_.-]*/y;
const SYMBOLS = ["::", "//", "!=", "<=", ">=", "<<", ">>", ".."];

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp, from = at): string | null => {
    pattern.lastIndex = from;
    return pattern.test(source) ? source.slice(from, pattern.lastIndex) : null;
  };
  /** Names are ASCII but for a few: looking properties of letters up takes much longer. */
  const nameAt = (from: number): string | null => {
    const plain = match(PLAIN_NAME, from);
    const next = source.charCodeAt(from + (plain?.length ?? 0));
    return next > 0x7f ? match(NAME, from) : plain;
  };
  const push = (kind: TokenKind, text: string, prefix: string, to: number): void => {
    tokens.push({ kind, text, prefix, from: at, to });
    at = to;
  };
  const comment = (): void => {
    const start = at;
    let depth = 0;
    do {
      if (source.startsWith("(:", at)) {
        depth += 1;
        at += 2;
      } else if (source.startsWith(":)", at)) {
        depth -= 1;
        at += 2;
      } else if (at >= source.length) throw new XPathSyntaxError("comment without end", start);
      else at += 1;
    } while (depth > 0);
  };
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d) {
      at += 1;
      continue;
    }
    if (source.startsWith("(:", at)) {
      comment();
      continue;
    }
    const c = source.charAt(at);
    if (c === '"' || c === "'") {
      let end = at + 1;
      let value = "";
      for (;;) {
        const close = source.indexOf(c, end);
        if (close < 0) throw new XPathSyntaxError("string without end", at);
        value += source.slice(end, close);
        end = close + 1;
        if (source.charAt(end) !== c) break;
        value += c;
        end += 1;
      }
      push("string", value, "", end);
      continue;
    }
    const number = (code >= 0x30 && code <= 0x39) || c === "." ? match(NUMBER) : null;
    if (number !== null) {
      push(
        /[eE]/.test(number) ? "double" : number.includes(".") ? "decimal" : "integer",
        number,
        "",
        at + number.length,
      );
      continue;
    }
    const name = nameAt(at);
    if (name !== null) {
      const end = at + name.length;
      // A prefix binds without space, and "::" is an axis.
      if (source.charAt(end) === ":" && source.charAt(end + 1) !== ":") {
        if (source.charAt(end + 1) === "*") {
          push("name", "*", name, end + 2);
          continue;
        }
        const local = nameAt(end + 1);
        if (local !== null) {
          push("name", local, name, end + 1 + local.length);
          continue;
        }
      }
      push("name", name, "", end);
      continue;
    }
    if (c === "*" && source.charAt(at + 1) === ":" && source.charAt(at + 2) !== ":") {
      const local = nameAt(at + 2);
      if (local !== null) {
        push("name", local, "*", at + 2 + local.length);
        continue;
      }
    }
    const two = SYMBOLS.find((s) => source.startsWith(s, at));
    if (two !== undefined) {
      push("symbol", two, "", at + 2);
      continue;
    }
    if (!"()[]@,|+-*/=<>.$?".includes(c)) throw new XPathSyntaxError(`unexpected character ${JSON.stringify(c)}`, at);
    push("symbol", c, "", at + 1);
  }
  tokens.push({ kind: "end", text: "", prefix: "", from: at, to: at });
  return tokens;
}
