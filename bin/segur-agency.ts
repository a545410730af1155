/** Commands around the sealed bundle: the candidate's `proof` and `seal`, the agency's `verify`, `challenge`, `countersign`. */
import { type Command, Option } from "commander";
import type { ExitCode } from "./output.js";
import { specsOption } from "./segur-review.js";

export interface CommandKit {
  /** A command with its description in both languages. */
  readonly command: (name: string, fr: string, en: string) => Command;
  readonly t: (fr: string, en: string) => string;
  readonly lang: () => Option;
  readonly set: (code: ExitCode) => void;
  /** Help of the argument that names a run. */
  readonly runArgument: string;
}

export function addBundleCommands({ command, t, lang, set, runArgument }: CommandKit): void {
  const key = (): Option =>
    new Option(
      "--key <file>",
      t("clé privée (PEM) ; voir segur keys", "private key (PEM); see segur keys"),
    ).makeOptionMandatory();
  const issuer = (): Option =>
    new Option("--issuer <name>", t("nom de l'agence", "name of the agency")).makeOptionMandatory();
  const force = (): Option => new Option("--force", t("remplacer un fichier existant", "replace an existing file"));
  const trust = (): Option =>
    new Option("--trust <file>", t("clés de confiance (keys.yaml)", "trusted keys (keys.yaml)"));

  command(
    "proof",
    "preuves d'une exécution : fournies, dues ; en ajouter ou en retirer avant de sceller",
    "proofs of a run: supplied, owed; add or take out files before sealing",
  )
    .argument("<run>", runArgument)
    .option(
      "--add <id=file...>",
      t(
        "fichiers à ajouter, chacun sous un identifiant de preuve ou d'exigence",
        "files to add, each under the id of a proof or of a row",
      ),
    )
    .option(
      "--remove <id...>",
      t("preuves à retirer, avec tous leurs fichiers", "proofs to take out, with all their files"),
    )
    .addOption(specsOption(t))
    .addOption(lang())
    .action(async (run, options) => set((await import("./commands/proof.js")).proof(run, options)));

  command(
    "seal",
    "sceller une exécution : le paquet que l'agence rejuge hors ligne",
    "seal a run: the bundle an agency recomputes offline",
  )
    .argument("<run>", runArgument)
    .addOption(key())
    .option(
      "--cert <file>",
      t("certificat de la clé, puis sa chaîne (PEM)", "certificate of the key, then its chain (PEM)"),
    )
    .option("-o, --output <file>", t("fichier à écrire", "file to write"))
    .addOption(force())
    .addOption(specsOption(t))
    .option("--json", t("écrire fichier et empreinte en JSON", "print file and digest as JSON"))
    .addOption(lang())
    .action(async (run, options) => set(await (await import("./commands/seal.js")).seal(run, options)));

  command(
    "verify",
    "vérifier un paquet scellé : signature, empreintes, règles, puis rejuger et comparer",
    "verify a bundle: signature, hashes, rule set, then judge again and compare",
  )
    .argument("<bundle>", t("paquet scellé, ou dossier de paquets", "sealed bundle, or a folder of them"))
    .addOption(trust())
    .addOption(specsOption(t))
    .option("--json", t("écrire la vérification en JSON", "print the verification as JSON"))
    .option(
      "--out <folder>",
      t(
        "dossier : où vont CSV, JSON et journal (par défaut : à côté)",
        "folder: where CSV, JSON and journal go (default: beside it)",
      ),
    )
    .option(
      "--jobs <count>",
      t("dossier : processus (par défaut : un par cœur)", "folder: processes (default: one per core)"),
    )
    .option(
      "--timeout <seconds>",
      t("dossier : borne par paquet (par défaut : 60)", "folder: bound per bundle (default: 60)"),
    )
    .option(
      "--memory <mb>",
      t("dossier : borne par processus, en Mo (par défaut : 2048)", "folder: bound per process, in MB (default: 2048)"),
    )
    .addOption(lang())
    .action(async (bundle, options) => set(await (await import("./commands/verify.js")).verify(bundle, options)));

  command(
    "countersign",
    "l'agence qui hébergeait les services signe ce qu'elle a enregistré",
    "the agency that hosted the services signs what it recorded",
  )
    .argument("<run>", runArgument)
    .addOption(key())
    .addOption(issuer())
    .addOption(force())
    .addOption(lang())
    .action(async (run, options) => set((await import("./commands/countersign.js")).countersign(run, options)));

  const challenge = command(
    "challenge",
    "défis d'une agence : une graine signée dont les identités sont tirées",
    "challenges of an agency: a signed seed that identities are drawn from",
  );
  challenge
    .command("issue")
    .description(t("signer un défi pour un candidat", "sign a challenge for one candidate"))
    .helpOption("-h, --help", t("afficher l'aide", "display help"))
    .addOption(key())
    .addOption(issuer())
    .requiredOption("--vendor <name>", t("éditeur, comme dans segur.yaml", "vendor, as in segur.yaml"))
    .requiredOption("--product <name>", t("logiciel, comme dans segur.yaml", "product, as in segur.yaml"))
    .requiredOption("--candidate-version <version>", t("version, comme dans segur.yaml", "version, as in segur.yaml"))
    .option("--days <count>", t("jours pendant lesquels il vaut", "days it is valid"), "7")
    .requiredOption("-o, --output <file>", t("fichier à écrire", "file to write"))
    .addOption(force())
    .addOption(lang())
    .action(async (options) => set((await import("./commands/challenge.js")).issueChallenge(options)));
}
