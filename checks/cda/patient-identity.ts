/** The patient of the header: traits that must stand beside an INS, and the form of the INS itself. */
import { defineCheck } from "../../core/model/index.js";
import { type CdaPatient, isInsOid } from "../../protocols/cda.js";
import { isPlaceCode, nirKey } from "../../protocols/ins.js";
import { attr } from "../../protocols/xml.js";
import { CDA_OPERATIONS, forEachCda } from "./helpers/documents.js";

const HEADER = "CI-SIS, volet Structuration minimale, schematron ASIP-STRUCT-MIN, recordTarget (dmp.md §4.1, S6)";
const OFFICIAL = "official schematron ASIP-STRUCT-MIN (same assertion); the official examples pass";

/** INS-C and its test and demonstration roots: computed from the card, no longer an INS. */
const OBSOLETE = ["1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.6", "1.2.250.1.213.1.4.7"];

export default defineCheck({
  id: "cda/patient-identity",
  title: {
    fr: "L'en-tête CDA porte les traits qui accompagnent l'INS",
    en: "The CDA header carries the traits that go with the INS",
  },
  reads: CDA_OPERATIONS,
  messages: {
    patient_part: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "Patient : {part} est obligatoire ; il est absent.",
      en: "Patient: {part} is mandatory; it is absent.",
    },
    qualifier: {
      weight: "breach",
      source: `${HEADER}: family is BR or CL, given is BR, CL or none`,
      mark: "verified",
      witness: OFFICIAL,
      fr: "Patient : le qualificatif « {observed} » de {part} n'est pas admis (attendu : {admitted}).",
      en: "Patient: the qualifier “{observed}” of {part} is not admitted (expected: {admitted}).",
    },
    qualifier_sp: {
      weight: "remark",
      source: `${HEADER}: one assertion refuses SP, another lists it; an official example (eDISP-MED 2024.01) bears it`,
      mark: "verified",
      witness: "official schematron ASIP-STRUCT-MIN refuses the official example",
      fr: "Patient : le qualificatif SP du nom est refusé par les règles officielles, bien qu'une autre d'entre elles le cite ; écrire CL.",
      en: "Patient: the qualifier SP of the name is refused by the official rules, although another of them lists it; write CL.",
    },
    ins_trait: {
      weight: "breach",
      source: `${HEADER}; INS rule for the OIDs …4.8, .9, .10, .11`,
      mark: "verified",
      witness: OFFICIAL,
      fr: "Le document porte un INS ({oid}) : le trait {trait} est obligatoire ; il est absent ou vide.",
      en: "The document carries an INS ({oid}): the trait {trait} is mandatory; it is absent or empty.",
    },
    ins_form: {
      weight: "breach",
      source: "Structure of the matricule (ins.md §3.3, S18) and CDA carrier, 15 characters (ins.md §5.2, S21)",
      mark: "verified",
      witness: "the matricules of all official examples have this form",
      fr: "Le matricule INS « {observed} » n'a pas la forme attendue (15 caractères : 13 du NIR ou NIA et 2 de clé).",
      en: "The INS matricule “{observed}” has not the expected form (15 characters: 13 of the NIR or NIA and 2 of key).",
    },
    ins_key: {
      weight: "remark",
      source: "Key of the matricule, 97 − (N mod 97) (ins.md §3.3, S18; §8.1: an official test answer breaks it)",
      mark: "verified",
      witness: "none: several official examples carry a wrong key",
      fr: "La clé du matricule INS « {observed} » ne correspond pas à ses treize premiers caractères.",
      en: "The key of the INS matricule “{observed}” does not match its first thirteen characters.",
    },
    obsolete_root: {
      weight: "remark",
      source: "INS OIDs (ins.md §3.4, S4)",
      mark: "verified",
      witness: "none",
      fr: "L'identifiant de racine {oid} est un INS-C : ce n'est plus un INS.",
      en: "The identifier of root {oid} is an INS-C: no longer an INS.",
    },
    birthplace_form: {
      weight: "remark",
      source: "COG of the birth place, 5 characters (ins.md §6, field S7)",
      mark: "observed",
      witness: "none",
      fr: "Le lieu de naissance « {observed} » n'est pas un code officiel géographique de cinq caractères.",
      en: "The birth place “{observed}” is not an official geographic code of five characters.",
    },
  },
  evaluate(seen, report) {
    forEachCda(seen, report, (cda, at) => {
      const { patient } = cda;
      // No patientRole at all: `cda/actors` says it.
      if (!patient) return;
      const where = at(patient.node);
      for (const family of patient.families) {
        const observed = attr(family.node, "qualifier");
        if (family.nullFlavor !== null || observed === "BR" || observed === "CL") continue;
        if (observed === "SP") report.finding("qualifier_sp", at(family.node));
        else report.finding("qualifier", at(family.node), { part: "family", observed, admitted: "BR, CL" });
      }
      for (const given of patient.givens) {
        const observed = attr(given.node, "qualifier");
        if (observed === null || observed === "BR" || observed === "CL") continue;
        report.finding("qualifier", at(given.node), { part: "given", observed, admitted: "–, BR, CL" });
      }
      for (const part of absentParts(patient)) report.finding("patient_part", where, { part });
      for (const id of patient.ids) {
        if (OBSOLETE.includes(id.root ?? "")) report.finding("obsolete_root", at(id.node), { oid: id.root });
        if (!isInsOid(id.root)) continue;
        const value = id.extension ?? "";
        const key = value.length === 15 && /^\d\d$/.test(value.slice(13)) ? nirKey(value.slice(0, 13)) : null;
        if (key === null) report.finding("ins_form", at(id.node), { observed: value });
        else if (key !== value.slice(13)) report.finding("ins_key", at(id.node), { observed: value });
      }
      const ins = patient.ids.find((id) => isInsOid(id.root));
      if (!ins) return;
      for (const trait of absentTraits(patient)) report.finding("ins_trait", where, { trait, oid: ins.root });
      const cog = patient.birthPlaceCog;
      if (cog && cog.value !== "" && !isPlaceCode(cog.value)) {
        report.finding("birthplace_form", at(cog.node), { observed: cog.value });
      }
    });
  },
});

/** What every patient has, INS or not. The elements may bear a nullFlavor. */
function absentParts(patient: CdaPatient): string[] {
  const parts: readonly (readonly [string, boolean])[] = [
    ["patientRole/id", patient.ids.length > 0],
    ["name/family", patient.families.length > 0],
    ["name/given", patient.givens.length > 0],
    ["administrativeGenderCode", patient.sex !== null],
    ["birthTime", patient.birthTime !== null],
  ];
  return parts.flatMap(([part, there]) => (there ? [] : [part]));
}

/** Traits an INS demands. */
function absentTraits(patient: CdaPatient): string[] {
  const traits: readonly (readonly [string, string | null | undefined])[] = [
    ["family[@qualifier='BR']", patient.birthName?.value],
    ["given[@qualifier='BR']", patient.firstBirthGiven?.value],
    ["given", patient.birthGivens?.value],
    ["birthTime", patient.birthTime?.value],
    ["birthplace/place/addr/county", patient.birthPlaceCog?.value],
    ["administrativeGenderCode", patient.sex?.code],
  ];
  return traits.flatMap(([trait, value]) => (value?.trim() ? [] : [trait]));
}
