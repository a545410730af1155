/** Counter-examples on mails: edits the raw bytes of a recorded mail, its parts and its archive, and closes them again. */
import { createHash } from "node:crypto";
import type { Exchange, RecordingEditor } from "../../../core/model/index.js";
import { decodeWords, leafParts, type MimePart, readMail } from "../../../protocols/mime.js";
import { readSmtp, stuff } from "../../../protocols/smtp.js";
import { crc32, readZip } from "../../../protocols/zip.js";

export const PROFESSIONAL = "mss-send-professional";

/** First mail of the scenario, as it is now in the edited recording. */
export function mailIn(recording: RecordingEditor, scenario = PROFESSIONAL, index = 0): Exchange {
  const exchange = recording.exchanges("mss.submit", scenario)[index];
  if (!exchange) throw new Error(`no mail ${index} in ${scenario}`);
  return exchange;
}

/** First session of the scenario. */
export function sessionIn(recording: RecordingEditor, scenario = PROFESSIONAL, index = 0): Exchange {
  const exchange = recording.exchanges("mss.session", scenario)[index];
  if (!exchange) throw new Error(`no session ${index} in ${scenario}`);
  return exchange;
}

export function textOf(bytes: Uint8Array | null): string {
  return Buffer.from(bytes ?? []).toString("latin1");
}

/** Writes both sides of a session anew: lines of the client, lines of the server. */
export function setSession(
  recording: RecordingEditor,
  exchange: Exchange,
  client: readonly string[],
  server: readonly string[],
): void {
  const lines = (list: readonly string[]): Buffer => Buffer.from(list.map((line) => `${line}\r\n`).join(""), "latin1");
  recording.setRequest(exchange, lines(client));
  recording.setResponse(exchange, lines(server));
}

/** Edits the message text (latin1, dots unstuffed). Throws when nothing changed. */
export function editMail(recording: RecordingEditor, exchange: Exchange, edit: (mail: string) => string): void {
  const before = messageOf(exchange);
  const after = edit(before.text);
  if (after === before.text) throw new Error("the edit changes nothing");
  const bytes = Buffer.concat([
    Buffer.from(exchange.requestBytes.subarray(0, before.start)),
    stuff(Buffer.from(after, "latin1")),
    Buffer.from(".\r\n"),
  ]);
  recording.setRequest(exchange, bytes);
}

/** Replaces the whole header field, or removes it (`null`); one that is not there is added. */
export function setHeader(recording: RecordingEditor, exchange: Exchange, name: string, value: string | null): void {
  const field = new RegExp(`^${name}:[^\\r\\n]*(?:\\r\\n[ \\t][^\\r\\n]*)*\\r\\n`, "im");
  editMail(recording, exchange, (mail) => {
    const end = mail.indexOf("\r\n\r\n") + 2;
    const head = mail.slice(0, end);
    const line = value === null ? "" : `${name}: ${value}\r\n`;
    return (field.test(head) ? head.replace(field, () => line) : `${line}${head}`) + mail.slice(end);
  });
}

/** Value of the header field as written, unfolded. */
export function headerOf(exchange: Exchange, name: string): string {
  const found = readMail(Buffer.from(messageOf(exchange).text, "latin1")).headers.find(
    (header) => header.name.toLowerCase() === name.toLowerCase(),
  );
  if (!found) throw new Error(`no header ${name}`);
  return found.encoded;
}

/** The same with encoded words decoded. */
export function headerText(exchange: Exchange, name: string): string {
  return decodeWords(headerOf(exchange, name));
}

/** The instant some milliseconds after an exchange ended. */
export function later(exchange: Exchange, ms = 1): string {
  return new Date(Date.parse(exchange.endedAt ?? exchange.startedAt) + ms).toISOString();
}

/** Replaces the decoded body of the first part that fits; the part keeps its headers. */
export function setBody(
  recording: RecordingEditor,
  exchange: Exchange,
  fits: (part: MimePart) => boolean,
  body: (part: MimePart) => Uint8Array,
): void {
  editMail(recording, exchange, (text) => {
    const part = partOf(text, fits);
    const wrapped = Buffer.from(body(part)).toString("base64").replace(/.{76}/g, "$&\r\n");
    return `${text.slice(0, part.bodyStart)}${wrapped}${text.slice(part.bodyEnd)}`;
  });
}

