/** `segur keys`: a fresh pair of keys to sign with, and the block for the keys.yaml of those who shall trust it. */
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SuiteError } from "../../core/model/index.js";
import { generateKeyPem, type KeyAlgorithm } from "../../core/seal/keys.js";
import type { ExitCode, Lang } from "../output.js";
import { makeFolder } from "../run-folder.js";

export interface KeysOptions {
  readonly out: string;
  readonly algorithm?: KeyAlgorithm;
  readonly name?: string;
  readonly for: "vendor" | "agency";
  readonly json?: boolean;
  readonly lang: Lang;
}

export function keys(options: KeysOptions): ExitCode {
  const { lang } = options;
  const agency = options.for === "agency";
  // Labels are checked in browsers, which all know ECDSA P-256 and not all Ed25519.
  const algorithm = options.algorithm ?? (agency ? "ecdsa-p256" : "ed25519");
  const name = options.name ?? options.for;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new SuiteError("ERR_USAGE", "the name of the key is no file name", {
      where: name,
      mend: "use letters, digits, dot, dash and underscore, 64 at most",
    });
  }
  const folder = path.resolve(options.out);
  const privateFile = path.join(folder, `${name}.key`);
  const publicFile = path.join(folder, `${name}.pub`);
  for (const file of [privateFile, publicFile]) if (existsSync(file)) throw taken(file);
  const pair = generateKeyPem(algorithm);
  // Exclusive, so that a key somebody made in between is not lost either.
  write(privateFile, pair.privatePem, 0o600);
  write(publicFile, pair.publicPem, 0o644);
  const block = pasteBlock(agency, algorithm, pair.publicPem, lang);
  if (options.json) {
    const { keyid, publicPem } = pair;
    const facts = { format: "segur-keys/1", algorithm, keyid, privateFile, publicFile, publicPem };
    process.stdout.write(`${JSON.stringify(facts)}\n`);
  } else {
    process.stderr.write(`${WORDS[lang].written(privateFile, publicFile)}\n`);
    process.stdout.write(`${WORDS[lang].keyid} : ${pair.keyid} (${algorithm})\n\n${WORDS[lang].paste}\n\n${block}`);
  }
  return 0;
}

function taken(where: string): SuiteError {
  return new SuiteError("ERR_USAGE", "the file is already there", {
    where,
    mend: "give another --name or --out; a key is never replaced",
  });
}

function write(file: string, text: string, mode: number): void {
  try {
    makeFolder(path.dirname(file));
    writeFileSync(file, text, { mode, flag: "wx" });
    chmodSync(file, mode); // the user's mask may have taken more away, never less
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw taken(file);
    throw new SuiteError("ERR_DISK", "the file cannot be written", {
      where: file,
      mend: "check that the folder exists and is writable",
      cause,
    });
  }
}

/** An entry of keys.yaml (segur-trust/1) that reads as it stands, once names are filled in. */
function pasteBlock(agency: boolean, algorithm: KeyAlgorithm, publicPem: string, lang: Lang): string {
  const t = WORDS[lang];
  const pem = publicPem
    .trim()
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");
  const head = "format: segur-trust/1\n";
  if (!agency) return `${head}candidates:\n  - vendor: ${t.vendor}\n    key: |\n${pem}\n`;
  const roles =
    algorithm === "ecdsa-p256"
      ? "challenge, review, label, rules, countersign"
      : "challenge, review, rules, countersign";
  return `${head}agencies:\n  - name: ${t.agency}\n    roles: [${roles}]\n    key: |\n${pem}\n`;
}

const WORDS = {
  fr: {
    written: (key: string, pub: string) => `${key} (à garder secrète, ne quitte pas cette machine)\n${pub} (à donner)`,
    keyid: "Identifiant de la clé",
    paste: "Bloc pour le keys.yaml de qui vous fera confiance (clé publique seule) :",
    vendor: '"Votre société"',
    agency: '"Votre agence"',
  },
  en: {
    written: (key: string, pub: string) =>
      `${key} (keep it secret, it never leaves this machine)\n${pub} (to give away)`,
    keyid: "Key id",
    paste: "Block for the keys.yaml of those who shall trust you (public key only):",
    vendor: '"Your company"',
    agency: '"Your agency"',
  },
} as const;
