/** YAML text with positions, so that every mistake can name its line. */
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import type { Problem } from "./problems.js";

/** Larger files are refused: nobody writes them by hand. */
const MAX_CHARACTERS = 500_000;
/** Brackets and braces open at once; the parser of the library recurses. */
const MAX_NESTING = 200;

export type Path = readonly (string | number)[];

export interface YamlFile {
  /** Name shown in messages. */
  readonly name: string;
  readonly value: unknown;
  /** Mistakes of syntax; `value` is then not to be used. */
  readonly problems: readonly Problem[];
  /** `name:line:column (path)` of the value at a path; of its nearest parent when it is absent. `key`: of the key itself. */
  where(path: Path, key?: "key"): string;
}

export function readYaml(text: string, name: string): YamlFile {
  const counter = new LineCounter();
  if (text.length > MAX_CHARACTERS) {
    return refused(name, "the file is too large", "Keep it under half a million characters.");
  }
  if (nesting(text) > MAX_NESTING) return refused(name, "the file is nested too deep", "Write it with fewer levels.");
  const document = parseDocument(text, { lineCounter: counter, version: "1.2", prettyErrors: false });
  const position = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const problems = document.errors.map((error) => ({
    what: SYNTAX[error.code] ?? "this is not valid YAML",
    where: position(error.pos[0]),
    mend: error.code === "DUPLICATE_KEY" ? "Keep one of the two." : "Check the indentation, quotes and brackets here.",
  }));
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 50 });
    } catch {
      problems.push({ what: "the aliases cannot be resolved", where: name, mend: "Write the values out." });
    }
  }
  return {
    name,
    value,
    problems,
    where: (path, key) => `${position(offsetOf(document, path, key === "key"))}${suffix(path)}`,
  };
}

function refused(name: string, what: string, mend: string): YamlFile {
  return { name, value: undefined, problems: [{ what, where: name, mend }], where: () => name };
}

/** A bound from above: brackets in texts count too; indentation and `- - -` nest as well. */
function nesting(text: string): number {
  let open = 0;
  let most = 0;
  for (const c of text) {
    if (c === "[" || c === "{") open += 1;
    else if ((c === "]" || c === "}") && open > 0) open -= 1;
    if (open > most) most = open;
  }
  const dashes = Math.max(0, ...[...text.matchAll(/^(?:[ ]*[-?] )+/gm)].map(([run]) => run.length / 2));
  const indent = [...text.matchAll(/^ +/gm)].reduce((deepest, [run]) => Math.max(deepest, run.length), 0);
  return Math.max(most, dashes, indent > 4 * MAX_NESTING ? indent : 0);
}

const SYNTAX: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "the same key stands twice",
  TAB_AS_INDENT: "a tab is used as indentation",
  BAD_INDENT: "the indentation is wrong",
  MISSING_CHAR: "a closing quote, bracket or colon is missing",
  MULTIPLE_DOCS: "there is more than one document",
};

function suffix(path: Path): string {
  return path.length === 0 ? "" : ` (${dotted(path)})`;
}

/** `psc.clients[0].id`; keys with other characters are quoted. */
export function dotted(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z0-9_-]+$/.test(part)) text += text === "" ? part : `.${part}`;
    else text += `["${part}"]`;
  }
  return text;
}

/** Offset in the text of the node at `path`, or of the nearest thing above it that exists. */
function offsetOf(document: Document.Parsed, path: Path, wantKey: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === last);
      const node = pair === undefined ? undefined : wantKey || !isNode(pair.value) ? pair.key : pair.value;
      if (isNode(node) && node.range) return node.range[0];
    } else {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}
