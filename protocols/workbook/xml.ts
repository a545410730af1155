/**
 * Parts of a workbook as a stream of elements. Read strictly, without document type and without any entity but the five of XML,
 * before the spreadsheet library sees them: what it then reads is bounded and has nothing left to expand.
 */
import { SaxesParser } from "saxes";
import { decodeXml, XmlError } from "../xml.js";
import { WorkbookRefused } from "./refusal.js";

/** Worksheets nest six or seven levels; extension lists a few more. */
const MAX_DEPTH = 64;

export interface PartHandler {
  /** Local name of the element and its attributes by local name. */
  readonly open?: (name: string, attributes: ReadonlyMap<string, string>) => void;
  readonly close?: (name: string) => void;
}

/** Text of a part. WorkbookRefused `xml_broken` when its bytes are not in the encoding it declares. */
export function partText(part: string, bytes: Uint8Array): string {
  try {
    return decodeXml(bytes);
  } catch (error) {
    throw new WorkbookRefused("xml_broken", part, { why: reasonOf(error) });
  }
}

/** Walks through a part. WorkbookRefused `xml_doctype` or `xml_broken`; what the handler throws passes through. */
export function walkPart(part: string, text: string, handler: PartHandler): void {
  const parser = new SaxesParser({ xmlns: true, position: true });
  let failure: WorkbookRefused | null = null;
  let depth = 0;
  const refuse = (refusal: WorkbookRefused): void => {
    failure ??= refusal;
    throw refusal;
  };
  parser.on("error", (error) => refuse(new WorkbookRefused("xml_broken", part, { why: reasonOf(error) })));
  parser.on("doctype", () => refuse(new WorkbookRefused("xml_doctype", part)));
  parser.on("opentag", (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) refuse(new WorkbookRefused("xml_broken", part, { why: "too deep", most: MAX_DEPTH }));
    if (!handler.open) return;
    const attributes = new Map<string, string>();
    for (const attribute of Object.values(tag.attributes)) attributes.set(attribute.local, attribute.value);
    handler.open(tag.local, attributes);
  });
  parser.on("closetag", (tag) => {
    depth -= 1;
    handler.close?.(tag.local);
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (failure) throw failure;
    throw error;
  }
}

/** One line, without the text of the foreign file. */
function reasonOf(error: unknown): string {
  if (error instanceof XmlError) return error.code;
  return error instanceof Error ? (error.message.split("\n")[0] ?? "").slice(0, 120) : "unreadable";
}
