/** Commands of keys and labels: `keys` for whoever signs, `label` for the agency that issues and for anybody who checks. */
import { Option } from "commander";
import type { CommandKit } from "./segur-agency.js";
import { specsOption, trustOption } from "./segur-review.js";

export function addLabelCommands({ command, t, lang, set }: CommandKit): void {
  const help = t("afficher l'aide", "display help");
  const json = (): Option => new Option("--json", t("l'écrire en JSON", "print it as JSON"));
  const output = (): Option => new Option("-o, --output <file>", t("fichier à écrire", "file to write"));
  const force = (): Option => new Option("--force", t("remplacer un fichier existant", "replace an existing file"));
  const key = (): Option =>
    new Option(
      "--key <file>",
      t("clé privée (PEM) de l'agence qui signe ses labels", "private key (PEM) that signs the agency's labels"),
    ).makeOptionMandatory();

  command(
    "keys",
    "une paire de clés pour signer, et le bloc à recopier dans le keys.yaml de qui vous fera confiance",
    "a pair of keys to sign with, and the block to paste into the keys.yaml of those who shall trust you",
  )
    .requiredOption("--out <folder>", t("dossier où les écrire", "folder to write them in"))
    .addOption(new Option("--for <who>", t("pour qui", "for whom")).choices(["vendor", "agency"]).default("vendor"))
    .addOption(
      new Option(
        "--algorithm <name>",
        t(
          "par défaut : ed25519 pour un éditeur, ecdsa-p256 pour une agence",
          "default: ed25519 for a vendor, ecdsa-p256 for an agency",
        ),
      ).choices(["ed25519", "ecdsa-p256"]),
    )
    .option(
      "--name <name>",
      t("nom des fichiers ; par défaut : vendor ou agency", "name of the files; default: vendor or agency"),
    )
    .addOption(json())
    .addOption(lang())
    .action(async (options) => set((await import("./commands/keys.js")).keys(options)));

  const label = command(
    "label",
    "labels d'une agence : émettre, lire, vérifier, révoquer, publier la page qui vérifie",
    "labels of an agency: issue, read, check, revoke, publish the page that checks",
  );
  const labelFile = t("fichier .label.json", "a .label.json file");

  label
    .command("issue")
    .description(
      t(
        "signer un label, après avoir vérifié le paquet et pesé les examens ; refuse en disant tout ce qui s'y oppose",
        "sign a label, after verifying the bundle and weighing the reviews; refuses, saying all that stands in the way",
      ),
    )
    .helpOption("-h, --help", help)
    .argument("<bundle>", t("paquet scellé", "sealed bundle"))
    .requiredOption("--perimeter <id>", t("périmètre labellisé", "perimeter that is labelled"))
    .addOption(key())
    .addOption(trustOption(t).makeOptionMandatory())
    .requiredOption("--until <date>", t("dernier jour de validité : 2026-11-21", "last day of validity: 2026-11-21"))
    .option(
      "--reviews <file>",
      t(
        "examens signés ; par défaut : le fichier à côté du paquet",
        "signed reviews; default: the file beside the bundle",
      ),
    )
    .option(
      "--repeated-examined",
      t(
        "une personne de l'agence a regardé les tentatives antérieures des scénarios joués plusieurs fois",
        "a person of the agency looked at the earlier attempts of the scenarios that were played more than once",
      ),
    )
    .addOption(specsOption(t))
    .addOption(output())
    .addOption(force())
    .addOption(json())
    .addOption(lang())
    .action(async (bundle, options) => set(await (await import("./commands/label-issue.js")).issue(bundle, options)));

  label
    .command("show")
    .description(t("ce que dit un label, sans rien vérifier", "what a label says, verifying nothing"))
    .helpOption("-h, --help", help)
    .argument("<label>", labelFile)
    .addOption(json())
    .addOption(lang())
    .action(async (file, options) => set((await import("./commands/label.js")).showLabel(file, options)));

  label
    .command("check")
    .description(
      t("le label est-il authentique, vaut-il à cette date ?", "is the label genuine, does it hold on that date?"),
    )
    .helpOption("-h, --help", help)
    .argument("<label>", labelFile)
    .addOption(trustOption(t).makeOptionMandatory())
    .option("--revocations <file>", t("liste de révocation de l'agence", "revocation list of the agency"))
    .option(
      "--at <date>",
      t(
        "date demandée : now, 2026-11-21 ou 2026-11-21T20:56:18Z",
        "date asked for: now, 2026-11-21 or 2026-11-21T20:56:18Z",
      ),
      "now",
    )
    .addOption(json())
    .addOption(lang())
    .action(async (file, options) => set((await import("./commands/label.js")).checkLabelFile(file, options)));

  label
    .command("revoke")
    .description(t("ajouter un label à la liste de révocation signée", "add a label to the signed revocation list"))
    .helpOption("-h, --help", help)
    .argument(
      "[label]",
      t(
        "fichier .label.json ; à défaut l'identifiant du label, qui n'est alors pas contrôlé",
        "a .label.json file; failing that the label's id, which is then not checked",
      ),
    )
    .requiredOption("--list <file>", t("liste à prolonger", "list to extend"))
    .option(
      "--first",
      t(
        "créer la liste : seulement si l'agence n'en a jamais eu",
        "create the list: only when the agency never had one",
      ),
    )
    .addOption(key())
    .addOption(trustOption(t))
    .option("--reason <text>", t("motif, publié avec la liste", "reason, published with the list"))
    .option("--refresh", t("émettre à nouveau la liste, sans révocation", "issue the list again, without a revocation"))
    .option("--next <days>", t("jours jusqu'à la prochaine liste", "days until the next list"), "7")
    .addOption(json())
    .addOption(lang())
    .action(async (file, options) => set((await import("./commands/label.js")).revokeLabel(file, options)));

  label
    .command("page")
    .description(
      t(
        "la page de vérification, avec les clés de l'agence : un fichier à publier, sans serveur",
        "the page that checks labels, with the agency's keys: one file to publish, no server",
      ),
    )
    .helpOption("-h, --help", help)
    .addOption(trustOption(t).makeOptionMandatory())
    .addOption(output())
    .addOption(force())
    .option("--json", t("écrire les clés seules", "write the keys alone"))
    .addOption(lang())
    .action(async (options) => set((await import("./commands/label-page.js")).labelPage(options)));
}
