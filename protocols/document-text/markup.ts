/** Text of XML or HTML, in one pass: no tree, so nesting costs nothing, and broken markup gives what it can. */

/** Elements that end a line for a reader: of HTML, of CDA narratives, of office documents. */
const BREAKS = new Set(
  "p div br li tr h1 h2 h3 h4 h5 h6 title table thead tbody paragraph item caption section given family content-break h line-break tab row si t-break".split(
    " ",
  ),
);
const SILENT = new Set(["script", "style"]);
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  eacute: "é",
  egrave: "è",
  agrave: "à",
};

/** At most `most` characters. */
export function markupText(source: string, most: number): string {
  const out: string[] = [];
  let length = 0;
  let at = 0;
  const keep = (piece: string): void => {
    out.push(piece);
    length += piece.length;
  };
  while (at < source.length && length < most) {
    const open = source.indexOf("<", at);
    keep(decodeEntities(source.slice(at, open < 0 ? undefined : open)));
    if (open < 0) break;
    at = afterTag(source, open, keep);
  }
  return out.join("").slice(0, most);
}

/** Where reading goes on after the tag, comment, CDATA section or silent element that begins at `open`. */
function afterTag(source: string, open: number, keep: (piece: string) => void): number {
  const until = (mark: string, from: number): number => {
    const found = source.indexOf(mark, from);
    return found < 0 ? source.length : found + mark.length;
  };
  if (source.startsWith("<!--", open)) return until("-->", open + 4);
  if (source.startsWith("<![CDATA[", open)) {
    const end = until("]]>", open + 9);
    keep(source.slice(open + 9, Math.max(open + 9, end - 3)));
    return end;
  }
  const tag = /^<\/?(?:[\w.-]{1,40}:)?([\w.-]{1,40})/.exec(source.slice(open, open + 100));
  if (tag === null) {
    if (source[open + 1] === "!" || source[open + 1] === "?") return until(">", open);
    keep("<");
    return open + 1;
  }
  const name = (tag[1] ?? "").toLowerCase();
  const end = until(">", open);
  if (SILENT.has(name) && source[open + 1] !== "/" && source[end - 2] !== "/")
    return until(">", until(`</${tag[1] ?? ""}`, end));
  if (name === "tab") keep("\t");
  else if (BREAKS.has(name)) keep("\n");
  else if (name === "td" || name === "th" || name === "c" || name === "table-cell") keep("\t");
  return end;
}

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
