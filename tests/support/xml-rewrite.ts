/**
 * The same XML document written otherwise: rewritings that an XML reader must not tell apart, for metamorphic tests. The tokens come
 * from saxes directly, not from our own reader, and no choice is random.
 */
import { SaxesParser } from "saxes";

export type XmlToken =
  | {
      readonly kind: "open";
      readonly name: string;
      readonly attributes: readonly (readonly [string, string])[];
      readonly empty: boolean;
    }
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "text" | "cdata" | "comment"; readonly value: string }
  | { readonly kind: "instruction"; readonly target: string; readonly body: string };

/** The tokens of a document, its XML declaration left out. An empty element has no closing token. */
export function tokensOf(xml: string): XmlToken[] {
  const tokens: XmlToken[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  // One handler per event: saxes keeps the last.
  let depth = 0;
  parser.on("opentag", (tag) => {
    depth += 1;
    tokens.push({ kind: "open", name: tag.name, attributes: Object.entries(tag.attributes), empty: tag.isSelfClosing });
  });
  parser.on("closetag", (tag) => {
    depth -= 1;
    if (!tag.isSelfClosing) tokens.push({ kind: "close", name: tag.name });
  });
  parser.on("text", (value) => {
    if (depth > 0) tokens.push({ kind: "text", value });
  });
  parser.on("cdata", (value) => tokens.push({ kind: "cdata", value }));
  parser.on("comment", (value) => tokens.push({ kind: "comment", value }));
  parser.on("processinginstruction", ({ target, body }) => tokens.push({ kind: "instruction", target, body }));
  parser.write(xml.replace(/^\ufeff/, "")).close();
  return tokens;
}

export interface WrittenForm {
  readonly quote?: '"' | "'";
  /** Between attributes. */
  readonly gap?: string;
  /** Before `>` of every tag. */
  readonly tail?: string;
  /** Every character that is a letter or a digit as a character reference. */
  readonly references?: boolean;
}

export function writeTokens(tokens: readonly XmlToken[], form: WrittenForm = {}): string {
  const { quote = '"', gap = " ", tail = "" } = form;
  const escape = (value: string, special: RegExp): string => {
    const escaped = (c: string): string => `&#${c.codePointAt(0)};`;
    const plain = value.replace(special, escaped);
    if (!form.references) return plain;
    // What is a reference already stays one.
    return plain.replace(/&#\d+;|[A-Za-z0-9]/g, (c) => (c.length > 1 ? c : `&#x${c.charCodeAt(0).toString(16)};`));
  };
  return tokens
    .map((token) => {
      switch (token.kind) {
        case "open": {
          const attributes = token.attributes
            .map(([name, value]) => `${gap}${name}=${quote}${escape(value, /[&<>"'\t\r\n]/g)}${quote}`)
            .join("");
          return `<${token.name}${attributes}${tail}${token.empty ? "/" : ""}>`;
        }
        case "close":
          return `</${token.name}${tail}>`;
        case "text":
          return escape(token.value, /[&<>\r]/g);
        case "cdata":
          return `<![CDATA[${token.value}]]>`;
        case "comment":
          return `<!--${token.value}-->`;
        case "instruction":
          return `<?${token.target} ${token.body}?>`;
      }
    })
    .join("");
}

export type Rewriting = readonly [name: string, write: (xml: string) => string];

const blank = (token: XmlToken | undefined): boolean => token?.kind === "text" && token.value.trim() === "";
const isTag = (token: XmlToken | undefined): boolean => token?.kind === "open" || token?.kind === "close";

/** Applies a change to every token; several tokens may come of one. */
function each(xml: string, change: (token: XmlToken, index: number, all: readonly XmlToken[]) => readonly XmlToken[]) {
  const tokens = tokensOf(xml);
  return writeTokens(tokens.flatMap((token, index) => change(token, index, tokens)));
}

/** Rewritings that every canonicalization without comments undoes: they may be made inside a signed element. */
export const CANONICAL_REWRITINGS: readonly Rewriting[] = [
  [
    "attributes in the other order, in apostrophes, on lines of their own",
    (xml) =>
      writeTokens(
        tokensOf(xml).map((t) => (t.kind === "open" ? { ...t, attributes: [...t.attributes].reverse() } : t)),
        { quote: "'", gap: "\n\t", tail: " " },
      ),
  ],
  ["every letter and digit as a character reference", (xml) => writeTokens(tokensOf(xml), { references: true })],
  [
    "texts cut in two CDATA sections",
    (xml) =>
      each(xml, (token) => {
        if (token.kind !== "text" || token.value.trim() === "") return [token];
        const half = Math.ceil(token.value.length / 2);
        const parts = [token.value.slice(0, half), token.value.slice(half)];
        return parts.filter((value) => value !== "").map((value) => ({ kind: "cdata", value }) as const);
      }),
  ],
  [
    "a comment before and after each tag and inside each text",
    (xml) =>
      each(xml, (token) => {
        const comment = { kind: "comment", value: " c " } as const;
        if (token.kind === "open" || token.kind === "close") return [token, comment];
        if (token.kind !== "text" || token.value.length < 2) return [token];
        return [
          { kind: "text", value: token.value.slice(0, 1) },
          comment,
          { kind: "text", value: token.value.slice(1) },
        ];
      }),
  ],
  [
    "empty elements written with two tags",
    (xml) =>
      each(xml, (token) =>
        token.kind === "open" && token.empty
          ? [
              { ...token, empty: false },
              { kind: "close", name: token.name },
            ]
          : [token],
      ),
  ],
  [
    "elements without content written with one tag",
    (xml) => {
      const tokens = tokensOf(xml);
      const hollow = (i: number): boolean => {
        const token = tokens[i];
        return token?.kind === "open" && !token.empty && tokens[i + 1]?.kind === "close";
      };
      return writeTokens(
        tokens.flatMap((token, index) => {
          if (token.kind === "open" && hollow(index)) return [{ ...token, empty: true }];
          return token.kind === "close" && hollow(index - 1) ? [] : [token];
        }),
      );
    },
  ],
];

/** Rewritings that keep the XML data model but for white space between elements, comments and prefixes. */
export const REWRITINGS: readonly Rewriting[] = [
  ...CANONICAL_REWRITINGS,
  [
    "a processing instruction before and after each tag",
    (xml) =>
      each(xml, (token) =>
        token.kind === "open" || token.kind === "close"
          ? [token, { kind: "instruction", target: "editor", body: 'mark="here"' }]
          : [token],
      ),
  ],
  [
    "no white space between elements",
    (xml) =>
      each(xml, (token, index, all) =>
        blank(token) && isTag(all[index - 1]) && isTag(all[index + 1]) && !isLeafText(all, index) ? [] : [token],
      ),
  ],
  [
    "a line and a tabulation between elements",
    (xml) => {
      const tokens = tokensOf(xml);
      const mixed = mixedPlaces(tokens);
      return writeTokens(
        tokens.flatMap((token, index) => {
          const next = tokens[index + 1];
          const leaf = token.kind === "open" && !token.empty && next?.kind === "close";
          return isTag(token) && isTag(next) && !leaf && !mixed.has(index) ? [token, space] : [token];
        }),
      );
    },
  ],
  ["a prefix on every element, and no default namespace", (xml) => reprefixed(xml, (index) => `p${index}`)],
  ["prefixes of one letter, upper case and dotted", (xml) => reprefixed(xml, (index) => `N.${index}-x`)],
  [
    "a declaration that says standalone, after a byte order mark",
    (xml) => `\ufeff${declared(xml, "standalone='yes'")}`,
  ],
];

const space = { kind: "text", value: "\r\n\t" } as const;

function declared(xml: string, more: string): string {
  return `<?xml version='1.0' encoding='utf-8' ${more}?>\n${writeTokens(tokensOf(xml))}`;
}

/** White space that is the whole content of an element. */
function isLeafText(all: readonly XmlToken[], index: number): boolean {
  return all[index - 1]?.kind === "open" && all[index + 1]?.kind === "close";
}

/** Places behind which text would be content: those inside an element that has text of its own. */
function mixedPlaces(all: readonly XmlToken[]): ReadonlySet<number> {
  const mixed = new Set<number>();
  const visit = (see: (owner: number, index: number) => void): void => {
    const open: number[] = [];
    all.forEach((token, index) => {
      if (token.kind === "open" && !token.empty) open.push(index);
      if (token.kind === "close") open.pop();
      see(open[open.length - 1] ?? -1, index);
    });
  };
  const owners = new Set<number>();
  visit((owner, index) => {
    const token = all[index];
    if ((token?.kind === "text" || token?.kind === "cdata") && token.value.trim() !== "") owners.add(owner);
  });
  visit((owner, index) => {
    if (owners.has(owner)) mixed.add(index);
  });
  return mixed;
}

/**
 * Every element gets a new prefix for its namespace. The declarations that are there stay (a signed part below may name them); types
 * written in xsi:type follow their prefix.
 */
function reprefixed(xml: string, prefixOf: (index: number) => string): string {
  const known = new Map<string, string>();
  const fresh = (uri: string): string => {
    const name = known.get(uri) ?? prefixOf(known.size);
    known.set(uri, name);
    return name;
  };
  const scopes: ReadonlyMap<string, string>[] = [
    new Map([
      ["xml", "http://www.w3.org/XML/1998/namespace"],
      ["", ""],
    ]),
  ];
  const renamed = (name: string, scope: ReadonlyMap<string, string>, element: boolean): string => {
    const [local = "", prefix = ""] = name.split(":").reverse();
    if (prefix === "xml" || (!element && prefix === "")) return name;
    const uri = scope.get(prefix) ?? "";
    return uri === "" ? name : `${fresh(uri)}:${local}`;
  };
  const names: string[] = [];
  const tokens = tokensOf(xml).map((token): XmlToken => {
    if (token.kind === "close") {
      scopes.pop();
      return { ...token, name: names.pop() ?? "" };
    }
    if (token.kind !== "open") return token;
    const outer = scopes[scopes.length - 1] ?? new Map<string, string>();
    const scope = new Map(outer);
    for (const [name, value] of token.attributes) {
      if (name === "xmlns") scope.set("", value);
      else if (name.startsWith("xmlns:")) scope.set(name.slice(6), value);
    }
    const used = new Set([...scope.values()].filter((uri) => uri !== "" && !uri.endsWith("XML/1998/namespace")));
    const own = [...used].filter((uri) => ![...outer.values()].includes(uri));
    const attributes = token.attributes.map(([name, value]): [string, string] => {
      if (name === "xmlns" || name.startsWith("xmlns:")) return [name, value];
      const [local = "", prefix = ""] = name.split(":").reverse();
      const isType = local === "type" && scope.get(prefix) === "http://www.w3.org/2001/XMLSchema-instance";
      return [renamed(name, scope, false), isType ? renamed(value, scope, true) : value];
    });
    const declarations = own.map((uri): [string, string] => [`xmlns:${fresh(uri)}`, uri]);
    const name = renamed(token.name, scope, true);
    if (!token.empty) {
      scopes.push(scope);
      names.push(name);
    }
    return { ...token, name, attributes: [...declarations, ...attributes] };
  });
  return writeTokens(tokens);
}
