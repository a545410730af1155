/** The command line: parse, wire, print, exit. Each command is a file of bin/commands/, loaded only when called. */
import { Command, CommanderError, Option } from "commander";
import { packageRoot } from "../core/model/index.js";
import { FRENCH_HELP, frenchUsage } from "./help-fr.js";
import { type ExitCode, errorText, type Lang } from "./output.js";
import { surviveLostOutput } from "./lost-output.js";
import { addBundleCommands } from "./segur-agency.js";
import { addLabelCommands } from "./segur-label.js";
import { addDossierCommands } from "./segur-dossier.js";
import { addReviewCommands, specsOption, trustOption } from "./segur-review.js";
import { addSpecsCommands } from "./segur-specs.js";
import { toolVersion } from "./version.js";

/** French unless the user's environment says another language. */
function defaultLang(): Lang {
  const wanted = process.env.SEGUR_LANG ?? "";
  return wanted.startsWith("en") ? "en" : "fr";
}

/** Runs the command line; gives the exit code. Only bin/ prints and exits. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0;
  const set = (value: ExitCode): void => {
    code = value;
  };
  // Help and usage errors are written before `--lang` is parsed, hence the look at the words themselves.
  const asked = /--lang[= ](fr|en)\b/.exec(argv.join(" "))?.[1];
  const spoken: Lang = asked === "fr" || asked === "en" ? asked : defaultLang();
  const t = (fr: string, en: string): string => (spoken === "fr" ? fr : en);
  surviveLostOutput(spoken);

  const lang = (): Option =>
    new Option("--lang <lang>", t("langue des rapports et des messages", "language of reports and messages"))
      .choices(["fr", "en"])
      .default(spoken);
  const gate = (): Option =>
    new Option("--gate <gate>", t("ce qui doit passer pour le code de sortie 0", "what must pass for exit code 0"))
      .choices(["checks", "wave"])
      .default("checks");
  const only = (): Option =>
    new Option(
      "--only <prefix...>",
      t(
        "contrôles, exigences ou scénarios dont l'identifiant commence ainsi",
        "checks, requirements or scenarios whose id begins so",
      ),
    );
  const resultJson = (): Option =>
    new Option("--json", t("écrire result.json sur la sortie standard", "print result.json on stdout"));
  const learn = (): Option =>
    new Option(
      "--learn",
      t(
        "accepter une fois un client Pro Santé Connect inconnu et afficher le bloc à recopier",
        "accept an unknown Pro Santé Connect client once and print the block to paste",
      ),
    );
  const baseline = (): Option =>
    new Option(
      "--baseline <file>",
      t(
        "écarts connus (YAML) que la barrière des contrôles admet",
        "known failures (YAML) that the gate of the checks allows",
      ),
    );
  const writeBaseline = (): Option =>
    new Option(
      "--write-baseline <file>",
      t(
        "écrire les écarts de cette exécution, raisons à compléter",
        "write the failures of this run, reasons to fill in",
      ),
    );
  const official = (): Option =>
    new Option(
      "--official <folder>",
      t(
        "votre copie des règles publiques de l'agence pour les contenus CDA, jugées à côté des nôtres",
        "your checkout of the agency's public rules for CDA contents, judged beside ours",
      ),
    );
  const volet = (): Option =>
    new Option(
      "--volet <file>",
      t(
        "volet de cette copie à appliquer, quoi que disent les documents",
        "volet of that checkout to judge by, whatever the documents say",
      ),
    );
  const mode = (): Option =>
    new Option(
      "--mode <mode>",
      t(
        "valeur de la session : homologation ne désélectionne rien et demande un défi",
        "what the session is worth: homologation deselects nothing and demands a challenge",
      ),
    )
      .choices(["sandbox", "rehearsal", "homologation"])
      .default("sandbox");
  const challenge = (): Option =>
    new Option("--challenge <file>", t("défi signé par l'agence", "challenge signed by the agency"));
  const runArgument = t(
    "dossier d'une exécution, son nom sous runs/, ou `last`",
    "folder of a run, its name under runs/, or `last`",
  );
  const helpWords = t("afficher l'aide", "display help");

  const program = new Command("segur")
    .description(
      t(
        "Suite de conformité pour le référencement Ségur : services simulés, enregistrement, jugement, rapport.",
        "Conformance suite for the Ségur referencing: mock services, recording, judgement, labelling report.",
      ),
    )
    .version(toolVersion(packageRoot(import.meta.url)), "-V, --version", t("afficher la version", "print the version"))
    .helpOption("-h, --help", helpWords)
    .helpCommand("help [command]", t("aide d'une commande", "help of a command"))
    .configureHelp(spoken === "fr" ? FRENCH_HELP : {})
    // Also before the name of the command.
    .addOption(lang())
    .exitOverride()
    .showHelpAfterError(t("(segur --help donne la liste des commandes)", "(segur --help lists the commands)"))
    .configureOutput({
      writeErr: (text) => process.stderr.write(text),
      outputError: (text, write) => write(spoken === "fr" ? frenchUsage(text) : text),
    });

  const command = (name: string, fr: string, en: string): Command =>
    program.command(name).description(t(fr, en)).helpOption("-h, --help", helpWords);

  command(
    "demo",
    "l'exécution fournie : services simulés, logiciel de référence, tous les contrôles, rapport ; sans configuration",
    "the bundled run: mock, reference vendor software, all checks, report; no configuration",
  )
    .addOption(only())
    .option(
      "--defect <id>",
      t("faire mal agir le logiciel de référence, d'une façon", "make the reference software misbehave in one way"),
    )
    .option("--list-defects", t("liste des défauts possibles (en anglais)", "list the defects there are"))
    .option("--runs <folder>", t("où va le dossier de l'exécution", "where the folder of the run goes"))
    .option(
      "--dossier",
      t(
        "avec le dossier d'exemple : des preuves fictives, acceptées",
        "with the example dossier: fictitious proofs, accepted",
      ),
    )
    .addOption(mode())
    .addOption(challenge())
    .addOption(resultJson())
    .addOption(baseline())
    .addOption(writeBaseline())
    .addOption(gate())
    .addOption(specsOption(t))
    .addOption(trustOption(t))
    .addOption(lang())
    .action(async (options) => set(await (await import("./commands/demo.js")).demo(options)));

  command("init", "écrire un segur.yaml commenté pour votre logiciel", "write a commented segur.yaml for your software")
    .argument("[file]", t("fichier à écrire", "file to write"), "segur.yaml")
    .option("--force", t("remplacer un fichier existant", "replace an existing file"))
    .addOption(lang())
    .action(async (file, options) => set((await import("./commands/init.js")).init(file, options)));

  command(
    "run",
    "planifier, démarrer les services, faire agir le logiciel, enregistrer, juger, décider, rapporter",
    "plan, start services, drive the vendor's software, record, judge, decide, report",
  )
    .option("-c, --config <file>", "configuration", "segur.yaml")
    .addOption(only())
    .option(
      "--continue <run>",
      t("poursuivre une exécution : les scénarios pas encore joués", "go on with a run: scenarios not yet done"),
    )
    .addOption(learn())
    .addOption(mode())
    .addOption(challenge())
    .addOption(resultJson())
    .addOption(baseline())
    .addOption(writeBaseline())
    .addOption(gate())
    .addOption(specsOption(t))
    .addOption(trustOption(t))
    .addOption(lang())
    .action(async (options) => set(await (await import("./commands/run.js")).run(options)));

  command(
    "mock",
    "les services nationaux simulés seuls, jusqu'à Ctrl-C",
    "the national services alone, kept up until Ctrl-C",
  )
    .option(
      "-c, --config <file>",
      t(
        "configuration (adresses, clients) ; sans elle : segur.yaml s'il est là, sinon ports libres et client d'essai",
        "configuration (addresses, clients); without it: segur.yaml when it is there, else free ports and a client to try",
      ),
    )
    .option("--services <names>", t("séparés par des virgules : psc,ins,dmp,mss", "comma-separated: psc,ins,dmp,mss"))
    .addOption(learn())
    .option(
      "--json",
      t(
        "écrire un objet JSON avec adresses, ports et fichiers de certificats",
        "print one JSON object with addresses, ports and certificate files",
      ),
    )
    .addOption(lang())
    .action(async (options) => set(await (await import("./commands/mock.js")).mock(options)));

  command(
    "plan",
    "ce qui serait joué, quelles exigences cela établirait, quelles preuves sont dues, ce que le pilote ne sait pas faire",
    "what would run, which rows it would prove, which proofs are owed, what the driver cannot trigger",
  )
    .option(
      "-c, --config <file>",
      t(
        "configuration ; sans elle : segur.yaml s'il est là, sinon l'exécution fournie",
        "configuration; without it: segur.yaml when it is there, else the bundled run",
      ),
    )
    .addOption(only())
    .option("--json", t("écrire le plan en JSON", "print the plan as JSON"))
    .addOption(specsOption(t))
    .addOption(trustOption(t))
    .addOption(lang())
    .action(async (options) => set((await import("./commands/plan.js")).plan(options)));

  command(
    "doctor",
    "configuration, certificats, ports, accès, horloge : avant toute exécution",
    "configuration, certificates, ports, reachability, clock: before anything runs",
  )
    .option("-c, --config <file>", "configuration", "segur.yaml")
    .addOption(specsOption(t))
    .addOption(lang())
    .action(async (options) => set(await (await import("./commands/doctor.js")).doctor(options)));

  command(
    "judge",
    "juger à nouveau un enregistrement, hors ligne",
    "judge a recording again, offline, in a fresh process",
  )
    .argument("<run>", runArgument)
    .addOption(resultJson())
    .addOption(baseline())
    .addOption(writeBaseline())
    .addOption(official())
    .addOption(volet())
    .addOption(gate())
    .addOption(specsOption(t))
    .addOption(trustOption(t))
    .addOption(lang())
    .action(async (run, options) => set((await import("./commands/judge.js")).judge(run, options)));

  command(
    "check",
    "juger des fichiers seuls : CDA, archive IHE_XDM, courriel enregistré, message SOAP",
    "judge files alone: CDA, IHE_XDM zip, saved mail, SOAP message",
  )
    .argument("<file...>", t("fichiers", "files"))
    .addOption(new Option("--format <format>", "format").choices(["text", "json", "sarif"]).default("text"))
    .option("--json", t("écrire les constats en JSON", "print findings as JSON"))
    .addOption(official())
    .addOption(volet())
    .addOption(lang())
    .action(async (files, options) => set((await import("./commands/check.js")).check(files, options)));

  command(
    "report",
    "rendre à nouveau une exécution, dans un autre format ou une autre langue",
    "render a run again in any format and language",
  )
    .argument("<run>", runArgument)
    .addOption(
      new Option("--format <format>", "format").choices(["html", "json", "junit", "markdown", "text"]).default("html"),
    )
    .option(
      "-o, --output <file>",
      t(
        "fichier à écrire (par défaut : sortie standard ; html : report.html de l'exécution)",
        "file to write (default: stdout; html: report.html in the run)",
      ),
    )
    .option(
      "--mask",
      t(
        "cacher identifiants, jetons et noms, pour partager",
        "hide identifiers, tokens and names in the rendering, for sharing",
      ),
    )
    .addOption(gate())
    .addOption(specsOption(t))
    .addOption(lang())
    .action(async (run, options) => set((await import("./commands/report.js")).report(run, options)));

  command(
    "diff",
    "ce qui a changé entre deux exécutions, contrôle par contrôle, et pourquoi (enregistrement, règles, périmètre)",
    "what changed between two runs, check by check, and why (evidence, rules, perimeter)",
  )
    .argument("<before>", runArgument)
    .argument("<after>", t("l'autre exécution, la plus récente", "the other run, the later one"))
    .addOption(specsOption(t))
    .addOption(trustOption(t))
    .option("--json", t("écrire les changements en JSON", "print the changes as JSON"))
    .addOption(lang())
    .action(async (before, after, options) => set((await import("./commands/diff.js")).diff(before, after, options)));

  command(
    "explain",
    "une exigence, un contrôle ou un scénario : ce qui est demandé, observé, à corriger, et la preuve",
    "a requirement, check or scenario: what is asked, how it is observed, what to fix, which proof",
  )
    .argument(
      "<id>",
      t(
        "MSS/CONF.16, dmp/patient-identifier, psc-login… ; un début donne la liste",
        "MSS/CONF.16, dmp/patient-identifier, psc-login…; a prefix lists what begins so",
      ),
    )
    .option("--json", t("l'écrire en JSON", "print it as JSON"))
    .addOption(specsOption(t))
    .addOption(lang())
    .action(async (id, options) => set((await import("./commands/explain.js")).explain(id, options)));

  command(
    "coverage",
    "exigences, contrôles, preuves : ce qui a un contrôle aujourd'hui, et ce qui est encore dû",
    "requirement to checks, proofs, exclusion; checks to mutants killed; messages without outside witness",
  )
    .option("--json", t("écrire la table en JSON", "print the table as JSON"))
    .option(
      "--owed",
      t(
        "liste des exigences prouvables par machine encore sans verdict",
        "list the machine-provable rows that have no verdict yet",
      ),
    )
    .option("--perimeter <id>", t("ce périmètre seul, exigence par exigence", "this perimeter only, row by row"))
    .addOption(specsOption(t))
    .addOption(lang())
    .action(async (options) => set((await import("./commands/coverage.js")).coverage(options)));

  addBundleCommands({ command, t, lang, set, runArgument });
  addDossierCommands({ command, t, lang, set, runArgument });
  addReviewCommands({ command, t, lang, set, runArgument });
  addLabelCommands({ command, t, lang, set, runArgument });
  addSpecsCommands({ command, t, lang, set, runArgument });

  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(errorText(error, spoken));
    return 2;
  }
}
