/** Legal rewritings of SOAP and MIME messages of the DMP, beyond those of XML. */
import { type Rewriting, tokensOf, writeTokens, type XmlToken } from "../../support/xml-rewrite.js";

interface Tree {
  readonly token: XmlToken;
  kids: Tree[];
}

function treeOf(xml: string): Tree {
  const root: Tree = { token: { kind: "text", value: "" }, kids: [] };
  const open: Tree[] = [root];
  for (const token of tokensOf(xml)) {
    if (token.kind === "close") {
      open.pop();
      continue;
    }
    const node: Tree = { token, kids: [] };
    open[open.length - 1]?.kids.push(node);
    if (token.kind === "open" && !token.empty) open.push(node);
  }
  return root;
}

function flat({ token, kids }: Tree): XmlToken[] {
  const inside = kids.flatMap(flat);
  return token.kind === "open" && !token.empty
    ? [token, ...inside, { kind: "close", name: token.name }]
    : [token, ...inside];
}

const localName = ({ token }: Tree): string | null =>
  token.kind === "open" ? (token.name.split(":").pop() ?? null) : null;
const attribute = ({ token }: Tree, name: string): string =>
  token.kind === "open" ? (token.attributes.find(([key]) => key === name)?.[1] ?? "") : "";

/** Puts the kids of every element that `rank` names in another order; white space between them stays where it is. */
function reordered(xml: string, rank: (parent: string, kid: Tree) => string | null): string {
  const visit = (tree: Tree): void => {
    const parent = localName(tree) ?? "";
    const groups = new Map<string, Tree[]>();
    for (const kid of tree.kids) {
      const group = localName(kid) === null ? null : rank(parent, kid);
      if (group !== null) groups.set(group, [...(groups.get(group) ?? []), kid]);
    }
    // Kids of one scheme keep their order among themselves: it may mean something (the first confidentiality code).
    const queues = new Map(
      [...groups].map(([group, kids]) => {
        const keys = [...new Set(kids.map(schemeOf))].reverse();
        return [group, keys.flatMap((key) => kids.filter((kid) => schemeOf(kid) === key))];
      }),
    );
    tree.kids = tree.kids.map((kid) => {
      const group = localName(kid) === null ? null : rank(parent, kid);
      return group === null ? kid : (queues.get(group)?.shift() ?? kid);
    });
    tree.kids.forEach(visit);
  };
  const tree = treeOf(xml);
  visit(tree);
  return writeTokens(flat(tree));
}

function schemeOf(kid: Tree): string {
  return attribute(kid, "classificationScheme") || attribute(kid, "name") || attribute(kid, "id") || kidName(kid);
}

function kidName(kid: Tree): string {
  return localName(kid) ?? "";
}

/** Order and detail that neither ebRIM, SOAP nor WS-Addressing give a meaning to. */
export const ORDERS: readonly Rewriting[] = [
  [
    "slots, classifications, identifiers and objects in the other order",
    (xml) =>
      reordered(xml, (parent, kid) => {
        const name = kidName(kid);
        if (parent === "RegistryObjectList") return "object";
        if (parent === "AdhocQuery" && name === "Slot") return name;
        if (!["RegistryPackage", "ExtrinsicObject", "Association", "Classification"].includes(parent)) return null;
        return ["Slot", "Classification", "ExternalIdentifier"].includes(name) ? name : null;
      }),
  ],
  ["header blocks in the other order", (xml) => reordered(xml, (parent) => (parent === "Header" ? "block" : null))],
  ["mustUnderstand written as 1", (xml) => xml.replaceAll('mustUnderstand="true"', 'mustUnderstand="1"')],
  [
    "the mark of the submission set inside its package",
    (xml) => {
      const mark = /<([\w.-]+:)?Classification\b[^>]*classificationNode="[^>]*\/>/.exec(xml)?.[0] ?? "";
      return xml.replace(mark, "").replace(/(?=<(?:[\w.-]+:)?ExternalIdentifier\b)/, () => mark);
    },
  ],
  [
    "slots nobody knows, a type on each slot, labels without language or encoding",
    (xml) =>
      xml
        .replace(/ (?:xml:lang|charset)="[^"]*"/g, "")
        .replace(/<([\w.-]+:)?Slot name="/g, '<$1Slot slotType="" name="')
        .replace(
          /(?=<([\w.-]+:)?Slot [^>]*name="creationTime")/g,
          (_all: string, prefix: string | undefined) =>
            `<${prefix ?? ""}Slot name="urn:editor:note"><${prefix ?? ""}ValueList><${prefix ?? ""}Value>x</${prefix ?? ""}Value></${prefix ?? ""}ValueList></${prefix ?? ""}Slot>`,
        ),
  ],
  [
    "line ends and blanks around the values of slots",
    (xml) => xml.replace(/(<(?:[\w.-]+:)?Value>)([^<]*)(<\/)/g, "$1\r\n\t$2\r\n$3"),
  ],
  [
    "a wsa:From and a wsa:FaultTo in the header",
    (xml) =>
      xml.replace(
        /(?=<\/(?:[\w.-]+:)?Header>)/,
        ["From", "FaultTo"]
          .map(
            (name) =>
              `<w5:${name} xmlns:w5="http://www.w3.org/2005/08/addressing"><w5:Address>http://www.w3.org/2005/08/addressing/anonymous</w5:Address></w5:${name}>`,
          )
          .join(""),
      ),
  ],
];

interface Multipart {
  readonly head: string;
  readonly boundary: string;
  /** Header block and body of each part, in latin1. */
  readonly parts: readonly (readonly [string, string])[];
}

function messageOf(bytes: Buffer): { head: string; body: string } {
  const text = bytes.toString("latin1");
  const at = text.indexOf("\r\n\r\n");
  return { head: text.slice(0, at), body: text.slice(at + 4) };
}

function multipartOf(bytes: Buffer): Multipart | null {
  const { head, body } = messageOf(bytes);
  const boundary = /multipart\/related;.*boundary="?([^";\r]+)"?/i.exec(head)?.[1];
  if (boundary === undefined) return null;
  const parts = `\r\n${body}`
    .split(`\r\n--${boundary}`)
    .slice(1, -1)
    .map((part): [string, string] => {
      const [headers = ""] = part.split("\r\n\r\n");
      return [headers.replace(/^\r\n/, ""), part.slice(headers.length + 4)];
    });
  return { head, boundary, parts };
}

