/** The report (SVRL) of a compiled schematron whose rules and assertions were numbered by `number.xsl`. */
import { parseXml, type XmlNode } from "../../protocols/xml.js";

export interface SeenFailure {
  /** `a12`: the twelfth assertion of the expanded schematron; `r3`: the rule that was applied. */
  readonly assertion: string;
  readonly rule: string;
  readonly kind: "assert" | "report";
  /** XPath of the node, as the skeleton writes it in its notation 1. */
  readonly location: string;
  /** Message, white space normalised. */
  readonly text: string;
}

/** What an engine said of one document under one schematron. */
export interface Verdict {
  /** The engine gave up: code and message. Then nothing else is known. */
  readonly error: string | null;
  /** How often each rule was applied. */
  readonly fired: Readonly<Record<string, number>>;
  readonly failures: readonly SeenFailure[];
}

export function normalised(text: string): string {
  return text.replace(/[ \t\r\n]+/g, " ").trim();
}

export function readSvrl(bytes: Uint8Array): Verdict {
  const root = parseXml(bytes, { maxBytes: 1024 ** 3, maxNodes: 50_000_000 });
  const fired: Record<string, number> = {};
  const failures: SeenFailure[] = [];
  let rule = "";
  for (const node of root.children) {
    if (typeof node === "string") continue;
    if (node.name === "fired-rule") {
      rule = attribute(node, "id");
      fired[rule] = (fired[rule] ?? 0) + 1;
    } else if (node.name === "failed-assert" || node.name === "successful-report") {
      const text = node.children.find((child): child is XmlNode => typeof child !== "string" && child.name === "text");
      failures.push({
        assertion: attribute(node, "id"),
        rule,
        kind: node.name === "failed-assert" ? "assert" : "report",
        location: attribute(node, "location"),
        text: normalised(text ? stringOf(text) : ""),
      });
    }
  }
  return { error: null, fired, failures };
}

function attribute(node: XmlNode, name: string): string {
  return node.attributes.find((each) => each.name === name)?.value ?? "";
}

function stringOf(node: XmlNode): string {
  return node.children.map((child) => (typeof child === "string" ? child : stringOf(child))).join("");
}
