/** What `segur rules` and every command with `--specs` say. */

const fr = {
  used: (name: string, version: string, signer: string | null) =>
    `Règles d'agence : ${name} ${version}, ${signer === null ? "signataire inconnu" : `signées par ${signer}`}`,
  signed: (file: string) => `Règles d'agence signées : ${file}`,
  pack: "règles d'agence",
  digest: "empreinte",
  ruleSet: "jeu de règles obtenu",
  extends: "faites pour le jeu",
  basis: "base",
  signer: "signataire",
  signerUnknown: "inconnu",
  adds: "ajoutent",
  replaces: "remplacent",
  nothing: "Elles n'ajoutent ni ne remplacent rien.",
  kinds: { perimeter: "périmètre", requirement: "exigence", condition: "condition", scenario: "scénario" },
};

const en: typeof fr = {
  used: (name, version, signer) =>
    `rule pack: ${name} ${version}, ${signer === null ? "signer unknown" : `signed by ${signer}`}`,
  signed: (file) => `Rule pack signed: ${file}`,
  pack: "rule pack",
  digest: "digest",
  ruleSet: "rule set in force with it",
  extends: "made for rule set",
  basis: "basis",
  signer: "signer",
  signerUnknown: "unknown",
  adds: "adds",
  replaces: "replaces",
  nothing: "It adds and replaces nothing.",
  kinds: { perimeter: "perimeter", requirement: "requirement", condition: "condition", scenario: "scenario" },
};

export const RULES_WORDS = { fr, en } as const;
