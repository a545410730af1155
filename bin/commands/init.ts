/** `segur init`: a commented segur.yaml. */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SuiteError } from "../../core/model/index.js";
import type { ExitCode, Lang } from "../output.js";

export interface InitOptions {
  readonly force?: boolean;
  readonly lang: Lang;
}

export function init(file: string, options: InitOptions): ExitCode {
  const full = path.resolve(file);
  if (existsSync(full) && !options.force) {
    throw new SuiteError("ERR_USAGE", "the file is already there", {
      where: full,
      mend: "give another name, or --force to replace it",
    });
  }
  try {
    writeFileSync(full, TEMPLATE[options.lang]);
  } catch (error) {
    throw new SuiteError("ERR_DISK", "the file cannot be written", {
      where: full,
      mend: "check that the folder exists and is writable",
      cause: error,
    });
  }
  const next = {
    fr: "Étapes suivantes : segur doctor, segur plan, segur run",
    en: "Next: segur doctor, segur plan, segur run",
  };
  process.stderr.write(`${full}\n${next[options.lang]}\n`);
  return 0;
}

/** What the file below holds until somebody replaces it. */
export const PLACEHOLDERS: readonly string[] = [
  "Votre société",
  "Votre logiciel",
  "mon-client",
  "Your company",
  "Your software",
  "my-client",
];

const TEMPLATE = {
  fr: `# Configuration de segur. Clés inconnues refusées ; \`segur doctor\` vérifie tout avant l'exécution.
candidate:
  vendor: Votre société
  product: Votre logiciel
  version: "1.0.0"
  # nil: référence produit de Convergence, attendue dans X-MSS-NIL

# Profil et vagues à décider.
perimeters: [mdv-lgc-wave-1, mdv-lgc-wave-2]
# Sous-profils déclarés (liste vide : le profil Général seul).
subProfiles: []
# Conditions des exigences : un « non » demande une justification, reprise dans le rapport.
# conditions:
#   nom-de-la-condition: { applies: false, justification: "…" }

# Où les services simulés écoutent. 127.0.0.1 et un port libre par défaut ; \`names\` garde vos URL habituelles
# (avec une entrée du fichier hosts), \`trust\` ajoute des autorités clientes.
services:
  psc: { ports: { psc-auth: 9443, psc-wallet: 9444 } }
  ins: { port: 9445 }
  dmp: { port: 9446 }
  mss: { port: 9587 }

# Votre client Pro Santé Connect, tel que votre logiciel le connaît. \`segur run --learn\` l'affiche s'il est inconnu.
psc:
  clients:
    - id: mon-client
      method: client_secret_basic
      secret: un-secret-fictif-a-remplacer
      redirectUris: ["https://localhost:8443/callback"]
      logoutUris: ["https://localhost:8443/"]

# Comment le logiciel est amené à agir : http (points d'accès de docs/plug-a-vendor.md), exec ou manual.
drivers:
  kind: manual
  timeout: 120
  # kind: http
  # http: { baseUrl: "https://localhost:8443" }
  # start: { command: ["node", "mon-logiciel.js"], port: 8443, timeout: 30 }

# Dossier de preuves (segur dossier init) ; ./dossier est pris s'il existe.
# dossier: ./dossier
# Maturité déclarée par domaine (none, some, half, most, all), montrée face à ce qui est mesuré.
# maturity: { INS: most, DMP: all }
# Ou quelques preuves ici, par identifiant officiel.
# proofs:
#   "INS/va1.56.01.01": { files: ["preuves/ins-56.mp4"] }

# Règles publiques de l'agence pour les contenus CDA, jugées à côté des nôtres (docs/official-rules.md).
# validators:
#   - { kind: cda-official, path: ../TestContenuCDA-3-0 }
`,
  en: `# Configuration of segur. Unknown keys are refused; \`segur doctor\` checks everything before a run.
candidate:
  vendor: Your company
  product: Your software
  version: "1.0.0"
  # nil: product reference of Convergence, expected in X-MSS-NIL

# Profile and waves to decide.
perimeters: [mdv-lgc-wave-1, mdv-lgc-wave-2]
# Declared sub-profiles (empty: the profile Général alone).
subProfiles: []
# Conditions of requirements: a "no" needs a justification, shown in the report.
# conditions:
#   name-of-the-condition: { applies: false, justification: "…" }

# Where the mock services listen. 127.0.0.1 and a free port by default; \`names\` keeps your usual URLs (with a hosts-file
# entry), \`trust\` adds client authorities.
services:
  psc: { ports: { psc-auth: 9443, psc-wallet: 9444 } }
  ins: { port: 9445 }
  dmp: { port: 9446 }
  mss: { port: 9587 }

# Your Pro Santé Connect client as your software has it. \`segur run --learn\` prints it when unknown.
psc:
  clients:
    - id: my-client
      method: client_secret_basic
      secret: a-fictitious-secret-to-replace
      redirectUris: ["https://localhost:8443/callback"]
      logoutUris: ["https://localhost:8443/"]

# How the software is brought to act: http (endpoints of docs/plug-a-vendor.md), exec or manual.
drivers:
  kind: manual
  timeout: 120
  # kind: http
  # http: { baseUrl: "https://localhost:8443" }
  # start: { command: ["node", "my-software.js"], port: 8443, timeout: 30 }

# Dossier of proofs (segur dossier init); ./dossier is taken when it is there.
# dossier: ./dossier
# Declared maturity by domain (none, some, half, most, all), shown against what is measured.
# maturity: { INS: most, DMP: all }
# Or a few proofs here, by official id.
# proofs:
#   "INS/va1.56.01.01": { files: ["proofs/ins-56.mp4"] }

# The agency's public rules for CDA contents, judged beside ours (docs/official-rules.md).
# validators:
#   - { kind: cda-official, path: ../TestContenuCDA-3-0 }
`,
} as const;
