/** Times and conditions of the VIHF: plausible, not expired, no audience. */
import { defineCheck } from "../../core/model/index.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE } from "./helpers/sources.js";

const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
/** Two machines may differ a little: five minutes are not held against anybody. */
const CLOCK_SKEW = 5 * 60_000;
/** The validity window of the guide is not known (dmp.md §8); some clients use one assertion for eight hours. */
const OLDEST = 8 * 3_600_000;

export default defineCheck({
  id: "dmp/vihf-conditions",
  title: {
    fr: "Le VIHF n'est ni périmé ni restreint à un destinataire, et sa date est plausible",
    en: "The VIHF has not expired, is not restricted to an audience, and its date is plausible",
  },
  reads: VIHF_CALLS,
  messages: {
    audience: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: "no VIHF sample of the editor kit fills it",
      fr: "AudienceRestriction ne doit pas être renseigné ; il est présent.",
      en: "AudienceRestriction must not be filled; it is present.",
    },
    expired: {
      weight: "breach",
      source: "SAML 2.0 core §2.5.1.2: the assertion is invalid at and after NotOnOrAfter (dmp.md §3)",
      mark: "standard",
      witness: "none",
      fr: "Le VIHF a été présenté à {used} alors qu'il n'est valable que jusqu'à {until}.",
      en: "The VIHF was presented at {used} although it is valid until {until} only.",
    },
    not_utc: {
      weight: "breach",
      source: "SAML 2.0 core §1.3.3: times are xs:dateTime in UTC (dmp.md §3)",
      mark: "standard",
      witness: "VIHF samples of the DMP editor kit v02.05.00",
      fr: "{name} doit être une date-heure UTC (…Z) ; observé : « {observed} ».",
      en: "{name} must be a UTC date and time (…Z); observed: “{observed}”.",
    },
    future: {
      weight: "remark",
      source: `${SOURCE.guide} : EX_GEN-1460, synchronisation NTP (dmp.md §1.3, S14)`,
      mark: "third-party",
      witness: "none",
      fr: "Le VIHF est daté de {issued}, après sa réception ({used}) : l'horloge du poste avance.",
      en: "The VIHF is dated {issued}, after its reception ({used}): the machine's clock is fast.",
    },
    old: {
      weight: "remark",
      source: `${SOURCE.guide} : durée de validité non connue (dmp.md §3, §8)`,
      mark: "unconfirmed",
      witness: "none",
      fr: "Le VIHF est daté de {issued} et a été présenté à {used}, plus de huit heures après.",
      en: "The VIHF is dated {issued} and was presented at {used}, more than eight hours later.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (vihf, at, _call, exchange) => {
      if (vihf.audienceRestriction) report.finding("audience", at("Conditions/AudienceRestriction"));
      const times = [
        ["IssueInstant", vihf.issueInstant ?? ""],
        ["NotBefore", vihf.notBefore],
        ["NotOnOrAfter", vihf.notOnOrAfter],
      ] as const;
      for (const [name, observed] of times) {
        if (observed !== null && !UTC.test(observed)) report.finding("not_utc", at(`@${name}`), { name, observed });
      }
      const used = exchange.startedAt;
      const now = Date.parse(used);
      const until = vihf.notOnOrAfter ?? "";
      if (UTC.test(until) && now >= Date.parse(until) + CLOCK_SKEW) {
        report.finding("expired", at("Conditions/@NotOnOrAfter"), { used, until });
      }
      const issued = vihf.issueInstant ?? "";
      if (!UTC.test(issued)) return;
      if (now < Date.parse(issued) - CLOCK_SKEW) report.finding("future", at("@IssueInstant"), { issued, used });
      if (now > Date.parse(issued) + OLDEST) report.finding("old", at("@IssueInstant"), { issued, used });
    });
  },
});