/** Edits the headers of a part, as text without the blank line. */
export function editPartHead(
  recording: RecordingEditor,
  exchange: Exchange,
  fits: (part: MimePart) => boolean,
  edit: (head: string) => string,
): void {
  editMail(recording, exchange, (text) => {
    const part = partOf(text, fits);
    const start = part.headers[0]?.start ?? part.bodyStart;
    return text.slice(0, start) + edit(text.slice(start, part.bodyStart)) + text.slice(part.bodyStart);
  });
}

/** Takes the part out, or puts a copy behind it (`times` 2). */
export function repeatPart(
  recording: RecordingEditor,
  exchange: Exchange,
  fits: (part: MimePart) => boolean,
  times: 0 | 2,
): void {
  editMail(recording, exchange, (text) => {
    const part = partOf(text, fits);
    const delimiter = text.lastIndexOf("\r\n--", part.headers[0]?.start ?? 0);
    const whole = text.slice(delimiter, part.bodyEnd);
    return text.slice(0, delimiter) + whole.repeat(times) + text.slice(part.bodyEnd);
  });
}

export const isArchive = (part: MimePart): boolean => /\.zip$/i.test(part.fileName ?? "");
export const isPdfPart = (part: MimePart): boolean => part.mediaType === "application/pdf";
export const isText = (part: MimePart): boolean => part.mediaType.startsWith("text/");

/** Files of the archive by path; contents may be changed, added, removed, renamed (delete and set). */
export type Files = Map<string, Buffer>;

/** Edits the files of the archive and zips them again. */
export function editArchive(recording: RecordingEditor, exchange: Exchange, edit: (files: Files) => void): void {
  setBody(recording, exchange, isArchive, (part) => {
    const files = filesOf(part.body);
    edit(files);
    return writeZip([...files]);
  });
}

/** Files of the archive as they are. */
export function archiveFiles(exchange: Exchange): Files {
  return filesOf(partOf(messageOf(exchange).text, isArchive).body);
}

export const METADATA = "IHE_XDM/SUBSET01/METADATA.XML";
export const DOCUMENT = "IHE_XDM/SUBSET01/DOC0001.XML";

/** Edits one text file of the archive (UTF-8). A document's new hash and size are written in the metadata. */
export function editFile(
  recording: RecordingEditor,
  exchange: Exchange,
  name: string,
  edit: (text: string) => string,
): void {
  editArchive(recording, exchange, (files) => {
    const before = files.get(name);
    if (!before) throw new Error(`no ${name} in the archive`);
    const after = Buffer.from(edit(before.toString("utf8")), "utf8");
    if (after.equals(before)) throw new Error(`${name} is not changed`);
    files.set(name, after);
    const metadata = files.get(METADATA)?.toString("utf8");
    if (name === METADATA || metadata === undefined) return;
    files.set(
      METADATA,
      Buffer.from(
        metadata.replaceAll(sha1(before), sha1(after)).replaceAll(`>${before.length}<`, `>${after.length}<`),
        "utf8",
      ),
    );
  });
}

function sha1(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

function messageOf(exchange: Exchange): { readonly text: string; readonly start: number } {
  const { transactions } = readSmtp(exchange.requestBytes, exchange.responseBytes ?? new Uint8Array(), {
    part: "transaction",
  });
  const [first] = transactions;
  if (!first?.message || first.dataStart === null) throw new Error(`${exchange.id} carries no message`);
  return { text: textOf(first.message), start: first.dataStart };
}

function partOf(text: string, fits: (part: MimePart) => boolean): MimePart {
  const part = leafParts(readMail(Buffer.from(text, "latin1"))).find(fits);
  if (!part) throw new Error("no such part in the mail");
  return part;
}

function filesOf(zip: Uint8Array): Files {
  const read = readZip(zip);
  if (!read.ok) throw new Error(read.reason);
  return new Map(
    read.archive.entries.filter((e) => !e.directory).map((e): [string, Buffer] => [e.name, Buffer.from(e.data ?? [])]),
  );
}

/** Stored entries, constant dates: the same files give the same bytes. */
export function writeZip(files: readonly (readonly [string, Uint8Array])[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, data] of files) {
    const name = Buffer.from(path, "utf8");
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x800, 2);
    facts.writeUInt16LE(0x21, 8);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), facts, place, name]));
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), facts, name, Buffer.from(data)]);
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, one) => sum + one.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
