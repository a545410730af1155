/** Commands on lists of requirements: two compared (`specs diff`), a published workbook made a draft (`specs import`). */
import { Option } from "commander";
import type { CommandKit } from "./segur-agency.js";

/** Couloirs of the model, for `--couloir`. */
const COULOIRS = [
  "MDV/LGC",
  "HOP/DPI",
  "HOP/PFI",
  "BIO/SGL",
  "RAD/RIS",
  "RAD/DRIMbox",
  "OFF/LGO",
  "ESMS/DUI",
  "SF",
  "CD",
  "PARAMED",
] as const;

export function addSpecsCommands({ command, t, lang, set, runArgument }: CommandKit): void {
  const specs = command(
    "specs",
    "listes d'exigences : comparer deux listes, lire un classeur REM publié",
    "lists of requirements: compare two of them, read a published REM workbook",
  );
  const help = t("afficher l'aide", "display help");
  const side = t(
    "identifiant de périmètre, dossier de règles ou de brouillon (DOSSIER#périmètre s'il en a plusieurs), ou fichier de périmètre",
    "id of a perimeter, folder of rules or of a draft (FOLDER#perimeter when it has several), or file of a perimeter",
  );

  specs
    .command("diff")
    .description(
      t(
        "ce qui change d'une liste à l'autre et, avec --run, les verdicts qu'une exécution aurait",
        "what changes from one list to the other and, with --run, the verdicts a run would have",
      ),
    )
    .helpOption("-h, --help", help)
    .argument("<old>", side)
    .argument("<new>", side)
    .option("--run <run>", runArgument)
    .option("--json", t("écrire les différences en JSON", "print the differences as JSON"))
    .addOption(lang())
    .action(async (before, after, options) =>
      set((await import("./commands/specs-diff.js")).specsDiff(before, after, options)),
    );

  specs
    .command("import")
    .description(
      t(
        "faire d'un classeur REM un brouillon de règles, à relire avant de s'y fier",
        "make a REM workbook a draft of rules, to be read over before it is relied on",
      ),
    )
    .helpOption("-h, --help", help)
    .argument("<file>", t("classeur .xlsx", "workbook, .xlsx"))
    .requiredOption("--out <folder>", t("dossier à écrire, absent ou vide", "folder to write, absent or empty"))
    .addOption(
      new Option("--couloir <couloir>", t("couloir et logiciel", "care sector and software"))
        .choices(COULOIRS)
        .default("MDV/LGC"),
    )
    .addOption(
      new Option(
        "--wave <wave>",
        t(
          "vague des lignes dont la colonne Périmètre ne le dit pas",
          "wave of rows whose Périmètre column does not say",
        ),
      ).choices(["1", "2"]),
    )
    .option("--id <id>", t("identifiant du périmètre", "id of the perimeter"))
    .option("--frozen <date>", t("jour où la liste a été figée, AAAA-MM-JJ", "day the list was frozen, YYYY-MM-DD"))
    .option("--key <file>", t("clé privée (PEM) qui signe le brouillon", "private key (PEM) that signs the draft"))
    .option("--json", t("écrire le compte rendu en JSON", "print the account as JSON"))
    .addOption(lang())
    .action(async (file, options) =>
      set(await (await import("./commands/specs-import.js")).specsImport(file, options)),
    );
}
