/** Roles of the VIHF: the profession, and for physicians and pharmacists the speciality or section. */
import { defineCheck } from "../../core/model/index.js";
import type { CodedValue } from "../../protocols/saml.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";

const PROFESSIONS = "1.2.250.1.71.1.2.7";
/** Professions that need a second role, and the nomenclature it is taken from. */
const SECOND_ROLE: ReadonlyMap<string, { readonly system: string; readonly name: string }> = new Map([
  ["10", { system: "1.2.250.1.71.4.2.5", name: "R01" }],
  ["21", { system: "1.2.250.1.71.4.2.6", name: "G05" }],
]);

export default defineCheck({
  id: "dmp/vihf-roles",
  title: {
    fr: "Le VIHF dit la profession, et la spécialité du médecin ou la section du pharmacien",
    en: "The VIHF tells the profession, and the physician's speciality or the pharmacist's section",
  },
  reads: VIHF_CALLS,
  messages: {
    absent: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "L'attribut subject:role doit porter au moins un rôle avec un code ; aucun n'est observé.",
      en: "The attribute subject:role must carry at least one role with a code; none is observed.",
    },
    second_role: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Pour la profession {profession}, un second rôle de la nomenclature {nomenclature} ({system}) est obligatoire ; rôles observés : {observed}.",
      en: "For the profession {profession}, a second role of the nomenclature {nomenclature} ({system}) is mandatory; roles observed: {observed}.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, ({ roles }, at) => {
      const where = at("AttributeStatement/Attribute[subject:role]");
      const coded = roles.filter((role) => role.code);
      if (coded.length === 0) return report.finding("absent", where);
      const profession = coded.find((role) => role.codeSystem === PROFESSIONS)?.code ?? null;
      const second = profession === null ? undefined : SECOND_ROLE.get(profession);
      if (second && !coded.some((role) => role.codeSystem === second.system)) {
        const { system, name: nomenclature } = second;
        report.finding("second_role", where, {
          profession,
          nomenclature,
          system,
          observed: coded.map(written).join(", "),
        });
      }
    });
  },
});

function written({ code, codeSystem }: CodedValue): string {
  return `${code} (${codeSystem ?? "?"})`;
}
