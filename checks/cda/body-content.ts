/** The bytes embedded in a non-structured body are of the type declared: a PDF is a PDF. */
import { defineCheck } from "../../core/model/index.js";
import { type PdfAFacts, readPdfA } from "../../protocols/pdf-a.js";
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
    pdf_a_false: {
      weight: "breach",
      source:
        "ISO 19005-1:2005 §6 (PDF/A-1: no encryption, JavaScript, embedded file, LZW, object or cross-reference stream), for a PDF that declares PDF/A-1; DOC/va1.01",
      mark: "standard",
      witness: "veraPDF rules of PDF/A-1b (same clauses); the PDFs of the official examples that declare PDF/A-1 pass",
      fr: "Le PDF embarqué se déclare PDF/A-1 mais contient ce que PDF/A-1 interdit : {observed}.",
      en: "The embedded PDF declares PDF/A-1 but holds what PDF/A-1 forbids: {observed}.",
    },
    pdf_a_doubt: {
      weight: "remark",
      source: "ISO 19005-1:2005 §6.2, §6.3, §6.4, §6.7.3, read without rendering, for a PDF that declares PDF/A-1",
      mark: "standard",
      witness: "none: PDFs of official examples declare PDF/A-1 and leave standard fonts out",
      fr: "Le PDF embarqué se déclare PDF/A-1 ; à vérifier avec un validateur PDF/A : {observed}.",
      en: "The embedded PDF declares PDF/A-1; to be verified with a PDF/A validator: {observed}.",
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
      if (pdf.pdfA?.part === "1") {
        const { forbidden, ...facts } = readPdfA(body.bytes);
        if (forbidden.length > 0) report.finding("pdf_a_false", where, { observed: forbidden.join(", ") });
        const doubts = doubtsOf(facts);
        if (doubts.length > 0) report.finding("pdf_a_doubt", where, { observed: doubts.join("; ") });
      } else if (pdf.encrypted) report.finding("pdf_encrypted", where);
      if (pdf.pdfA?.part !== "1")
        report.finding("pdf_a", where, { observed: pdf.pdfA ? `PDF/A-${pdf.pdfA.part}` : "–" });
    });
  },
});

function doubtsOf(facts: Omit<PdfAFacts, "forbidden">): string[] {
  return [
    ...(facts.fontsNotEmbedded.length > 0 ? [`fonts not embedded: ${facts.fontsNotEmbedded.join(", ")}`] : []),
    ...(facts.transparency.length > 0 ? [`transparency: ${facts.transparency.join(", ")}`] : []),
    ...(facts.outputIntent ? [] : ["no OutputIntent GTS_PDFA1"]),
    ...(facts.infoMismatches.length > 0 ? [`Info ≠ XMP: ${facts.infoMismatches.join(", ")}`] : []),
  ];
}
