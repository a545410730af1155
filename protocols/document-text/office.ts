/** Text of DOCX, PPTX, XLSX (ECMA-376) and OpenDocument files: the text of their main parts, in the order of their names. */
import { readZip } from "../zip.js";
import { markupText } from "./markup.js";

const PARTS = [
  /^word\/(?:document|header\d*|footer\d*|footnotes|comments)\.xml$/,
  /^ppt\/(?:slides|notesSlides)\/[^/]+\.xml$/,
  /^xl\/(?:sharedStrings\.xml|worksheets\/[^/]+\.xml)$/,
  /^content\.xml$/,
];

/** Null when it is no such archive, or one that cannot be read within its bounds. */
export function officeText(view: Buffer, most: number): string | null {
  const read = readZip(view, { maxEntries: 5000, maxEntryBytes: 16 * 1024 * 1024, maxTotalBytes: 96 * 1024 * 1024 });
  if (!read.ok) return null;
  const pieces: string[] = [];
  let length = 0;
  const parts = read.archive.entries
    .filter((entry) => PARTS.some((part) => part.test(entry.name)))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const entry of parts) {
    if (entry.data === null || length >= most) continue;
    const text = markupText(Buffer.from(entry.data).toString("utf8"), most - length);
    pieces.push(text);
    length += text.length;
  }
  return pieces.length === 0 ? null : pieces.join("\n");
}
