/** Commands of an agency's judgement: its rules (`rules`), its word on proofs (`review`). */
import { Option } from "commander";
import type { CommandKit } from "./segur-agency.js";

/** `--specs DIR`, for every command that reads rows, perimeters or scenarios. */
export function specsOption(t: CommandKit["t"]): Option {
  return new Option(
    "--specs <folder>",
    t("dossier de règles d'agence, par-dessus les nôtres", "rule pack of an agency, over our own specs"),
  );
}

export function trustOption(t: CommandKit["t"]): Option {
  return new Option("--trust <file>", t("clés de confiance (keys.yaml)", "trusted keys (keys.yaml)"));
}

export function addReviewCommands({ command, t, lang, set }: CommandKit): void {
  const key = (): Option =>
    new Option("--key <file>", t("clé privée (PEM) de l'agence", "private key (PEM) of the agency"));

  command(
    "review",
    "preuves d'un paquet scellé : ce qui reste à examiner, et ce que l'agence en dit, signé à côté",
    "proofs of a bundle: what waits for review, and what the agency says of it, signed beside the bundle",
  )
    .argument("<bundle>", t("paquet scellé", "sealed bundle"))
    .option(
      "--accept <row:proof...>",
      t(
        "preuves acceptées ; sans :preuve, toutes celles de l'exigence",
        "proofs accepted; without :proof, all of the row",
      ),
    )
    .option("--refuse <row:proof...>", t("preuves refusées", "proofs refused"))
    .option(
      "--complement <row:proof...>",
      t("preuves à compléter par le candidat", "proofs for which more is asked of the candidate"),
    )
    .option("--reason <text>", t("raison, lue par le candidat", "reason, read by the candidate"))
    .option("--reviewer <name>", t("nom de la personne qui examine", "name of the person who reviews"))
    .option("--from <file>", t("fichier YAML de plusieurs examens", "YAML file of many reviews"))
    .addOption(key())
    .addOption(trustOption(t))
    .addOption(specsOption(t))
    .option("--json", t("écrire la liste en JSON", "print the list as JSON"))
    .addOption(lang())
    .action(async (bundle, options) => set(await (await import("./commands/review.js")).review(bundle, options)));

  const rules = command(
    "rules",
    "règles d'agence : périmètres, exigences et scénarios, signés",
    "rule pack of an agency: perimeters, requirements and scenarios, signed",
  );
  const folder = t("dossier des règles d'agence", "folder of the rule pack");
  rules
    .command("sign")
    .description(t("valider des règles d'agence et les signer", "validate a rule pack and sign it"))
    .helpOption("-h, --help", t("afficher l'aide", "display help"))
    .argument("<folder>", folder)
    .addOption(key().makeOptionMandatory())
    .addOption(lang())
    .action(async (pack, options) => set((await import("./commands/rules.js")).signRules(pack, options)));
  rules
    .command("show")
    .description(t("qui les a signées, ce qu'elles ajoutent et remplacent", "who signed it, what it adds and replaces"))
    .helpOption("-h, --help", t("afficher l'aide", "display help"))
    .argument("<folder>", folder)
    .addOption(trustOption(t))
    .option("--json", t("l'écrire en JSON", "print it as JSON"))
    .addOption(lang())
    .action(async (pack, options) => set((await import("./commands/rules.js")).showRules(pack, options)));
}
