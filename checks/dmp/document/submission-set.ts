/** What the submission set says of itself: who sends it, from which system, for which kind of activity. */
import { defineCheck, type Exchange, type Pointer, type Report } from "../../../core/model/index.js";
import { CONTENT_TYPES } from "../../../protocols/codes/xds-metadata.js";
import { parseXcn, type XdsSubmission, type XdsSubmissionSet } from "../../../protocols/xds.js";
import { attr } from "../../../protocols/xml.js";
import { callOf } from "../helpers/call.js";
import { SOURCE, WITNESS } from "../helpers/sources.js";
import { submissionOf } from "../helpers/submission.js";

const RULE = `${SOURCE.metadata}; SubmissionSet (dmp.md §2.3, S1, S2)`;
const OID = /^[0-2](\.(0|[1-9]\d*))+$/;

export default defineCheck({
  id: "dmp/submission-set",
  title: {
    fr: "Le lot de soumission dit son auteur, son système émetteur et son type d'activité",
    en: "The submission set tells its author, its sending system and its kind of activity",
  },
  reads: ["dmp.submit"],
  messages: {
    missing: {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: `${WITNESS.kitMessages}; ${WITNESS.nist}`,
      fr: "SubmissionSet.{attribute} est obligatoire ; il est absent ou vide.",
      en: "SubmissionSet.{attribute} is mandatory; it is absent or empty.",
    },
    source_not_oid: {
      weight: "breach",
      source: `${RULE}: sourceId, OID of the sending system; IHE ITI TF-3 §4.2.3.3.9`,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "sourceId doit être l'OID du système émetteur ; observé : « {observed} ».",
      en: "sourceId must be the OID of the sending system; observed: “{observed}”.",
    },
    several_authors: {
      weight: "remark",
      source: `${RULE}: author 1..1; IHE lets a set have several`,
      mark: "verified",
      witness: "none: the texts differ",
      fr: "Un seul auteur est attendu pour le lot ; {count} observés.",
      en: "One author is expected for the set; {count} observed.",
    },
    content_type_unknown: {
      weight: "remark",
      source: `${CONTENT_TYPES.source} of ${CONTENT_TYPES.date} (dmp.md §2.4, S3)`,
      mark: "verified",
      witness: "none: a later value set may hold the code",
      fr: "contentTypeCode « {observed} » n'est pas dans le jeu de valeurs du DMP du {date} (JDV_J59).",
      en: "contentTypeCode “{observed}” is not in the value set of the DMP of {date} (JDV_J59).",
    },
    not_used: {
      weight: "remark",
      source: `${RULE}: not used by the upload to the DMP`,
      mark: "verified",
      witness: "none",
      fr: "{attribute} n'est pas utilisé par le dépôt au DMP ; observé : « {observed} ».",
      en: "{attribute} is not used by the upload to the DMP; observed: “{observed}”.",
    },
    sender_differs: {
      weight: "remark",
      source: "recoupement du VIHF et du lot : l'auteur du lot en est l'émetteur (dmp.md §2.3, §3)",
      mark: "inferred",
      witness: WITNESS.kitMessages,
      fr: "L'auteur du lot est « {observed} » ; le VIHF de l'appel est celui de « {expected} ».",
      en: "The author of the set is “{observed}”; the VIHF of the call is that of “{expected}”.",
    },
    institution_absent: {
      weight: "remark",
      source:
        "authorInstitution : requis si connu (dmp.md §2.3, S2) ; rejet rapporté par des intégrateurs (§1.4, S9 S17)",
      mark: "third-party",
      witness: WITNESS.kitMessages,
      fr: "L'auteur du lot n'a pas de structure (authorInstitution), alors que le VIHF en nomme une.",
      en: "The author of the set has no structure (authorInstitution), although the VIHF names one.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const xds = submissionOf(exchange)?.xds;
      const set = xds?.submissionSet;
      if (!xds || !set) continue;
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      report.observed(at("SubmissionSet"));
      judgeAuthor(set, exchange, report, at);
      judgeCodeAndSource(set, report, at);
      for (const { attribute, observed } of unused(xds))
        report.finding("not_used", at(attribute), { attribute, observed });
    }
  },
});

function judgeCodeAndSource(set: XdsSubmissionSet, report: Report, at: (where: string) => Pointer): void {
  const code = set.contentTypeCode?.code ?? null;
  if (!code) report.finding("missing", at("SubmissionSet/contentTypeCode"), { attribute: "contentTypeCode" });
  else if (!CONTENT_TYPES.values.has(code)) {
    const slots = { observed: code, date: CONTENT_TYPES.date };
    report.finding("content_type_unknown", at("SubmissionSet/contentTypeCode"), slots);
  }
  if (!set.sourceId) report.finding("missing", at("SubmissionSet/sourceId"), { attribute: "sourceId" });
  else if (!OID.test(set.sourceId)) {
    report.finding("source_not_oid", at("SubmissionSet/sourceId"), { observed: set.sourceId });
  }
}

function judgeAuthor(set: XdsSubmissionSet, exchange: Exchange, report: Report, at: (where: string) => Pointer): void {
  const where = at("SubmissionSet/author");
  const persons = set.authors.flatMap((author) => author.persons).filter((person) => person !== "");
  if (persons.length === 0) {
    report.finding("missing", where, { attribute: "author/authorPerson" });
    return;
  }
  // A structure may stand beside an author who left the register (REM DMP/HISTO.04): it is no second person.
  const count = set.authors.filter((author) => author.persons.some((person) => person !== "")).length;
  if (count > 1) report.finding("several_authors", where, { count });
  const vihf = callOf(exchange)?.vihf ?? null;
  const user = vihf?.nameId ?? "";
  const ids = persons.map((person) => parseXcn(person)?.id ?? "–");
  // `<structure>/<internal id>`: an internal id may be written in a form of its own on each side.
  if (user !== "" && !user.includes("/") && !ids.some((id) => id === user || id.includes("/"))) {
    report.finding("sender_differs", where, { observed: ids.join(", "), expected: user });
  }
  const named = vihf?.attributes.get("Identifiant_Structure")?.some((value) => value !== "") ?? false;
  if (named && set.authors.every((author) => author.institutions.length === 0)) {
    report.finding("institution_absent", where);
  }
}

/** intendedRecipient and homeCommunityId, where they are filled. */
function unused({ submissionSets, documents }: XdsSubmission): { attribute: string; observed: string }[] {
  const recipients = submissionSets.flatMap((set) => set.intendedRecipients);
  const homes = [...submissionSets, ...documents].flatMap(({ node }) => attr(node, "home") ?? []);
  return [
    ...recipients.map((observed) => ({ attribute: "intendedRecipient", observed })),
    ...homes.map((observed) => ({ attribute: "homeCommunityId", observed })),
  ];
}
