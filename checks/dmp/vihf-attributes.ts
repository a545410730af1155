/** The plain attributes every VIHF must have, and their closed values. Roles, purpose and patient have checks of their own. */
import { defineCheck, type Exchange } from "../../core/model/index.js";
import { VIHF_ATTRIBUTE as NAME } from "../../protocols/saml.js";
import { parseXon } from "../../protocols/xds.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";
import { submissionOf } from "./helpers/submission.js";

const MANDATORY = [
  NAME.version,
  NAME.mode,
  NAME.structure,
  NAME.sector,
  NAME.resourceUrn,
  NAME.softwareName,
  NAME.softwareVersion,
  NAME.homologation,
] as const;
const MODES = ["DIRECTE", "INDIRECTE", "INDIRECTE_RENFORCEE"];
/** The editor kit's own samples write it so; the mapping page writes a capital M. */
const KIT_MODE = "Authentification_mode";

export default defineCheck({
  id: "dmp/vihf-attributes",
  title: { fr: "Le VIHF porte ses attributs obligatoires", en: "The VIHF carries its mandatory attributes" },
  reads: VIHF_CALLS,
  messages: {
    missing: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "L'attribut {name} est obligatoire dans le VIHF ; il est absent ou vide.",
      en: "The attribute {name} is mandatory in the VIHF; it is absent or empty.",
    },
    subject_missing: {
      weight: "remark",
      source: `${SOURCE.vihf}; un exemple DIRECTE du kit éditeur ne le porte pas`,
      mark: "verified",
      witness: "none",
      fr: "L'attribut subject-id (nom de l'utilisateur) est demandé une fois ; il est absent ou vide.",
      en: "The attribute subject-id (name of the user) is asked for once; it is absent or empty.",
    },
    mode_spelling: {
      weight: "remark",
      source: `${SOURCE.vihf}; les exemples du kit éditeur écrivent Authentification_mode`,
      mark: "verified",
      witness: "none",
      fr: "L'attribut s'appelle Authentification_Mode ; observé : Authentification_mode.",
      en: "The attribute is called Authentification_Mode; observed: Authentification_mode.",
    },
    mode_value: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Authentification_Mode attendu : DIRECTE, INDIRECTE ou INDIRECTE_RENFORCEE ; observé : « {observed} ».",
      en: "Authentification_Mode expected: DIRECTE, INDIRECTE or INDIRECTE_RENFORCEE; observed: “{observed}”.",
    },
    resource_urn: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Ressource_URN attendu : urn:dmp ; observé : « {observed} ».",
      en: "Ressource_URN expected: urn:dmp; observed: “{observed}”.",
    },
    sector: {
      weight: "remark",
      source: `${SOURCE.vihf}; jeu de valeurs J61`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Secteur_Activite attendu sous la forme SAxx^1.2.250.1.71.4.2.4 ; observé : « {observed} ».",
      en: "Secteur_Activite expected as SAxx^1.2.250.1.71.4.2.4; observed: “{observed}”.",
    },
    version: {
      weight: "remark",
      source: `${SOURCE.vihf}: 4.0 dans le texte, 3.0 dans son exemple et dans le kit (dmp.md §8)`,
      mark: "verified",
      witness: "none",
      fr: "VIHF_Version connu : 3.0 ou 4.0 ; observé : « {observed} ».",
      en: "VIHF_Version known: 3.0 or 4.0; observed: “{observed}”.",
    },
    structure_id: {
      weight: "remark",
      source: `${SOURCE.vihf}: Struct_IdNat; sans préfixe ce serait un numéro technique (dmp.md §2.3, S1)`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Identifiant_Structure « {observed} » a la longueur d'un FINESS, SIREN ou SIRET sans le chiffre qui le précède (1, 2 ou 3).",
      en: "Identifiant_Structure “{observed}” has the length of a FINESS, SIREN or SIRET without the digit before it (1, 2 or 3).",
    },
    structure_not_author: {
      weight: "remark",
      source: "rejet rapporté par des intégrateurs (dmp.md §1.4, S9 S17); recoupement du VIHF et du lot (dmp.md §3)",
      mark: "third-party",
      witness: WITNESS.kitMessages,
      fr: "Identifiant_Structure « {structure} » n'est celui d'aucun authorInstitution du lot (observé : {observed}).",
      en: "Identifiant_Structure “{structure}” is that of no authorInstitution of the set (observed: {observed}).",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, ({ attributes }, at, _call, exchange) => {
      const where = at("AttributeStatement");
      const value = (name: string): string | null => attributes.get(name)?.find((v) => v !== "") ?? null;
      const spelled = value(NAME.mode) === null && value(KIT_MODE) !== null;
      for (const name of MANDATORY) {
        if (value(name) === null && !(name === NAME.mode && spelled)) report.finding("missing", where, { name });
      }
      if (value(NAME.subject) === null) report.finding("subject_missing", where);
      if (spelled) report.finding("mode_spelling", where);
      const values = (...names: readonly string[]): Set<string> =>
        new Set(names.flatMap((name) => attributes.get(name) ?? []).filter((v) => v !== ""));
      for (const observed of values(NAME.mode, KIT_MODE)) {
        if (!MODES.includes(observed)) report.finding("mode_value", where, { observed });
      }
      for (const observed of values(NAME.resourceUrn)) {
        if (observed !== "urn:dmp") report.finding("resource_urn", where, { observed });
      }
      const sector = value(NAME.sector);
      if (sector !== null && !/^SA\d{2}\^1\.2\.250\.1\.71\.4\.2\.4$/.test(sector)) {
        report.finding("sector", where, { observed: sector });
      }
      const version = value(NAME.version);
      if (version !== null && version !== "3.0" && version !== "4.0") {
        report.finding("version", where, { observed: version });
      }
      const structure = value(NAME.structure);
      if (structure !== null && /^(\d{9}|\d{14})$/.test(structure)) {
        report.finding("structure_id", where, { observed: structure });
      }
      const authors = authoringStructures(exchange);
      // No structure at all is a matter of metadata: an author may be a device or a patient.
      if (structure !== null && authors.length > 0 && !authors.includes(structure)) {
        report.finding("structure_not_author", where, { structure, observed: authors.join(", ") });
      }
    });
  },
});

/** Struct_IdNat of the institutions that author the submission set; empty for a call that is no upload. */
function authoringStructures(exchange: Exchange): string[] {
  const set = submissionOf(exchange)?.xds.submissionSet;
  return (set?.authors ?? []).flatMap(({ institutions }) => institutions.map((value) => parseXon(value)?.id ?? "?"));
}
