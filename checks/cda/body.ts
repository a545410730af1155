/** A non-structured body says what it holds, in base64 that can be decoded. Nobody else checks it (dmp.md §4.2). */
import { defineCheck } from "../../core/model/index.js";
import { LEVEL1_FORMATS } from "../../protocols/codes.js";
import { CDA_OPERATIONS, forEachUnstructuredBody } from "./helpers/documents.js";

const BODY = "CI-SIS, corps non structuré: text/@mediaType and @representation (dmp.md §4.2, S6)";

export default defineCheck({
  id: "cda/body",
  title: {
    fr: "Le corps non structuré du CDA est déclaré et décodable",
    en: "The non-structured body of the CDA is declared and can be decoded",
  },
  reads: CDA_OPERATIONS,
  messages: {
    media_type: {
      weight: "breach",
      source: `${BODY}; TRE_R222-MediaTypeCorpsCDANonStructure`,
      mark: "verified",
      witness: "the four official level 1 examples declare application/pdf",
      fr: "nonXMLBody/text : type de média attendu parmi {expected} ; observé « {observed} ».",
      en: "nonXMLBody/text: media type expected among {expected}; observed “{observed}”.",
    },
    representation: {
      weight: "breach",
      source: BODY,
      mark: "verified",
      witness: "the four official level 1 examples declare B64",
      fr: "nonXMLBody/text : representation=« B64 » attendu ; observé « {observed} ».",
      en: "nonXMLBody/text: representation=“B64” expected; observed “{observed}”.",
    },
    base64: {
      weight: "breach",
      source: "RFC 4648 §4 (white space aside), for a text declared B64",
      mark: "standard",
      witness: "any base64 decoder in strict mode (Python base64.b64decode(validate=True))",
      fr: "Le contenu déclaré B64 n'est pas du base64.",
      en: "The content declared B64 is not base64.",
    },
    empty: {
      weight: "breach",
      source: BODY,
      mark: "verified",
      witness: "none",
      fr: "Le corps non structuré est vide.",
      en: "The non-structured body is empty.",
    },
  },
  evaluate(seen, report) {
    forEachUnstructuredBody(seen, report, (body, where) => {
      report.observed(where);
      if (!LEVEL1_FORMATS.values.has(body.mediaType ?? "")) {
        const expected = [...LEVEL1_FORMATS.values.keys()].join(", ");
        report.finding("media_type", where, { expected, observed: body.mediaType });
      }
      if ((body.base64 ?? "").trim() === "") report.finding("empty", where);
      else if (body.representation !== "B64") {
        // Text can stand in XML as it is, and XML says TXT by default.
        if (!body.mediaType?.startsWith("text/"))
          report.finding("representation", where, { observed: body.representation });
      } else if (!body.bytes) report.finding("base64", where);
    });
  },
});
