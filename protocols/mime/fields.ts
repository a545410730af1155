/** Header fields with a grammar of their own: parameters (RFC 2231), addresses and message ids (RFC 5322). */
import { decodeCharset, decodeWords } from "./encodings.js";

/** `value; name=x; other="y z"` with RFC 2231 continuations and charsets, and RFC 2047 words in values, decoded. */
export function readParameters(text: string): { value: string; parameters: Record<string, string> } {
  const pieces = splitOutsideQuotes(text, ";");
  const value = (pieces.shift() ?? "").replace(/\([^()]*\)/g, "").trim();
  // Without prototype: a parameter may be called `constructor` or `__proto__`.
  const plain: Record<string, string> = Object.create(null);
  const chunks = new Map<string, Map<number, { text: string; extended: boolean }>>();
  for (const piece of pieces) {
    const parsed = /^([^\s=*]+)(?:\*(\d{1,3}))?(\*)?\s*=([\s\S]*)$/.exec(piece.trim());
    if (!parsed) continue;
    const name = (parsed[1] ?? "").toLowerCase();
    const content = unquote((parsed[4] ?? "").trim());
    if (parsed[2] === undefined && parsed[3] === undefined) {
      plain[name] ??= decodeWords(content);
      continue;
    }
    const known = chunks.get(name) ?? new Map<number, { text: string; extended: boolean }>();
    known.set(Number(parsed[2] ?? 0), { text: content, extended: parsed[3] !== undefined });
    chunks.set(name, known);
  }
  for (const [name, known] of chunks) plain[name] = joinExtended(known);
  return { value, parameters: plain };
}

function joinExtended(chunks: Map<number, { text: string; extended: boolean }>): string {
  let charset = "utf-8";
  const bytes: Buffer[] = [];
  for (const index of [...chunks.keys()].sort((a, b) => a - b)) {
    const chunk = chunks.get(index);
    if (!chunk) continue;
    let content = chunk.text;
    if (chunk.extended) {
      const head = index === 0 ? /^([^']*)'[^']*'/.exec(content) : null;
      if (head) {
        charset = head[1] === "" || head[1] === undefined ? "us-ascii" : head[1];
        content = content.slice(head[0].length);
      }
      content = content.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
    }
    bytes.push(Buffer.from(content, "latin1"));
  }
  const all = Buffer.concat(bytes);
  return decodeCharset(all, charset) ?? all.toString("latin1");
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.replace(/^"|"$/g, "").replace(/\\([\s\S])/g, "$1");
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  let quoted = false;
  let comment = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (c === "\\" && (quoted || comment > 0)) {
      piece += c + text.charAt(i + 1);
      i += 1;
      continue;
    }
    if (c === '"' && comment === 0) quoted = !quoted;
    if (!quoted && c === "(") comment += 1;
    if (!quoted && c === ")" && comment > 0) comment -= 1;
    if (c === separator && !quoted && comment === 0) {
      pieces.push(piece);
      piece = "";
    } else piece += c;
  }
  pieces.push(piece);
  return pieces;
}

export interface MailAddress {
  /** Display name, decoded; "" when there is none. */
  readonly name: string;
  readonly address: string;
}

/** Addresses of a From, To, Reply-To… field, groups flattened (RFC 5322 section 3.4). `encoded` is the undecoded value. */
export function readAddresses(encoded: string): MailAddress[] {
  const out: MailAddress[] = [];
  for (const piece of splitOutsideQuotes(encoded, ",").flatMap((p) => splitOutsideQuotes(p, ";"))) {
    // `group: a@b` — the group name goes; a colon inside quotes or brackets stays.
    const entry = (splitOutsideQuotes(piece, ":").at(-1) ?? "").trim();
    if (entry === "") continue;
    const angled = /^([\s\S]*)<([^<>]*)>\s*(?:\([^()]*\)\s*)?$/.exec(entry);
    if (angled) {
      out.push({ name: decodeWords(unquoteWords((angled[1] ?? "").trim())), address: (angled[2] ?? "").trim() });
      continue;
    }
    const comment = /\(([^()]*)\)/.exec(entry);
    const address = entry.replace(/\([^()]*\)/g, "").trim();
    out.push({ name: decodeWords((comment?.[1] ?? "").trim()), address });
  }
  return out;
}

/** Quoted strings without their quotes and backslashes; a quote that is never closed stays with what follows it. */
function unquoteWords(text: string): string {
  let out = "";
  let open: { from: number; inner: string } | null = null;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (!open) {
      if (c === '"') open = { from: i, inner: "" };
      else out += c;
    } else if (c === '"') {
      out += open.inner;
      open = null;
    } else if (c === "\\") {
      i += 1;
      open.inner += text.charAt(i);
    } else open.inner += c;
  }
  return open ? out + text.slice(open.from) : out;
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const DOT_ATOM = `${ATOM}(?:\\.${ATOM})*`;
const MESSAGE_ID = new RegExp(`^<${DOT_ATOM}@(?:${DOT_ATOM}|\\[[\\x21-\\x5a\\x5e-\\x7e]*\\])>$`);

/** The `msg-id` of RFC 5322 section 3.6.4, obsolete forms left out; the field unfolded, comments around it allowed. */
export function isMessageId(value: string): boolean {
  const bare = value
    .slice(0, 998)
    .replace(/\([^()]*\)/g, "")
    .trim();
  return value.length <= 998 && MESSAGE_ID.test(bare);
}
