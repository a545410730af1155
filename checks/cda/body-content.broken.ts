import { defineBroken } from "../../core/model/index.js";

/** Base64 of a text, written where the PDF was. */
const text = (content: string): string => Buffer.from(content, "latin1").toString("base64");
const CONTENT = /(?<=<nonXMLBody>\s*<text [^>]*>)[^<]*/;

export default defineBroken({
  check: "cda/body-content",
  mutations: [
    {
      id: "a word processor's file under the name of PDF",
      message: "not_pdf",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), CONTENT, text("PK\x03\x04 word/document.xml")),
    },
    {
      id: "PDF cut after its first bytes",
      message: "pdf_cut",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          CONTENT,
          text("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"),
        ),
    },
    {
      id: "PDF declared JPEG",
      message: "wrong_type",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), 'mediaType="application/pdf"', 'mediaType="image/jpeg"'),
    },
    {
      id: "startxref that leads nowhere",
      message: "pdf_xref",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          CONTENT,
          text("%PDF-1.7\ntrailer\n<< /Size 1 >>\nstartxref\n3\n%%EOF\n"),
        ),
    },
    {
      id: "encrypted PDF",
      message: "pdf_encrypted",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          CONTENT,
          text("%PDF-1.7\nxref\n0 0\ntrailer\n<< /Size 1 /Encrypt 5 0 R >>\nstartxref\n9\n%%EOF\n"),
        ),
    },
    {
      id: "PDF/A-1 by its own word, with a script inside",
      message: "pdf_a_false",
      also: ["pdf_a_doubt"],
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          CONTENT,
          text(
            "%PDF-1.4\nxref\n0 0\n1 0 obj\n<</S /JavaScript /JS (app.alert)>>\nendobj\n<pdfaid:part>1</pdfaid:part>\ntrailer\n<< /Size 1 >>\nstartxref\n9\n%%EOF\n",
          ),
        ),
    },
    {
      id: "PDF/A-1 by its own word, without an output intent",
      message: "pdf_a_doubt",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          CONTENT,
          text(
            "%PDF-1.4\nxref\n0 0\n1 0 obj\n<</Type /Catalog>>\nendobj\n<pdfaid:part>1</pdfaid:part>\ntrailer\n<< /Size 1 >>\nstartxref\n9\n%%EOF\n",
          ),
        ),
    },
    {
      id: "PDF/A-3 in place of PDF/A-1",
      message: "pdf_a",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          CONTENT,
          text("%PDF-1.7\nxref\n0 0\n<pdfaid:part>3</pdfaid:part>\ntrailer\n<< /Size 1 >>\nstartxref\n9\n%%EOF\n"),
        ),
    },
  ],
  defects: [{ defect: "dmp-pdf-fake", message: "not_pdf", scenarios: ["dmp-submit"] }],
});
