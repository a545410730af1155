/** Dates of the header exist in the calendar, and no interval ends before it begins. */
import { defineCheck } from "../../core/model/index.js";
import type { Cda, CdaInterval, CdaValue } from "../../protocols/cda.js";
import { instantOf, readHl7Time } from "../../protocols/hl7-time.js";
import { attr } from "../../protocols/xml.js";
import { CDA_OPERATIONS, forEachCda } from "./helpers/documents.js";
import { partsAt } from "./helpers/header-parts.js";

const HEADER = "CI-SIS, volet Structuration minimale, dates (dmp.md, Observations on the official rules; S6)";

export default defineCheck({
  id: "cda/dates",
  title: {
    fr: "Les dates de l'en-tête CDA existent et se suivent",
    en: "The dates of the CDA header exist and follow each other",
  },
  reads: CDA_OPERATIONS,
  messages: {
    impossible: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: "official rules reject impossible dates (measured); the official examples pass",
      fr: "{element} : « {observed} » n'existe pas (jour ou heure impossible).",
      en: "{element}: “{observed}” does not exist (impossible day or time).",
    },
    malformed: {
      weight: "breach",
      source: "HL7 V3 data types R1, TS; schematron ASIP-STRUCT-MIN (S6)",
      mark: "standard",
      witness: "official schematron ASIP-STRUCT-MIN refuses it (not a valid timestamp); the official examples pass",
      fr: "{element} : « {observed} » n'est pas une date HL7 (AAAAMMJJhhmmss±hhmm, tronquée par la droite).",
      en: "{element}: “{observed}” is no HL7 time (YYYYMMDDhhmmss±hhmm, cut from the right).",
    },
    reversed: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: "official rules reject an interval that ends before it begins (measured); the official examples pass",
      fr: "{element} : l'intervalle se termine ({high}) avant de commencer ({low}).",
      en: "{element}: the interval ends ({high}) before it begins ({low}).",
    },
    form: {
      weight: "remark",
      source: "HL7 V3 datatype TS (dmp.md §4.1); official examples carry the offset +100",
      mark: "observed",
      witness: "none: two official examples break it",
      fr: "{element} : « {observed} » n'a pas la forme AAAAMMJJhhmmss±hhmm.",
      en: "{element}: “{observed}” has not the form YYYYMMDDhhmmss±hhmm.",
    },
    precision: {
      weight: "remark",
      source: "effectiveTime to the second with offset in the examples (dmp.md §4.1)",
      mark: "observed",
      witness: "official examples, but for one to the minute",
      fr: "effectiveTime : « {observed} » n'est pas à la seconde avec décalage horaire ; l'heure UTC ne peut pas en être tirée sûrement.",
      en: "effectiveTime: “{observed}” is not to the second with an offset; UTC time cannot be safely drawn from it.",
    },
    birth_unknown_part: {
      weight: "remark",
      source: "Birth dates with unknown day or month (ins.md §9)",
      mark: "inferred",
      witness: "none",
      fr: "birthTime : « {observed} » n'est pas un jour du calendrier ; une date partielle s'écrit par troncature.",
      en: "birthTime: “{observed}” is no calendar day; a partial date is written by truncation.",
    },
  },
  evaluate(seen, report) {
    forEachCda(seen, report, (cda, at) => {
      for (const [element, time] of timesOf(cda)) {
        if (!time?.value) continue;
        // The official rules leave the times of performers free: blanks around them are not judged.
        const value = element.includes("performer/time") ? time.value.trim() : time.value;
        const { problem } = readHl7Time(value);
        if (!problem) continue;
        const slots = { element, observed: time.value };
        const impossible = problem === "date" || problem === "time";
        if (impossible && element === "birthTime" && /00(?:00)?$/.test(time.value.slice(0, 8))) {
          report.finding("birth_unknown_part", at(time.node), { observed: time.value });
        } else if (impossible) report.finding("impossible", at(time.node), slots);
        else report.finding(problem === "shape" ? "malformed" : "form", at(time.node), slots);
      }
      for (const [element, interval] of intervalsOf(cda)) {
        const [low, high] = [interval?.low?.value ?? "", interval?.high?.value ?? ""];
        if (interval && isReversed(low, high)) report.finding("reversed", at(interval.node), { element, low, high });
      }
      const created = cda.effectiveTime?.value ?? "";
      const { time } = readHl7Time(created);
      if (time && (time.digits < 14 || time.offset === null)) {
        report.finding("precision", at(cda.effectiveTime?.node), { observed: created });
      }
    });
  },
});

/** Other elements of the header that hold a time. */
const TIMES = [
  "author/time",
  "dataEnterer/time",
  "legalAuthenticator/time",
  "authenticator/time",
  "participant/time/low",
  "participant/time/high",
  "documentationOf/serviceEvent/effectiveTime/low",
  "documentationOf/serviceEvent/effectiveTime/high",
  "documentationOf/serviceEvent/performer/time",
  "documentationOf/serviceEvent/performer/time/low",
  "documentationOf/serviceEvent/performer/time/high",
  "componentOf/encompassingEncounter/effectiveTime/low",
  "componentOf/encompassingEncounter/effectiveTime/high",
  "componentOf/encompassingEncounter/encounterParticipant/time/low",
  "componentOf/encompassingEncounter/encounterParticipant/time/high",
] as const;

type Named<T> = readonly (readonly [string, T | null])[];

function intervalsOf(cda: Cda): Named<CdaInterval> {
  return [
    ...cda.documentationOf.map((event) => ["serviceEvent/effectiveTime", event.effectiveTime] as const),
    ["encompassingEncounter/effectiveTime", cda.encompassingEncounter?.effectiveTime ?? null],
  ];
}

function timesOf(cda: Cda): Named<CdaValue> {
  return [
    ["effectiveTime", cda.effectiveTime],
    ["birthTime", cda.patient?.birthTime ?? null],
    ...TIMES.flatMap((path) =>
      partsAt(cda.root, path).map((node) => {
        const value = { value: attr(node, "value"), nullFlavor: attr(node, "nullFlavor"), node };
        return [path, value] as const;
      }),
    ),
  ];
}

/** Only when both ends can be compared: two instants (to the minute), or two times written without an offset. */
function isReversed(low: string, high: string): boolean {
  const [from, to] = [readHl7Time(low).time, readHl7Time(high).time];
  if (!from || !to) return false;
  const [start, end] = [instantOf(low), instantOf(high)];
  if (start !== null && end !== null) return Math.floor(end / 60) < Math.floor(start / 60);
  if (from.offset !== null || to.offset !== null) return false;
  const digits = Math.min(from.digits, to.digits);
  return high.slice(0, digits) < low.slice(0, digits);
}
