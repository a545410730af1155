/** XML as events, read by saxes: no DTD, no entity, and the line of each start tag. */
import { SaxesParser, type SaxesTagNS } from "saxes";
import { XmlError } from "../xml.js";

export interface XmlAttribute {
  readonly prefix: string;
  readonly local: string;
  readonly ns: string;
  readonly value: string;
}

export interface XmlHandler {
  /** `declared`: prefixes this element declares, "" for the default; null when none. `attributes`: declarations are not among them. */
  open(
    prefix: string,
    local: string,
    ns: string,
    attributes: readonly XmlAttribute[],
    declared: Readonly<Record<string, string>> | null,
    line: number,
  ): void;
  close(): void;
  /** One run of text may come in several pieces. */
  text(data: string): void;
  comment(data: string): void;
  instruction(target: string, body: string): void;
}

/** Throws XmlError, that of the handler included, with the place where it happened. */
export function readEvents(text: string, handler: XmlHandler): void {
  const parser = new SaxesParser({ xmlns: true });
  let line = 1;
  let failure: XmlError | null = null;
  const stop = (error: XmlError): never => {
    failure = error;
    throw error;
  };
  parser.on("error", (error) => {
    stop(new XmlError("not_xml", parser.line, parser.column, error.message));
  });
  parser.on("doctype", () => stop(new XmlError("dtd", parser.line, parser.column, "a DOCTYPE is not accepted")));
  parser.on("opentagstart", () => {
    line = parser.line;
  });
  parser.on("opentag", (tag: SaxesTagNS) => {
    const attributes = Object.values(tag.attributes).filter((a) => a.prefix !== "xmlns" && a.name !== "xmlns");
    const declared = Object.keys(tag.ns).length > 0 ? tag.ns : null;
    handler.open(
      tag.prefix,
      tag.local,
      tag.uri,
      attributes.map(({ prefix, local, uri, value }) => ({ prefix, local, ns: uri, value })),
      declared,
      line,
    );
  });
  parser.on("closetag", () => handler.close());
  parser.on("text", (data) => handler.text(data));
  parser.on("cdata", (data) => handler.text(data));
  parser.on("comment", (data) => handler.comment(data));
  parser.on("processinginstruction", (pi) => handler.instruction(pi.target, pi.body));
  try {
    parser.write(text).close();
  } catch (error) {
    if (failure) throw failure;
    if (error instanceof XmlError && error.code === "too_deep") throw error;
    if (error instanceof XmlError) throw new XmlError(error.code, parser.line, parser.column, error.message);
    throw new XmlError("not_xml", parser.line, parser.column, error instanceof Error ? error.message : String(error));
  }
}
