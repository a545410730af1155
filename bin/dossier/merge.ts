/** The proofs of the dossier among those of segur.yaml: from there on, a run knows one list. */
import { claimsOf, digestOfText, type DossierFile, suppliedProofs } from "../../core/dossier/index.js";
import type { NotApplicableClaim, SegurConfig, SuppliedProof } from "../../core/model/index.js";
import { proofProblems, type Schemas, type Specs } from "../../core/plan/index.js";
import { type Problem, refuse, suggestion } from "../../core/plan/problems.js";
import { digestOf, openDossier, type OpenedDossier, stateOf } from "./folder.js";

export interface WithDossier {
  readonly config: SegurConfig;
  readonly dossier: OpenedDossier | null;
}

/**
 * `on`: today, `YYYY-MM-DD`. Proofs for rows that none of the chosen perimeters asks stay in the dossier. Throws MistakesError
 * ERR_DOSSIER for ids that nothing in the specs knows, and for a proof that stands in both places.
 */
export function withDossier(config: SegurConfig, specs: Specs, schemas: Schemas, on: string): WithDossier {
  if (config.dossier === undefined) return { config: { ...config, ...bound(config) }, dossier: null };
  const dossier = openDossier(config.dossier, schemas);
  refuse("ERR_DOSSIER", dossierProblems(dossier, config, specs));
  const all = suppliedProofs(dossier.file, stateOf(dossier, config.candidate.version, on));
  const unasked = new Set(proofProblems(Object.keys(all), config, specs, (id) => id).map(({ where }) => where));
  const asked = Object.entries(all).filter(([id]) => !unasked.has(id));
  const rows = rowsOf(config, specs);
  const claims = Object.entries(claimsOf(dossier.file)).filter(([row]) => rows.has(row));
  const own = bound(config);
  const notApplicable = { ...own.notApplicable, ...Object.fromEntries(claims) };
  return {
    dossier,
    config: {
      ...config,
      proofs: { ...own.proofs, ...Object.fromEntries(asked) },
      ...(Object.keys(notApplicable).length > 0 ? { notApplicable } : {}),
    },
  };
}

/** A review that is written in segur.yaml is of the files, and of the text, as they stand when segur.yaml is read. */
function bound({ proofs, notApplicable }: SegurConfig): Pick<SegurConfig, "proofs" | "notApplicable"> {
  const boundProofs = Object.entries(proofs).map(([id, proof]): [string, SuppliedProof] => {
    const { review, files } = proof;
    if (!review) return [id, proof];
    return [id, { ...proof, review: { ...review, sha256: files.flatMap((file) => digestOf(file) ?? []) } }];
  });
  const claims = Object.entries(notApplicable ?? {}).map(([row, claim]): [string, NotApplicableClaim] => {
    const { review, justification } = claim;
    return [row, review ? { justification, review: { ...review, sha256: digestOfText(justification) } } : claim];
  });
  return {
    proofs: Object.fromEntries(boundProofs),
    ...(notApplicable === undefined ? {} : { notApplicable: Object.fromEntries(claims) }),
  };
}

function rowsOf(config: SegurConfig, specs: Specs): Set<string> {
  const chosen = specs.perimeters.filter(({ id }) => config.perimeters.includes(id));
  return new Set(chosen.flatMap((perimeter) => perimeter.groups.flatMap((group) => group.rows)));
}

/** What would keep a dossier from being read beside this configuration (without proofs of a dossier). */
export function dossierProblems(
  dossier: { readonly file: DossierFile; readonly yaml: Pick<OpenedDossier["yaml"], "where"> },
  config: SegurConfig,
  specs: Specs,
): Problem[] {
  const rows = specs.requirements.map(({ id }) => id);
  const known = new Set([...rows, ...specs.requirements.flatMap(({ proofs }) => proofs.ids)]);
  const found: Problem[] = [];
  (dossier.file.proofs ?? []).forEach((entry, number) => {
    entry.ids.forEach((id, index) => {
      const where = dossier.yaml.where(["proofs", number, "ids", index]);
      if (!known.has(id)) found.push({ what: `there is no proof "${id}"`, where, mend: suggestion(id, [...known]) });
      if (Object.hasOwn(config.proofs, id)) {
        const what = `the proof "${id}" stands in segur.yaml and in the dossier`;
        found.push({ what, where, mend: "Keep it in the dossier only." });
      }
    });
  });
  (dossier.file.notApplicable ?? []).forEach(({ row, justification }, number) => {
    const where = dossier.yaml.where(["notApplicable", number, "row"]);
    if (!rows.includes(row)) found.push({ what: `there is no row "${row}"`, where, mend: suggestion(row, rows) });
    if (justification.trim() === "") {
      found.push({
        what: "a row is said not to apply, without a justification",
        where,
        mend: 'Add "justification" and say why.',
      });
    }
    if (config.notApplicable && Object.hasOwn(config.notApplicable, row)) {
      found.push({
        what: `the row "${row}" is said not to apply in segur.yaml and in the dossier`,
        where,
        mend: "Keep it in the dossier only.",
      });
    }
  });
  return found;
}
