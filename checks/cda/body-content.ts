/** The bytes embedded in a non-structured body are of the type declared: a PDF is a PDF. */
import { defineCheck } from "../../core/model/index.js";
import { readPdf } from "../../protocols/pdf.js";
import { CDA_OPERATIONS, forEachUnstructuredBody } from "./helpers/documents.js";

const PDF = "ISO 32000-1 §7.5 File structure, for a body declared application/pdf (dmp.md §4.2)";

/** First bytes of the other types a level 1 body may hold; text has none. */
const SIGNATURES: ReadonlyMap<string, readonly string[]> = new Map([
  ["image/jpeg", ["\xff\xd8\xff"]],
  ["image/tiff", ["II*\0", "MM\0*"]],
  ["text/rtf", ["{\\rtf"]],
  ["application/rtf", ["{\\rtf"]],
]);

export default defineCheck({
  id: "cda/body-content",
  title: {
    fr: "Le contenu embarqué dans le CDA est bien du type déclaré",
    en: "The content embedded in the CDA is of the declared type",
  },
  reads: CDA_OPERATIONS,
  messages: {
    not_pdf: {
      weight: "breach",
      source: PDF,
      mark: "standard",
      witness: "file(1) and any PDF reader; the PDFs of the official level 1 examples pass",
      fr: "Le corps est déclaré application/pdf mais n'est pas un PDF : l'en-tête %PDF- manque.",
      en: "The body is declared application/pdf but is no PDF: the %PDF- header is missing.",
    },
    pdf_cut: {
      weight: "breach",
      source: PDF,
      mark: "standard",
      witness: "qpdf --check; the PDFs of the official level 1 examples pass",
      fr: "Le PDF embarqué est incomplet : {part} manque à la fin.",
      en: "The embedded PDF is incomplete: {part} is missing at its end.",
    },
    wrong_type: {
      weight: "breach",
      source: "JPEG (ISO 10918), TIFF 6.0 and RTF signatures, for the media type declared (dmp.md §4.2)",
      mark: "standard",
      witness: "file(1)",
      fr: "Le corps est déclaré {mediaType} mais ses premiers octets ne sont pas ceux de ce type.",
      en: "The body is declared {mediaType} but its first bytes are not those of that type.",
    },
    pdf_xref: {
      weight: "remark",
      source: PDF,
      mark: "standard",
      witness: "none: readers mend it",
      fr: "La table des références croisées du PDF n'est pas là où startxref le dit.",
      en: "The cross-reference table of the PDF is not where startxref says.",
    },
    pdf_encrypted: {
      weight: "remark",
      source: "ISO 19005-1: PDF/A-1 forbids encryption; PDF/A-1 asked of level 1 bodies (TRE_R222; dmp.md §4.2)",
      mark: "standard",
      witness: "none",
      fr: "Le PDF embarqué est chiffré : le destinataire peut ne pas pouvoir le lire.",
      en: "The embedded PDF is encrypted: the receiver may not be able to read it.",
    },
    pdf_a: {
      weight: "remark",
      source:
        "TRE_R222: « corps non structuré en Pdf/A-1 »; the agency's own samples embed plain PDF (mssante.md, Known ambiguities)",
      mark: "verified",
      witness: "none: the official level 1 examples do not declare it either",
      fr: "Le PDF embarqué ne déclare pas la conformité PDF/A-1 (observé : {observed}).",
      en: "The embedded PDF does not declare PDF/A-1 conformance (observed: {observed}).",
    },
  },
  evaluate(seen, report) {
    forEachUnstructuredBody(seen, report, (body, where) => {
      // What cannot be decoded is `cda/body`'s.
      if (!body.bytes) return;
      report.observed(where);
      const signatures = SIGNATURES.get(body.mediaType ?? "");
      if (signatures) {
        const head = Buffer.from(body.bytes.subarray(0, 8)).toString("latin1");
        if (!signatures.some((signature) => head.startsWith(signature))) {
          report.finding("wrong_type", where, { mediaType: body.mediaType });
        }
      }
      if (body.mediaType !== "application/pdf") return;
      const pdf = readPdf(body.bytes);
      if (!pdf.header) {
        report.finding("not_pdf", where);
        return;
      }
      if (!pdf.eof || pdf.startxref === null)
        report.finding("pdf_cut", where, { part: pdf.eof ? "startxref" : "%%EOF" });
      else if (!pdf.xref) report.finding("pdf_xref", where);
      if (pdf.encrypted) report.finding("pdf_encrypted", where);
      if (pdf.pdfA?.part !== "1")
        report.finding("pdf_a", where, { observed: pdf.pdfA ? `PDF/A-${pdf.pdfA.part}` : "–" });
    });
  },
});