function assemble(head: string, body: string): Buffer {
  const length = `content-length: ${body.length}`;
  return Buffer.from(`${head.replace(/content-length: *\d+/i, length)}\r\n\r\n${body}`, "latin1");
}

function packed({ head, boundary, parts }: Multipart, around: readonly [string, string] = ["", ""]): Buffer {
  const body = parts.map(([headers, content]) => `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n`).join("");
  return assemble(head, `${around[0]}${body}--${boundary}--\r\n${around[1]}`);
}

/** Every message of the run: multipart or not; null when the layout does not exist for it. */
type Layout = readonly [name: string, write: (bytes: Buffer) => Buffer | null];

function ofMultipart(name: string, write: (message: Multipart) => Buffer): Layout {
  return [
    name,
    (bytes) => {
      const message = multipartOf(bytes);
      return message && write(message);
    },
  ];
}

export const LAYOUTS: readonly Layout[] = [
  ofMultipart("the root part last", (m) => packed({ ...m, parts: [...m.parts.slice(1), ...m.parts.slice(0, 1)] })),
  ofMultipart("a preamble and an epilogue", (m) => packed(m, ["This is a MIME message.\r\n", "The end.\r\n"])),
  ofMultipart("a boundary of other signs, without quotes", (m) => {
    const boundary = "----=_Part_0_1234.5678";
    const head = m.head.replace(/boundary="?[^";\r]+"?/i, "boundary=----=_Part_0_1234.5678");
    // RFC 2045 wants quotes around "="; RFC 2046 allows the sign itself. Without it, no quotes are needed.
    return packed({ ...m, head: head.replace("=----=_", "=----_"), boundary: boundary.replace("=", "") });
  }),
  ofMultipart("documents in base64 transfer encoding", (m) =>
    packed({
      ...m,
      parts: m.parts.map(([headers, content], index) =>
        index === 0
          ? [headers, content]
          : [
              `${headers.replace(/\r\nContent-Transfer-Encoding:[^\r]*/i, "")}\r\nContent-Transfer-Encoding: base64`,
              Buffer.from(content, "latin1").toString("base64").replace(/.{76}/g, "$&\r\n"),
            ],
      ),
    }),
  ),
  ofMultipart("folded part headers in capitals", (m) =>
    packed({
      ...m,
      parts: m.parts.map(([headers, content]) => [
        headers.replace(/^[^:\r\n]+:/gm, (name) => name.toUpperCase()).replaceAll("; ", ";\r\n\t"),
        content,
      ]),
    }),
  ),
  ofMultipart("documents as base64 text instead of XOP parts", (m) => {
    const [root, ...others] = m.parts;
    const held = new Map(
      others.map(([headers, content]) => [/Content-ID: *<([^>]+)>/i.exec(headers)?.[1] ?? "", content]),
    );
    const xml = (root?.[1] ?? "").replace(
      /<(?:[\w.-]+:)?Include\b[^>]*href="cid:([^"]+)"[^>]*?(?:\/>|><\/[^>]+>)/g,
      (_all, id: string) => Buffer.from(held.get(decodeURIComponent(id)) ?? "", "latin1").toString("base64"),
    );
    return packed({ ...m, parts: [[root?.[0] ?? "", xml]] });
  }),
  ofMultipart("references with percent signs", (m) =>
    packed({
      ...m,
      parts: m.parts.map(([headers, content], index) => [
        headers,
        index === 0 ? content.replace(/href="cid:[^"]+"/g, (href) => href.replace("@", "%40")) : content,
      ]),
    }),
  ),
  [
    "a chunked body and header names in capitals",
    (bytes) => {
      const { head, body } = messageOf(bytes);
      const chunks = body.match(/[\s\S]{1,1000}/g) ?? [];
      const lines = head.replace(/content-length: *\d+/i, "transfer-encoding: chunked").split("\r\n");
      const names = lines.map((line, index) =>
        index === 0 ? line : line.replace(/^[^:]+/, (name) => name.toUpperCase()),
      );
      const coded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("");
      return Buffer.from(`${names.join("\r\n")}\r\n\r\n${coded}0\r\n\r\n`, "latin1");
    },
  ],
  [
    "no action in the media type",
    (bytes) => {
      const { head, body } = messageOf(bytes);
      return assemble(head.replace(/; action="[^"]*"/, ""), body);
    },
  ],
];
