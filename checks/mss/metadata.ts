import { createHash } from "node:crypto";
import { defineCheck, type Report } from "../../core/model/index.js";
import { documentUniqueId, localPatientIds } from "../../protocols/cda-xds.js";
import { agrees } from "../../protocols/hl7-time.js";
import { parseCx, repeatedAttributes, type XdsDocument } from "../../protocols/xds.js";
import { attr } from "../../protocols/xml.js";
import { ARCHIVE_OPERATIONS, type Archive, type ArchiveDocument, archives, at } from "./helpers/mails.js";

const MAPPING = "CI-SIS mapping CDA to XDS, as applied to METADATA.XML (mssante.md §2.5, V2)";

/** METADATA.XML says of each document what the document says of itself. */
export default defineCheck({
  id: "mss/metadata",
  title: { fr: "METADATA.XML égal à l'en-tête des CDA", en: "METADATA.XML equal to the header of the CDA" },
  reads: ARCHIVE_OPERATIONS,
  messages: {
    unreadable: {
      weight: "breach",
      source: "IHE ITI TF-2 3.32.4.1.2: METADATA.XML is a SubmitObjectsRequest (mssante.md §2.5)",
      mark: "standard",
      witness: "none",
      fr: "METADATA.XML n'est pas lisible ({reason}).",
      en: "METADATA.XML cannot be read ({reason}).",
    },
    repeated: {
      weight: "breach",
      source: "IHE ITI TF-3 §4.2.3.2 and §4.2.3.3: cardinality of the attributes (mssante.md §2.5)",
      mark: "standard",
      witness: "none",
      fr: "L'attribut {attribute} doit être donné une seule fois dans METADATA.XML ; {count} valeurs observées.",
      en: "The attribute {attribute} must be given once only in METADATA.XML; {count} values observed.",
    },
    "not-listed": {
      weight: "breach",
      source: "IHE ITI TF-2 3.32.4.1.2: each document has its DocumentEntry, tied by URI (mssante.md §2.5)",
      mark: "standard",
      witness: "none",
      fr: "Aucune entrée de METADATA.XML ne désigne {document}.",
      en: "No entry of METADATA.XML points at {document}.",
    },
    "patient-id": {
      weight: "breach",
      source: MAPPING,
      mark: "restated",
      witness: "none",
      fr: "{document} : patientId « {observed} » ; le CDA porte {expected}.",
      en: "{document}: patientId “{observed}”; the CDA has {expected}.",
    },
    "unique-id": {
      weight: "breach",
      source: MAPPING,
      mark: "restated",
      witness: "none",
      fr: "{document} : uniqueId « {observed} » ; l'identifiant du CDA est {expected}.",
      en: "{document}: uniqueId “{observed}”; the CDA's id is {expected}.",
    },
    "type-code": {
      weight: "breach",
      source: MAPPING,
      mark: "restated",
      witness: "none",
      fr: "{document} : typeCode « {observed} » ; le code du CDA est {expected}.",
      en: "{document}: typeCode “{observed}”; the CDA's code is {expected}.",
    },
    "creation-time": {
      weight: "breach",
      source: MAPPING,
      mark: "restated",
      witness: "IHE ITI TF-3 4.2.3.1.7: times in UTC",
      fr: "{document} : creationTime « {observed} » ; effectiveTime du CDA vaut {expected} (à convertir en UTC).",
      en: "{document}: creationTime “{observed}”; the CDA's effectiveTime is {expected} (to be converted to UTC).",
    },
    hash: {
      weight: "breach",
      source: "IHE ITI TF-3 4.2.3.2, DocumentEntry.hash: SHA-1 of the document (mssante.md §2.5)",
      mark: "standard",
      witness: "none",
      fr: "{document} : hash « {observed} » ; la SHA-1 des octets de l'archive est {expected}.",
      en: "{document}: hash “{observed}”; the SHA-1 of the archive's bytes is {expected}.",
    },
    size: {
      weight: "breach",
      source: "IHE ITI TF-3 4.2.3.2, DocumentEntry.size: in bytes (mssante.md §2.5)",
      mark: "standard",
      witness: "none",
      fr: "{document} : size « {observed} » ; l'archive en contient {expected} octets.",
      en: "{document}: size “{observed}”; the archive holds {expected} bytes of it.",
    },
    absent: {
      weight: "remark",
      source: "mssante.md §2.5: item listed for METADATA.XML; whether it is required is unread",
      mark: "unconfirmed",
      witness: "none",
      fr: "{document} : METADATA.XML ne donne pas {attribute}.",
      en: "{document}: METADATA.XML does not give {attribute}.",
    },
    "mime-type": {
      weight: "remark",
      source: "mssante.md §2.5: mimeType text/xml as one public builder writes it",
      mark: "third-party",
      witness: "none",
      fr: "{document} : mimeType « {observed} » ; text/xml est attendu pour un CDA.",
      en: "{document}: mimeType “{observed}”; text/xml is expected for a CDA.",
    },
  },
  evaluate(seen, report) {
    for (const archive of archives(seen)) {
      if (archive.metadataProblem !== null) {
        report.observed(at(archive, archive.metadata?.path));
        report.finding("unreadable", at(archive, archive.metadata?.path), { reason: archive.metadataProblem });
        continue;
      }
      // No METADATA.XML at all: `mss/archive` tells it.
      if (!archive.submission) continue;
      for (const { node, attribute, count } of repeatedAttributes(archive.submission)) {
        const where = `${archive.metadata?.path ?? "METADATA.XML"} ${attr(node, "id") ?? ""}`.trim();
        report.finding("repeated", at(archive, where), { attribute, count });
      }
      for (const document of archive.documents) {
        report.observed(at(archive, document.file.path));
        if (document.entry) judge(archive, document, document.entry, report);
        else report.finding("not-listed", at(archive, document.file.path), { document: document.file.path });
      }
    }
  },
});

