/** `segur seal RUN`: the bundle an agency can recompute offline. */
import path from "node:path";
import { SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { sha256 } from "../../core/seal/bundle/manifest.js";
import { visible } from "../../reports/safe.js";
import type { ExitCode, Lang } from "../output.js";
import { findRun } from "../run-folder.js";
import { sealRun } from "../sealing.js";
import { openSuite, type Suite } from "../suite.js";
import { loadPrivateKey } from "../trust.js";
import { verifyBundle } from "../verification.js";
import { refusalText } from "../words/refusals.js";
import { VERIFY_WORDS } from "../words/verify.js";
import { writeNewFile } from "../write-new.js";

export interface SealOptions {
  readonly key: string;
  readonly cert?: string;
  readonly output?: string;
  readonly force?: boolean;
  /** Folder of a rule pack. */
  readonly specs?: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

export async function seal(run: string, options: SealOptions): Promise<ExitCode> {
  const key = loadPrivateKey(options.key, options.cert, options.lang);
  const folder = findRun(run);
  const suite = openSuite(options);
  const { bytes, unseen, told } = await sealRun(folder, suite, key);
  await demandEqual(bytes, suite, folder.path, options.lang);
  const file = options.output ?? path.join(path.dirname(folder.path), `${folder.name}.segur.zip`);
  writeNewFile(file, bytes, options.force ?? false);
  const digest = sha256(bytes);
  const words = VERIFY_WORDS[options.lang];
  for (const place of told) process.stderr.write(`! ${words.told} ${visible(place)}\n`);
  for (const place of unseen) process.stderr.write(`! ${words.unseen} ${visible(place)}\n`);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ file, sha256: digest, size: bytes.length, keyid: key.keyid })}\n`);
  } else {
    process.stdout.write(`${words.sealed(file)}\n  ${words.digest} ${digest}\n`);
  }
  return 0;
}

/** What a verifier would refuse never leaves: the vendor hears of it now, and not from the agency. Throws SuiteError ERR_SEAL. */
async function demandEqual(bytes: Uint8Array, suite: Suite, where: string, lang: Lang): Promise<void> {
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const { verification } = await verifyBundle(bytes, { suite, schemas, trust: null });
  const { status, refusal } = verification;
  if (status === "equal") return;
  const text = refusal && refusalText(refusal, lang);
  throw new SuiteError("ERR_SEAL", text ? text.sentence : "judged again, the run gives another result", {
    where: refusal?.where ? `${where} ${refusal.where}` : where,
    mend: "run again: this run would be refused by whoever verifies it",
  });
}
