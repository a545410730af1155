/** Commands of the dossier: what a person supplies, and the workbook it goes out in. */
import type { CommandKit } from "./segur-agency.js";
import { specsOption } from "./segur-review.js";

export function addDossierCommands({ command, t, lang, set }: CommandKit): void {
  const group = command(
    "dossier",
    "preuves qu'une personne fournit : plan, état, ajout, relecture, classeur Convergence",
    "proofs that a person supplies: plan, state, adding, reviewing, Convergence workbook",
  );
  const sub = (name: string, fr: string, en: string) =>
    group
      .command(name)
      .description(t(fr, en))
      .helpOption("-h, --help", t("afficher l'aide", "display help"))
      .option(
        "-c, --config <file>",
        t(
          "configuration ; sans elle : segur.yaml s'il est là, sinon le candidat d'exemple",
          "configuration; without it: segur.yaml when it is there, else the example candidate",
        ),
      )
      .addOption(specsOption(t))
      .addOption(lang());
  const runOption = "--run <run>";
  const ids = t("identifiants de preuve, ou d'exigence", "ids of proofs, or of rows");

  sub("init", "créer un dossier et son plan de preuves", "make a dossier and its proof plan").action(async (options) =>
    set(await (await import("./commands/dossier.js")).dossierInit(options)),
  );
  sub(
    "plan",
    "le plan de preuves en Markdown : que montrer, pas à pas",
    "the proof plan as Markdown: what to show, step by step",
  )
    .option("-o, --output <file>", t("fichier à écrire (sinon : sortie standard)", "file to write (else: stdout)"))
    .action(async (options) => set(await (await import("./commands/dossier.js")).dossierPlan(options)));
  sub(
    "status",
    "exigence par exigence : ce que la machine établit, ce qu'une personne doit, ce qui est périmé",
    "row by row: what the machine establishes, what a person owes, what is stale",
  )
    .option(
      runOption,
      t(
        "exécution à laquelle tenir le dossier (last : la dernière)",
        "run to hold the dossier against (last: the newest)",
      ),
    )
    .option("--owed", t("seulement ce qui reste à faire", "only what is left to do"))
    .option("--json", t("l'écrire en JSON", "print it as JSON"))
    .action(async (options) => set(await (await import("./commands/dossier.js")).dossierStatus(options)));
  sub("add", "ajouter une preuve, ou celles qu'une exécution a produites", "add a proof, or those that a run produced")
    .argument("[file]", t("fichier", "file"))
    .argument("[id...]", ids)
    .option(
      "--from-run <run>",
      t("prendre courriels, archives et CDA d'une exécution", "take mails, archives and CDA of a run"),
    )
    .option(
      "--fact <key=value...>",
      t(
        "faits d'un test d'intrusion, d'un certificat, d'une exécution, d'un engagement",
        "facts of a penetration test, certificate, execution, commitment",
      ),
    )
    .option(
      "--product <version>",
      t(
        "version du produit montrée (par défaut : celle du candidat)",
        "product version shown (default: the candidate's)",
      ),
    )
    .action(async (file, list, options) =>
      set(await (await import("./commands/dossier-edit.js")).dossierAdd(file, list, options)),
    );
  sub("remove", "retirer des preuves ; les fichiers restent", "take proofs out; their files stay")
    .argument("<id...>", ids)
    .action(async (list, options) => set((await import("./commands/dossier-edit.js")).dossierRemove(list, options)));
  sub("review", "accepter ou refuser des preuves : par qui, pourquoi", "accept or refuse proofs: by whom, why")
    .argument("<id...>", ids)
    .option("--accept", t("acceptées", "accepted"))
    .option("--refuse", t("refusées", "refused"))
    .option("--by <name>", t("personne qui relit", "person who reviews"))
    .option("--why <text>", t("raison ; obligatoire pour un refus", "reason; compulsory for a refusal"))
    .action(async (list, options) => set((await import("./commands/dossier-edit.js")).dossierReview(list, options)));
  sub(
    "claim",
    "déclarer des exigences non applicables, avec justification",
    "say that rows do not apply, with a justification",
  )
    .argument("<row...>", t("exigences", "rows"))
    .option("--because <text>", t("justification", "justification"))
    .action(async (list, options) => set((await import("./commands/dossier-edit.js")).dossierClaim(list, options)));
  sub(
    "apply",
    "reprendre le dossier dans une exécution déjà faite, et la rejuger",
    "take the dossier into a run made before, and judge it again",
  )
    .argument("<run>", t("exécution (last : la dernière)", "run (last: the newest)"))
    .action(async (run, options) => set(await (await import("./commands/dossier.js")).dossierApply(run, options)));
  sub("export", "classeur Convergence et preuves par chapitre", "Convergence workbook and proofs by chapter")
    .argument("<folder>", t("dossier à créer", "folder to make"))
    .option(runOption, t("exécution à laquelle tenir le dossier", "run to hold the dossier against"))
    .action(async (folder, options) =>
      set(await (await import("./commands/dossier-export.js")).dossierExport(folder, options)),
    );
  sub("import", "reprendre un classeur exporté", "take over a workbook that was exported")
    .argument("<file>", t("classeur .xlsx", ".xlsx workbook"))
    .action(async (file, options) =>
      set(await (await import("./commands/dossier-export.js")).dossierImport(file, options)),
    );
}