function judge(archive: Archive, { file, bytes, cda }: ArchiveDocument, entry: XdsDocument, report: Report): void {
  const document = file.path;
  const where = at(archive, `${archive.metadata?.path ?? "METADATA.XML"} ${entry.id ?? ""}`.trim());
  const compare = (message: string, observed: string | null, expected: string | null, same: boolean): void => {
    if (expected === null || same) return;
    if (observed === null || observed === "") report.finding("absent", where, { document, attribute: message });
    else report.finding(message, where, { document, observed, expected });
  };
  const patient = patientOf(entry.patientId, cda);
  compare("patient-id", entry.patientId, patient.expected, patient.same);
  const id = documentUniqueId(cda);
  compare("unique-id", entry.uniqueId, id, entry.uniqueId === id);
  const code = cda.code?.code ?? null;
  compare("type-code", entry.typeCode?.code ?? null, code, entry.typeCode?.code === code);
  const time = cda.effectiveTime?.value ?? null;
  const created = entry.creationTime;
  compare("creation-time", created, time, created !== null && time !== null && agrees(created, time) !== "different");
  const hash = createHash("sha1").update(bytes).digest("hex");
  compare("hash", entry.hash, hash, entry.hash?.toLowerCase() === hash);
  const size = String(bytes.length);
  compare("size", entry.size, size, entry.size === size);
  if (entry.mimeType !== "text/xml" && entry.mimeType !== "application/xslt+xml") {
    report.finding("mime-type", where, { document, observed: entry.mimeType });
  }
}

/** The INS of the CDA, else one of its local ids. A CDA that names no patient calls for nothing. */
function patientOf(
  observed: string | null,
  cda: ArchiveDocument["cda"],
): { readonly expected: string | null; readonly same: boolean } {
  const cx = parseCx(observed);
  const wanted = cda.ins ? [{ id: cda.ins.extension, oid: cda.ins.root }] : localPatientIds(cda);
  return {
    expected: wanted.length === 0 ? null : wanted.map(({ id, oid }) => `${id}^^^&${oid}&ISO`).join(", "),
    same: wanted.some(({ id, oid }) => cx?.id === id && cx.oid === oid),
  };
}
