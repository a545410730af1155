import { defineCheck, type Report } from "../../core/model/index.js";
import type { MimePart } from "../../protocols/mime.js";
import { declaresPdfA1, folded, isPdf, patientNames } from "./helpers/expected.js";
import {
  type ArchiveDocument,
  at,
  cdasOf,
  MAIL_OPERATIONS,
  pdfParts,
  type SentMail,
  sentMails,
} from "./helpers/mails.js";

/** Each document also as PDF beside the archive; for a level 1 CDA, the very PDF it embeds. */
export default defineCheck({
  id: "mss/pdf-copy",
  title: { fr: "Copie PDF des documents en pièce jointe", en: "PDF copy of the documents attached" },
  reads: MAIL_OPERATIONS,
  messages: {
    absent: {
      weight: "breach",
      source: "REF2 v1.0 ECO.2.1.1 (mssante.md §2.3, V)",
      mark: "verified",
      witness: "CI-SIS volet Transmission au LPS (IG-MDM)",
      fr: "L'archive porte {documents} document(s) CDA et le message {pdfs} PDF.",
      en: "The archive carries {documents} CDA document(s) and the mail {pdfs} PDF.",
    },
    "not-pdf": {
      weight: "breach",
      source: "REF2 v1.0 ECO.2.1.1 (mssante.md §2.3, V)",
      mark: "verified",
      witness: "file(1), pdfinfo",
      fr: "La pièce jointe {file} n'est pas un PDF.",
      en: "The attachment {file} is no PDF.",
    },
    differs: {
      weight: "breach",
      source: "REF2 v1.0 ECO.2.1.5 (mssante.md §2.3, V)",
      mark: "verified",
      witness: "vendors' Ségur FAQ, same rule",
      fr: "Aucun PDF joint n'est celui que contient {document}.",
      en: "No PDF attached is the one that {document} embeds.",
    },
    "differs-by-conversion": {
      weight: "remark",
      source: "mssante.md, Known ambiguities: PDF/A-1 against “identical to the embedded PDF”",
      mark: "unconfirmed",
      witness: "none",
      fr: "Le PDF joint, en PDF/A-1, n'est pas octet pour octet celui que contient {document}, qui ne l'est pas.",
      en: "The PDF attached, a PDF/A-1, is not byte for byte the one that {document} embeds, which is none.",
    },
    name: {
      weight: "remark",
      source: "REF2 v1.0 ECO.2.1.6; mssante.md, Known ambiguities: PDF file name",
      mark: "unconfirmed",
      witness: "none",
      fr: "Nom « {observed} » ; la forme attendue est AAAAMMJJ_type_NOM_prenom[_numéro].pdf.",
      en: "Name “{observed}”; the form expected is YYYYMMDD_type_NAME_given[_number].pdf.",
    },
  },
  evaluate(seen, report) {
    for (const mail of sentMails(seen)) {
      const documents = cdasOf(mail);
      if (documents.length === 0) continue;
      report.observed(at(mail));
      const attached = pdfParts(mail.mail);
      for (const part of attached.filter((one) => !isPdf(one.body))) {
        report.finding("not-pdf", at(mail, `part ${part.path}`), { file: part.fileName ?? part.path });
      }
      const pdfs = attached.filter((part) => isPdf(part.body));
      if (attached.length < documents.length) {
        report.finding("absent", at(mail), { documents: documents.length, pdfs: attached.length });
      }
      if (pdfs.length > 0) for (const document of documents) judgeCopy(mail, document, pdfs, report);
      for (const part of attached) judgeName(mail, part, documents, report);
    }
  },
});

function judgeCopy(mail: SentMail, document: ArchiveDocument, pdfs: readonly MimePart[], report: Report): void {
  const { body } = document.cda;
  // Level 3: a PDF is made from the sections, and only a person can compare it.
  if (body?.kind !== "nonXML" || body.mediaType !== "application/pdf" || !body.bytes) return;
  const embedded = Buffer.from(body.bytes);
  if (pdfs.some((part) => embedded.equals(part.body))) return;
  const converted = !declaresPdfA1(embedded) && pdfs.some((part) => declaresPdfA1(part.body));
  report.finding(converted ? "differs-by-conversion" : "differs", at(mail, document.file.path), {
    document: document.file.path,
  });
}

function judgeName(mail: SentMail, part: MimePart, documents: readonly ArchiveDocument[], report: Report): void {
  const observed = part.fileName ?? "";
  const names = documents.flatMap(({ cda }) => patientNames(cda) ?? []);
  if (names.length === 0) return;
  const fits = names.some(({ birthName, givenNames }) =>
    givenNames.some((given) => {
      const tail = folded(observed.replace(/\.pdf$/i, "").replace(/_/g, " "));
      return /^\d{8}_.+_.+_.+\.pdf$/i.test(observed) && tail.includes(folded(`${birthName} ${given}`));
    }),
  );
  if (!fits) report.finding("name", at(mail, `part ${part.path}`), { observed });
}
