import { defineBroken } from "../../core/model/index.js";
import { archiveFiles, DOCUMENT, editArchive, editFile, METADATA, mailIn } from "./helpers/edits.js";

const SLOT = (name: string): RegExp => new RegExp(`(name="${name}"[\\s\\S]*?Value>)[^<]*`);

export default defineBroken({
  check: "mss/metadata",
  mutations: [
    {
      id: "not XML",
      message: "unreadable",
      edit: (recording) =>
        editFile(recording, mailIn(recording), METADATA, (xml) => xml.replace("</rim:RegistryObjectList>", "")),
    },
    {
      id: "not a submission",
      message: "unreadable",
      edit: (recording) => editFile(recording, mailIn(recording), METADATA, () => "<x/>"),
    },
    {
      id: "a document without an entry",
      message: "not-listed",
      edit(recording) {
        const document = archiveFiles(mailIn(recording)).get(DOCUMENT);
        if (!document) throw new Error("no document");
        editArchive(recording, mailIn(recording), (files) => files.set("IHE_XDM/SUBSET01/DOC0002.XML", document));
      },
    },
    {
      id: "another matricule in the entry",
      message: "patient-id",
      edit: (recording) =>
        editFile(recording, mailIn(recording), METADATA, (xml) =>
          xml.replaceAll("275126322074974^", "110086322083060^"),
        ),
    },
    {
      id: "another OID of the INS",
      message: "patient-id",
      edit: (recording) =>
        editFile(recording, mailIn(recording), METADATA, (xml) =>
          xml.replaceAll(/(275126322074974\^\^\^&amp;)[\d.]+/g, "$11.2.250.1.213.1.4.8"),
        ),
    },
    {
      id: "another uniqueId",
      message: "unique-id",
      edit: (recording) =>
        editFile(recording, mailIn(recording), DOCUMENT, (cda) => cda.replace(/<id root="[^"]*"/, '<id root="2.25.1"')),
    },
    {
      id: "another type",
      message: "type-code",
      edit: (recording) =>
        editFile(recording, mailIn(recording), DOCUMENT, (cda) =>
          cda.replace('<code code="11488-4"', '<code code="34112-3"'),
        ),
    },
    {
      id: "an hour off",
      message: "creation-time",
      edit: (recording) =>
        editFile(recording, mailIn(recording), METADATA, (xml) =>
          xml.replace(SLOT("creationTime"), "$120200101000000"),
        ),
    },
    {
      id: "another hash",
      message: "hash",
      edit: (recording) =>
        editFile(recording, mailIn(recording), METADATA, (xml) => xml.replace(SLOT("hash"), `$1${"0".repeat(40)}`)),
    },
    {
      id: "SHA-256 in place of SHA-1",
      message: "hash",
      edit: (recording) =>
        editFile(recording, mailIn(recording), METADATA, (xml) => xml.replace(SLOT("hash"), `$1${"a".repeat(64)}`)),
    },
    {
      id: "another size",
      message: "size",
      edit: (recording) => editFile(recording, mailIn(recording), METADATA, (xml) => xml.replace(SLOT("size"), "$112")),
    },
    {
      id: "no hash",
      message: "absent",
      edit: (recording) => editFile(recording, mailIn(recording), METADATA, (xml) => xml.replace(SLOT("hash"), "$1")),
    },
    {
      id: "application/xml",
      message: "mime-type",
      edit: (recording) =>
        editFile(recording, mailIn(recording), METADATA, (xml) =>
          xml.replace('mimeType="text/xml"', 'mimeType="application/xml"'),
        ),
    },
    {
      id: "a second hash that says something else",
      message: "repeated",
      edit: (recording) =>
        editFile(recording, mailIn(recording), METADATA, (xml) =>
          xml.replace(/(<[a-z]+:Slot name="hash">[\s\S]*?)(<\/[a-z]+:Value>)/, "$1$2<rim:Value>00</rim:Value>"),
        ),
    },
  ],
  defects: [
    { defect: "mss-metadata-differs", message: "creation-time", scenarios: ["mss-send-professional"] },
    { defect: "mss-patient-id-differs", message: "patient-id", scenarios: ["mss-send-professional"] },
    { defect: "mss-hash-wrong", message: "hash", scenarios: ["mss-send-professional"] },
  ],
});
