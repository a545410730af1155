/** What `segur proof` says. */
const fr = {
  supplied: "Preuves fournies",
  owed: "Preuves dues",
  lacking:
    "Exigences que seul l'adaptateur du logiciel affirme, sans preuve fournie (une preuve au nom de l'exigence suffit)",
  none: "aucune",
  states: { accepted: "acceptée dans segur.yaml", refused: "refusée dans segur.yaml", toReview: "à examiner" },
  idle: "ne porte sur aucune exigence applicable",
  bytes: "octets",
  unusable: "absent ou trop grand : à remettre ou à retirer avant de sceller",
  added: (id: string, file: string) => `+ ${id} ${file}`,
  removed: (id: string, files: number) => `- ${id} (${files} fichier${files > 1 ? "s" : ""})`,
  summary: (supplied: number, owed: number) => `Preuves : ${supplied} fournies, ${owed} dues. Exécution rejugée.`,
  next: (run: string) => `Un paquet déjà scellé ne les contient pas. Pour sceller : segur seal ${run} --key CLÉ`,
};

const en: typeof fr = {
  supplied: "Proofs supplied",
  owed: "Proofs owed",
  lacking:
    "Requirements that the software's adapter alone answers for, without a proof supplied (one under the row's id will do)",
  none: "none",
  states: { accepted: "accepted in segur.yaml", refused: "refused in segur.yaml", toReview: "to review" },
  idle: "bears on no row that applies",
  bytes: "bytes",
  unusable: "not there, or too large: put it back or take it out before sealing",
  added: (id, file) => `+ ${id} ${file}`,
  removed: (id, files) => `- ${id} (${files} file${files > 1 ? "s" : ""})`,
  summary: (supplied, owed) => `Proofs: ${supplied} supplied, ${owed} owed. Run judged again.`,
  next: (run) => `A bundle sealed before does not hold them. To seal: segur seal ${run} --key KEY`,
};

export const PROOF_WORDS = { fr, en } as const;
