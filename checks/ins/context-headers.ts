import { defineCheck, type Report } from "../../core/model/index.js";
import type { InsContext } from "../../protocols/ins.js";
import { child, elements } from "../../protocols/xml.js";
import { callsOf, type InsCall, requestAt } from "./helpers/calls.js";

/** What the contract says of each context header (ins.md §2.3). */
const CONTEXTS = {
  ContexteBAM: {
    version: "01_02",
    order: ["Id", "Temps", "Emetteur", "DateRef", "COUVERTURE"],
    mandatory: ["Id", "Temps", "COUVERTURE"],
  },
  ContexteLPS: { version: "01_00", order: ["Id", "Temps", "Emetteur", "LPS"], mandatory: ["Id", "Temps"] },
} as const;
type ContextName = keyof typeof CONTEXTS;

/** A clock more than this away from ours, in ms, is worth a remark. */
const CLOCK_TOLERANCE = 10 * 60_000;
const DATE_TIME = /^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;
const SOURCE = "INSi schemas of contract DESIR_ICIR_EXP 1.5.0, request headers (ins.md §2.3, S1)";
const WITNESS = "schemas and open client published in padoa/tlsi-ins";

export default defineCheck({
  id: "ins/context-headers",
  title: { fr: "Contextes BAM et LPS des appels INSi", en: "BAM and LPS contexts of INSi calls" },
  reads: ["ins.search"],
  messages: {
    "context-absent": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "L'en-tête {name} manque.",
      en: "The header {name} is missing.",
    },
    "version-absent": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "{name} n'a pas d'attribut Version, que le schéma rend obligatoire (« {expected} »).",
      en: "{name} has no Version attribute, which the schema makes mandatory (“{expected}”).",
    },
    "context-version": {
      weight: "remark",
      source: "version of the published schema; the schema takes any text there (ins.md §2.3, S1)",
      mark: "observed",
      witness: "open client published in padoa/tlsi-ins",
      fr: "L'attribut Version de {name} vaut « {found} » ; le schéma connu est celui de la version « {expected} ».",
      en: "The attribute Version of {name} is “{found}”; the known schema is that of version “{expected}”.",
    },
    "element-absent": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "{name} n'a pas d'élément {element}, obligatoire (même vide pour COUVERTURE).",
      en: "{name} has no {element} element, which is mandatory (even empty for COUVERTURE).",
    },
    "element-order": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "Les éléments de {name} sont « {found} » ; le schéma les veut dans l'ordre « {expected} » et n'en connaît pas d'autre.",
      en: "The elements of {name} are “{found}”; the schema wants them in the order “{expected}” and knows no other.",
    },
    "time-form": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "Temps de {name} vaut « {found} », qui n'est pas une date et heure XML.",
      en: "Temps of {name} is “{found}”, which is not an XML date and time.",
    },
    "time-far": {
      weight: "remark",
      source: "deduction of this project on header coherence (ins.md §2.3)",
      mark: "inferred",
      witness: "none",
      fr: "Temps de {name} vaut « {found} », à plus de dix minutes de l'appel ({received}).",
      en: "Temps of {name} is “{found}”, more than ten minutes away from the call ({received}).",
    },
  },
  evaluate(seen, report) {
    for (const call of callsOf(seen)) {
      if (!call.asked?.mode) continue;
      report.observed({ exchange: call.exchange.id, side: "request" });
      judge(call, "ContexteBAM", call.asked.bam, report);
      judge(call, "ContexteLPS", call.asked.lps, report);
    }
  },
});

function judge(call: InsCall, name: ContextName, context: InsContext | null, report: Report): void {
  const rule = CONTEXTS[name];
  const at = requestAt(call, `Header/${name}`);
  if (!context) {
    report.finding("context-absent", at, { name });
    return;
  }
  if (context.version === null) report.finding("version-absent", at, { name, expected: rule.version });
  else if (context.version !== rule.version) {
    report.finding("context-version", at, { name, found: context.version, expected: rule.version });
  }
  for (const element of rule.mandatory) {
    if (!child(context.node, element)) report.finding("element-absent", at, { name, element });
  }
  const found = elements(context.node).map((node) => node.name);
  const positions = found.map((element) => (rule.order as readonly string[]).indexOf(element));
  if (positions.some((position, i) => position < 0 || position <= (positions[i - 1] ?? -1))) {
    report.finding("element-order", at, { name, found: found.join(" "), expected: rule.order.join(" ") });
  }
  judgeTime(call, name, context.time, report);
}

function judgeTime(call: InsCall, name: ContextName, time: string | null, report: Report): void {
  if (time === null) return; // absent: said above
  const at = requestAt(call, `Header/${name}/Temps`);
  const zone = DATE_TIME.exec(time);
  if (!zone) {
    report.finding("time-form", at, { name, found: time });
    return;
  }
  // Without a zone the moment is not known.
  const received = call.exchange.startedAt;
  if (zone[1] && Math.abs(Date.parse(time) - Date.parse(received)) > CLOCK_TOLERANCE) {
    report.finding("time-far", at, { name, found: time, received });
  }
}
