/**
 * French of the errors a user can meet. The rooms throw in English (code and logs are in English); the command line translates
 * what it prints. `{}` stands for a value and is copied. A sentence without a translation is shown as it was thrown.
 */

import { BUNDLE_PAIRS } from "./errors-fr-bundle.js";
import { LABEL_PAIRS } from "./errors-fr-label.js";
import { DOSSIER_PAIRS } from "./errors-fr-dossier.js";
import { REVIEW_PAIRS } from "./errors-fr-review.js";
import { SCHEMA_PAIRS } from "./errors-fr-schemas.js";
import { SPECS_PAIRS } from "./errors-fr-specs.js";

type Pair = readonly [english: string, french: string];

const PAIRS: readonly Pair[] = [
  ...BUNDLE_PAIRS,
  ...LABEL_PAIRS,
  ...DOSSIER_PAIRS,
  ...REVIEW_PAIRS,
  ...SCHEMA_PAIRS,
  ...SPECS_PAIRS,
  ["no free port was found on this machine", "aucun port libre n'a été trouvé sur cette machine"],
  [
    "end programs that hold ports, or set `drivers.start.port`",
    "arrêtez des programmes qui tiennent des ports, ou fixez `drivers.start.port`",
  ],
  // Command line.
  ["the file is already there", "le fichier existe déjà"],
  ["give another name, or --force to replace it", "donnez un autre nom, ou --force pour le remplacer"],
  ["give another name, or remove it", "donnez un autre nom, ou supprimez-le"],
  // Known failures.
  ["the baseline cannot be read", "le fichier des écarts connus ne peut pas être lu"],
  [
    "give the path of the file; --write-baseline writes a first one",
    "donnez le chemin du fichier ; --write-baseline en écrit un premier",
  ],
  [
    "a baseline is about checks; it cannot make a wave referencable",
    "les écarts connus portent sur des contrôles ; ils ne rendent pas une vague référençable",
  ],
  ["use it with --gate checks, or leave it out", "employez-le avec --gate checks, ou retirez-le"],
  ["a baseline is either read or written", "un fichier d'écarts connus est lu ou écrit, pas les deux"],
  ["give --baseline or --write-baseline, not both", "donnez --baseline ou --write-baseline, pas les deux"],
  ['there is no check "{}"', "il n'y a pas de contrôle « {} »"],
  ['the check {} has no breach message "{}"', "le contrôle {} n'a pas de message d'écart « {} »"],
  ["a check that was not observed has no message", "un contrôle non observé n'a pas de message"],
  ['Remove "messages", or write "outcome: breached".', "Retirez « messages », ou écrivez « outcome: breached »."],
  ["the reason is not filled in", "la raison n'est pas donnée"],
  ["Say in words why this failure is accepted for now.", "Dites en mots pourquoi cet écart est admis pour le moment."],
  ["{} is not a day of the calendar", "{} n'est pas un jour du calendrier"],
  ["Write YYYY-MM-DD.", "Écrivez AAAA-MM-JJ."],
  ["the file cannot be written", "le fichier ne peut pas être écrit"],
  ["check that the folder exists and is writable", "vérifiez que le dossier existe et accepte l'écriture"],
  ["nothing is named {}", "rien ne porte le nom {}"],
  [
    "give the id of a requirement (MSS/CONF.16), a check (mss/…), a scenario (mss-…), or the beginning of one",
    "donnez l'identifiant d'une exigence (MSS/CONF.16), d'un contrôle (mss/…), d'un scénario (mss-…), ou son début",
  ],
  ["did you mean {}?", "vouliez-vous dire {} ?"],
  ["the check {} has no message {}", "le contrôle {} n'a pas de message {}"],
  ["its messages: {}", "ses messages : {}"],
  ["there is no service {}", "il n'y a pas de service {}"],
  ["name some of: {}", "nommez-en parmi : {}"],
  ["the reference software has no defect {}", "le logiciel de référence n'a pas de défaut {}"],
  ["`segur demo --list-defects` lists them", "`segur demo --list-defects` en donne la liste"],
  [
    "nothing was executed: no call of the vendor belongs to a scenario",
    "rien n'a été exécuté : aucun appel du logiciel n'appartient à un scénario",
  ],
  [
    "see `segur plan` and `segur doctor`; an empty run never passes",
    "voir `segur plan` et `segur doctor` ; une exécution vide ne passe jamais",
  ],
  ['"{}" selects no check, requirement or scenario', "« {} » ne choisit ni contrôle, ni exigence, ni scénario"],
  [
    "the run began in another mode or with another challenge",
    "l'exécution a commencé dans un autre mode ou avec un autre défi",
  ],
  [
    "go on without --mode and --challenge, or start a new run",
    "continuez sans --mode ni --challenge, ou démarrez une nouvelle exécution",
  ],
  ["run.json names a mode or a challenge that is none", "run.json nomme un mode ou un défi qui n'en est pas un"],
  // Folder of a run.
  ["the folder of the run cannot be made", "le dossier de l'exécution ne peut pas être créé"],
  [
    "check that this folder is writable and has room, or set `runs` in segur.yaml",
    "vérifiez que ce dossier accepte l'écriture et a de la place, ou changez `runs` dans segur.yaml",
  ],
  ["no run named {}", "aucune exécution ne s'appelle {}"],
  [
    "give the folder of a run (it holds run.json), its name under runs/, or `last`",
    "donnez le dossier d'une exécution (il contient run.json), son nom sous runs/, ou `last`",
  ],
  ["a file of the run cannot be written", "un fichier de l'exécution ne peut pas être écrit"],
  ["check that the folder is writable and has room", "vérifiez que le dossier accepte l'écriture et a de la place"],
  ["run.json cannot be read", "run.json ne peut pas être lu"],
  [
    "the folder of the run is damaged: run again",
    "le dossier de l'exécution est abîmé : lancez une nouvelle exécution",
  ],
  ["run.json has format {}", "run.json est au format {}"],
  ["this version reads {} only", "cette version ne lit que {}"],
  ["the configuration changed since this run began", "la configuration a changé depuis le début de cette exécution"],
  [
    "start a new run, or put the configuration back as it was",
    "lancez une nouvelle exécution, ou remettez la configuration comme elle était",
  ],
  ["the rule set changed since this run began", "le jeu de règles a changé depuis le début de cette exécution"],
  ["start a new run", "lancez une nouvelle exécution"],
  ["this run is still going on (process {} on {})", "cette exécution est encore en cours (processus {} sur {})"],
  [
    "wait until it has ended, or end that process; if that machine is no more, remove the file",
    "attendez sa fin, ou arrêtez ce processus ; si cette machine n'existe plus, supprimez le fichier",
  ],
  ["another process took over the folder of the run", "un autre processus a pris le dossier de l'exécution"],
  // Recording.
  ["the recording folder cannot be written", "le dossier de l'enregistrement ne peut pas être écrit"],
  [
    "check that the folder is writable, has room, and does not hold another recording",
    "vérifiez que le dossier accepte l'écriture, a de la place et ne contient pas un autre enregistrement",
  ],
  ["the recording can no longer be written", "l'enregistrement ne peut plus être écrit"],
  [
    "free some room on that disk; what was recorded so far is kept and can be judged",
    "libérez de la place sur ce disque ; ce qui est déjà enregistré est gardé et peut être jugé",
  ],
  // State of the DMP mock.
  ["the state of the DMP mock cannot be read", "l'état du simulateur du DMP ne peut pas être lu"],
  ["the state of the DMP mock cannot be written", "l'état du simulateur du DMP ne peut pas être écrit"],
  ["a document of the DMP mock cannot be read", "un document du simulateur du DMP ne peut pas être lu"],
  ["a document of the DMP mock cannot be written", "un document du simulateur du DMP ne peut pas être écrit"],
  [
    "free some space, check the rights on the folder, then start again",
    "libérez de la place, vérifiez les droits sur le dossier, puis recommencez",
  ],
  [
    'the fault "says" of the DMP mock does not take this argument',
    "le défaut « says » du simulateur du DMP ne prend pas cet argument",
  ],
  ["there is no recording here", "il n'y a pas d'enregistrement ici"],
  [
    "give the folder of a run (it holds recording/recording.json)",
    "donnez le dossier d'une exécution (il contient recording/recording.json)",
  ],
  ["the recording has format {}", "l'enregistrement est au format {}"],
  ["a record is not JSON", "une ligne de l'enregistrement n'est pas du JSON"],
  [
    "the recording was edited or damaged: run again",
    "l'enregistrement a été modifié ou abîmé : lancez une nouvelle exécution",
  ],
  ["{} points at the missing stream {}", "{} renvoie au flux absent {}"],
  ["{} points outside {}", "{} renvoie hors de {}"],
  ["the recording is not whole: run again", "l'enregistrement n'est pas complet : lancez une nouvelle exécution"],
  // Vendor's software.
  ["the vendor's software cannot be started: {}", "le logiciel ne peut pas être démarré : {}"],
  [
    "check the path of the program and that it may be executed",
    "vérifiez le chemin du programme et qu'il est exécutable",
  ],
  ["the http driver has no address", "le pilote http n'a pas d'adresse"],
  ["give the base URL of the vendor's endpoints", "donnez l'adresse de base des points d'accès du logiciel"],
  ["the vendor's software ended before it answered", "le logiciel s'est arrêté avant d'avoir répondu"],
  ["it wrote nothing: start it by hand to see why", "il n'a rien écrit : démarrez-le à la main pour voir pourquoi"],
  ["read why at the end of that file:\n{}", "lisez pourquoi à la fin de ce fichier :\n{}"],
  ["there is no such program", "ce programme n'existe pas"],
  ["it may not be executed", "il n'est pas exécutable"],
  ["the vendor's software does not answer ({})", "le logiciel ne répond pas ({})"],
  [
    "start it, or check drivers.http.baseUrl and the certificates it shows; `segur doctor` looks further",
    "démarrez-le, ou vérifiez drivers.http.baseUrl et le certificat qu'il présente ; `segur doctor` cherche plus loin",
  ],
  ["not a JSON object: {}", "pas un objet JSON : {}"],
  ['status is {}, not "done" or "refused"', "status vaut {}, ni « done » ni « refused »"],
  ["no answer in {} s", "pas de réponse en {} s"],
  ["more than {} bytes on stdout", "plus de {} octets sur la sortie standard"],
  ["stdout is not one JSON object", "la sortie standard n'est pas un seul objet JSON"],
  ["no command for {}", "pas de commande pour {}"],
  ["exit {}: {}", "code de sortie {} : {}"],
  ["the vendor's process has ended", "le processus du logiciel est terminé"],
  ["nobody answered in time", "personne n'a répondu à temps"],
  ["the person says it failed", "la personne dit que cela a échoué"],
  ["the exec driver has no command", "le pilote exec n'a pas de commande"],
  ["give a command per operation, or `default` for all", "donnez une commande par opération, ou `default` pour toutes"],
  ["the command cannot be run: {}", "la commande ne peut pas être lancée : {}"],
  // Services.
  ["the listener {} cannot open {} ({})", "le service {} ne peut pas ouvrir {} ({})"],
  [
    "another program has this port: end it, or set another `port` (0 = any free one)",
    "un autre programme occupe ce port : arrêtez-le, ou donnez un autre `port` (0 = n'importe quel port libre)",
  ],
  ["check `bind` and `port` of this service", "vérifiez `bind` et `port` de ce service"],
  ["the test certificates cannot be made or read", "les certificats de test ne peuvent pas être fabriqués ou lus"],
  [
    "check that the folder can be written, or delete it: it is made again at the next start",
    "vérifiez que le dossier accepte l'écriture, ou supprimez-le : il est refait au prochain démarrage",
  ],
  // Configuration.
  ["the configuration file cannot be read", "le fichier de configuration ne peut pas être lu"],
  [
    'Give the path of a segur.yaml, or write one with "segur init".',
    "Donnez le chemin d'un segur.yaml, ou écrivez-en un avec « segur init ».",
  ],
  ["{} mistakes", "{} erreurs"],
  ["Correct each line named above.", "Corrigez chaque ligne nommée ci-dessus."],
  ['unknown key "{}"', "clé inconnue « {} »"],
  ["Remove it. Known keys here: {}.", "Retirez-la. Clés connues ici : {}."],
  ['Write "{}", or remove it.', "Écrivez « {} », ou retirez-la."],
  ['the key "{}" is missing', "la clé « {} » manque"],
  ['Add "{}".', "Ajoutez « {} »."],
  ['Add "{}". It is {}.', "Ajoutez « {} » ({})."],
  ['"{}" stands without "{}"', "« {} » est là sans « {} »"],
  ["nothing stands where {} is expected", "rien, là où il faut {}"],
  ["a list stands where {} is expected", "une liste, là où il faut {}"],
  ["a block of keys stands where {} is expected", "un bloc de clés, là où il faut {}"],
  ["{} stands where {} is expected", "{}, là où il faut {}"],
  ["Write one of: {}. Did you mean {}?", "Écrivez l'un de ceux-ci : {}. Vouliez-vous dire {} ?"],
  ["Write one of: {}.", "Écrivez l'un de ceux-ci : {}."],
  ["Write {}, or leave it out.", "Écrivez {}, ou retirez-le."],
  ["Write it out. Expected: {}", "Écrivez-le. Attendu : {}"],
  ["Write it out.", "Écrivez-le."],
  ["Write {}. Expected: {}", "Écrivez {}. Attendu : {}"],
  ["Write a text.", "Écrivez un texte."],
  ["Write a whole number.", "Écrivez un nombre entier."],
  ["Write a number.", "Écrivez un nombre."],
  ["Write true or false.", "Écrivez true ou false."],
  ["Write a list.", "Écrivez une liste."],
  ["Write a block of keys.", "Écrivez un bloc de clés."],
  ["key {} is not one of the known values", "la clé {} n'est pas une des valeurs connues"],
  ["{} is not one of the known values", "{} n'est pas une des valeurs connues"],
  ["{} is not allowed", "{} n'est pas permis"],
  ["{} has not the expected form", "{} n'a pas la forme attendue"],
  ["Write it as the documentation shows.", "Écrivez-le comme le montre la documentation."],
  ["Expected: {}", "Attendu : {}"],
  ["the text is empty", "le texte est vide"],
  ["the text is too short", "le texte est trop court"],
  ["the list is empty", "la liste est vide"],
  ["Give at least {}. Expected: {}", "Donnez-en au moins {}. Attendu : {}"],
  ["Give at least {}.", "Donnez-en au moins {}."],
  ["the list holds the same value twice", "la liste contient deux fois la même valeur"],
  ["Keep one of them.", "Gardez-en une."],
  ["{} is out of range", "{} est hors limites"],
  ["Must be {}.", "Doit être {}."],
  ["Must be {}. Expected: {}", "Doit être {}. Attendu : {}"],
  ["the value has not the expected shape", "la valeur n'a pas la forme attendue"],
  ["See the schema in specs/schemas.", "Voir le schéma dans specs/schemas."],
  ['a "no" stands without a justification', "un « non » est sans justification"],
  ['Add "justification" and say why.', "Ajoutez « justification » et dites pourquoi."],
  ["the mock of {} can be reached from other machines", "le service simulé {} est joignable d'autres machines"],
  [
    "Use it on a network you trust only; 127.0.0.1 keeps it on this machine.",
    "Seulement sur un réseau de confiance ; 127.0.0.1 le garde sur cette machine.",
  ],
  ['the client has no "{}"', "le client n'a pas de « {} »"],
  ['Add "{}": the method {} needs it.', "Ajoutez « {} » : la méthode {} en a besoin."],
  ['the driver "{}" has no settings', "le pilote « {} » n'a pas de réglages"],
  ['Add "{}" under "drivers".', "Ajoutez « {} » sous « drivers »."],
  ['there is no file "{}"', "il n'y a pas de fichier « {} »"],
  ["Correct the path, or remove it.", "Corrigez le chemin, ou retirez-le."],
  ['there is no folder "{}"', "il n'y a pas de dossier « {} »"],
  ["Correct the path.", "Corrigez le chemin."],
  ["an address stands where a file is expected", "une adresse, là où il faut un fichier"],
  [
    "Save the certificate as a PEM file and name that file.",
    "Enregistrez le certificat dans un fichier PEM et nommez ce fichier.",
  ],
  ['the file "{}" cannot be read', "le fichier « {} » ne peut pas être lu"],
  ["Correct the path, relative to this file.", "Corrigez le chemin, relatif à ce fichier."],
  ['the file "{}" holds no PEM block "{}"', "le fichier « {} » ne contient pas de bloc PEM « {} »"],
  [
    "Convert it to PEM (openssl x509 -inform DER, openssl pkcs12).",
    "Convertissez-le en PEM (openssl x509 -inform DER, openssl pkcs12).",
  ],
  ['"{}" is not a URL', "« {} » n'est pas une URL"],
  ["Write it as https://host:port/path.", "Écrivez-la comme https://hôte:port/chemin."],
  ['"{}" belongs to a real national service ({})', "« {} » appartient à un vrai service national ({})"],
  [
    "Name a test machine of your own: the suite never calls the real services.",
    "Nommez une machine de test à vous : la suite n'appelle jamais les vrais services.",
  ],
  ['there is no perimeter "{}"', "il n'y a pas de périmètre « {} »"],
  ['there is no sub-profile "{}"', "il n'y a pas de sous-profil « {} »"],
  ['there is no condition "{}"', "il n'y a pas de condition « {} »"],
  ['there is no row with alternatives "{}"', "il n'y a pas d'exigence à alternatives « {} »"],
  ['there is no scenario of {} "{}"', "il n'y a pas de scénario de {} « {} »"],
  ['there is no proof "{}"', "il n'y a pas de preuve « {} »"],
  ['Did you mean "{}"? Known: none.', "Vouliez-vous dire « {} » ?"],
  ['Did you mean "{}"? Known: {}.', "Vouliez-vous dire « {} » ? Connus : {}."],
  ["Known: none.", "Aucun n'est connu."],
  ["Known: {}.", "Connus : {}."],
  ["the file is too large", "le fichier est trop grand"],
  ["Keep it under two million characters.", "Restez sous deux millions de caractères."],
  ["the same key stands twice", "la même clé est là deux fois"],
  ["a tab is used as indentation", "une tabulation sert de retrait"],
  ["the indentation is wrong", "le retrait est faux"],
  ["a closing quote, bracket or colon is missing", "un guillemet fermant, un crochet ou un deux-points manque"],
  ["there is more than one document", "il y a plus d'un document"],
  ["this is not valid YAML", "ce n'est pas du YAML valide"],
  ["Keep one of the two.", "Gardez l'une des deux."],
  ["Check the indentation, quotes and brackets here.", "Vérifiez ici le retrait, les guillemets et les crochets."],
  ["the aliases cannot be resolved", "les alias ne peuvent pas être résolus"],
  ["Write the values out.", "Écrivez les valeurs elles-mêmes."],
  // Official rules.
  ["the folder of the official rules cannot be read", "le dossier des règles officielles ne peut pas être lu"],
  [
    "give the folder of your own checkout of the agency's rules (docs/official-rules.md)",
    "donnez le dossier de votre copie des règles de l'agence (docs/official-rules.md)",
  ],
  [
    "this is not a checkout of the agency's rules for CDA contents",
    "ce n'est pas une copie des règles de l'agence pour les contenus CDA",
  ],
  [
    "give the folder that holds infrastructure/cda/CDA_extended.xsd and schematrons/ (docs/official-rules.md)",
    "donnez le dossier qui contient infrastructure/cda/CDA_extended.xsd et schematrons/ (docs/official-rules.md)",
  ],
  [
    "the official rules hold more files or bytes than are read",
    "les règles officielles ont plus de fichiers ou d'octets que ce qui est lu",
  ],
  [
    "give a checkout of the public repository, without other files in it",
    "donnez une copie du dépôt public, sans autres fichiers dedans",
  ],
  ["a link stands among the official rules", "un lien est parmi les règles officielles"],
  ["links are not followed: give a plain checkout", "les liens ne sont pas suivis : donnez une copie ordinaire"],
  ["a file of the official rules cannot be read", "un fichier des règles officielles ne peut pas être lu"],
  [
    "check its rights; the whole tree must be readable, or its digest would say nothing",
    "vérifiez ses droits ; toute la copie doit être lisible, sinon son empreinte ne dirait rien",
  ],
  ["the official rules have no volet {}", "les règles officielles n'ont pas de volet {}"],
  ["name one of: {}", "nommez l'un de : {}"],
  ["--volet stands without --official", "--volet est donné sans --official"],
  ["give the folder of the official rules with --official", "donnez le dossier des règles officielles avec --official"],
  // What a value must be, inside the sentences above.
  ["a text", "un texte"],
  ["a whole number", "un nombre entier"],
  ["a number", "un nombre"],
  ["true or false", "true ou false"],
  ["a list", "une liste"],
  ["a block of keys", "un bloc de clés"],
  ["nothing", "rien"],
];

const exact = new Map(PAIRS.filter(([english]) => !english.includes("{}")));

/** Sentences with holes; those with the most fixed letters first, so that the nearest one wins. */
const patterns = PAIRS.filter(([english]) => english.includes("{}"))
  .map(([english, french]) => ({ letters: english.replaceAll("{}", "").length, regexp: patternOf(english), french }))
  .sort((a, b) => b.letters - a.letters);

function patternOf(english: string): RegExp {
  return new RegExp(`^${english.split("{}").map(escaped).join("(.*?)")}$`, "s");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The French of one sentence, or null when there is none. Values that are words of ours are translated too. */
export function french(english: string): string | null {
  const whole = exact.get(english);
  if (whole !== undefined) return whole;
  for (const pattern of patterns) {
    const values = pattern.regexp.exec(english)?.slice(1);
    if (!values) continue;
    let at = 0;
    return pattern.french.replaceAll("{}", () => {
      const value = values[at++] ?? "";
      // What a schema expects stands at the end of its sentence.
      const bare = value.replace(/\.$/, "");
      const translated = exact.get(bare);
      return exact.get(value) ?? (translated === undefined ? value : `${translated}.`);
    });
  }
  return null;
}
