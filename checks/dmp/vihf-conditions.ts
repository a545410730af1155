/** Conditions of the VIHF: no audience, and still valid when it is used. */
import { defineCheck } from "../../core/model/index.js";
import { DMP_CALLS, forEachVihf } from "./helpers/call.js";
import { SOURCE } from "./helpers/sources.js";

export default defineCheck({
  id: "dmp/vihf-conditions",
  title: {
    fr: "Le VIHF n'est restreint à aucun destinataire et n'est pas périmé",
    en: "The VIHF is not restricted to an audience and has not expired",
  },
  reads: DMP_CALLS,
  messages: {
    audience: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: "none of the VIHF samples of the editor kit fills it",
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
    unreadable: {
      weight: "breach",
      source: "SAML 2.0 core §1.3.3: times are xs:dateTime in UTC",
      mark: "standard",
      witness: "none",
      fr: "{name} n'est pas une date-heure UTC : « {observed} ».",
      en: "{name} is not a UTC date and time: “{observed}”.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (vihf, at, _call, exchange) => {
      if (vihf.audienceRestriction) report.finding("audience", at("Conditions/AudienceRestriction"));
      for (const [name, observed] of [
        ["IssueInstant", vihf.issueInstant ?? ""],
        ["NotBefore", vihf.notBefore],
        ["NotOnOrAfter", vihf.notOnOrAfter],
      ] as const) {
        if (observed !== null && !UTC.test(observed)) report.finding("unreadable", at(`@${name}`), { name, observed });
      }
      const until = vihf.notOnOrAfter;
      if (until !== null && UTC.test(until) && Date.parse(exchange.startedAt) >= Date.parse(until) + CLOCK_SKEW) {
        report.finding("expired", at("Conditions/@NotOnOrAfter"), { used: exchange.startedAt, until });
      }
    });
  },
});

const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
/** Two machines may differ a little: five minutes are not held against anybody. */
const CLOCK_SKEW = 5 * 60_000;
