import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import {
  DOCUMENT,
  editArchive,
  editPartHead,
  type Files,
  isArchive,
  isPdfPart,
  METADATA,
  mailIn,
  repeatPart,
  setBody,
  writeZip,
} from "./helpers/edits.js";

const rename = (recording: RecordingEditor, from: string, to: string | null): void =>
  editArchive(recording, mailIn(recording), (files: Files) => {
    const content = files.get(from);
    if (!content) throw new Error(`no ${from}`);
    files.delete(from);
    if (to !== null) files.set(to, content);
  });

export default defineBroken({
  check: "mss/archive",
  mutations: [
    {
      id: "archive taken out",
      message: "absent",
      edit: (recording) => repeatPart(recording, mailIn(recording), isArchive, 0),
    },
    {
      id: "another name",
      message: "name",
      edit: (recording) =>
        editPartHead(recording, mailIn(recording), isArchive, (head) => head.replaceAll("IHE_XDM.zip", "XDM.zip")),
    },
    {
      id: "two archives",
      message: "several",
      edit: (recording) => repeatPart(recording, mailIn(recording), isArchive, 2),
    },
    {
      id: "octet-stream",
      message: "media-type",
      edit: (recording) =>
        editPartHead(recording, mailIn(recording), isArchive, (head) =>
          head.replace("application/zip", "application/octet-stream"),
        ),
    },
    {
      id: "inline",
      message: "disposition",
      edit: (recording) =>
        editPartHead(recording, mailIn(recording), isArchive, (head) =>
          head.replace("Content-Disposition: attachment", "Content-Disposition: inline"),
        ),
    },
    {
      id: "no ZIP",
      message: "unreadable",
      edit: (recording) => setBody(recording, mailIn(recording), isArchive, () => Buffer.from("not a zip")),
    },
    {
      id: "cut short",
      message: "unreadable",
      edit: (recording) =>
        setBody(recording, mailIn(recording), isArchive, (part) => part.body.subarray(0, part.body.length - 40)),
    },
    {
      id: "one byte of a document changed",
      message: "entry-damaged",
      edit: (recording) =>
        setBody(recording, mailIn(recording), isArchive, (part) => {
          const bytes = Buffer.from(part.body);
          // In the compressed data of the first entry.
          const at = 60;
          bytes[at] = (bytes[at] ?? 0) ^ 0xff;
          return bytes;
        }),
    },
    {
      id: "a name that climbs out",
      message: "entry-unsafe",
      edit: (recording) =>
        editArchive(recording, mailIn(recording), (files) => files.set("../EVIL.TXT", Buffer.from("x"))),
    },
    { id: "no METADATA.XML", message: "metadata-absent", edit: (recording) => rename(recording, METADATA, null) },
    {
      id: "METADATA.XML at the root",
      message: "metadata-absent",
      edit: (recording) => rename(recording, METADATA, "METADATA.XML"),
    },
    { id: "no README.TXT", message: "root-file-absent", edit: (recording) => rename(recording, "README.TXT", null) },
    {
      id: "INDEX.HTM inside the subset",
      message: "root-file-absent",
      edit: (recording) => rename(recording, "INDEX.HTM", "IHE_XDM/SUBSET01/INDEX.HTM"),
    },
    { id: "document left out", message: "file-missing", edit: (recording) => rename(recording, DOCUMENT, null) },
    {
      id: "a second subset",
      message: "subsets",
      edit: (recording) =>
        editArchive(recording, mailIn(recording), (files) => files.set("IHE_XDM/SUBSET02/A.XML", Buffer.from("<a/>"))),
    },
    {
      id: "lower-case names",
      message: "names",
      edit: (recording) => rename(recording, "README.TXT", "readme.txt"),
    },
    {
      id: "a name twice",
      message: "duplicates",
      edit: (recording) =>
        setBody(recording, mailIn(recording), isArchive, () =>
          writeZip([
            ["README.TXT", Buffer.from("a")],
            ["README.TXT", Buffer.from("b")],
            ["INDEX.HTM", Buffer.from("c")],
            [METADATA, Buffer.from("<x/>")],
          ]),
        ),
    },
    {
      id: "archive called a PDF twin",
      message: "absent",
      edit(recording) {
        repeatPart(recording, mailIn(recording), isArchive, 0);
        repeatPart(recording, mailIn(recording), isPdfPart, 2);
      },
    },
  ],
  defects: [
    {
      defect: "mss-no-archive",
      message: "absent",
      scenarios: ["mss-send-professional"],
      collateral: [
        { check: "mss/ins-header", reason: "the header belongs to a CDA, and none is left in the mail" },
        { check: "mss/cda-code-header", reason: "the header belongs to a CDA, and none is left in the mail" },
      ],
    },
    { defect: "mss-archive-name", message: "name", scenarios: ["mss-send-professional"] },
    { defect: "mss-layout", message: "metadata-absent", scenarios: ["mss-send-professional"] },
    { defect: "mss-no-readme", message: "root-file-absent", scenarios: ["mss-send-professional"] },
  ],
});
