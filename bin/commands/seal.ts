/** `segur seal RUN`: the bundle an agency can recompute offline. */
import path from "node:path";
import { sha256 } from "../../core/seal/bundle/manifest.js";
import { visible } from "../../reports/safe.js";
import type { ExitCode, Lang } from "../output.js";
import { findRun } from "../run-folder.js";
import { sealRun } from "../sealing.js";
import { openSuite } from "../suite.js";
import { loadPrivateKey } from "../trust.js";
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

export function seal(run: string, options: SealOptions): ExitCode {
  const key = loadPrivateKey(options.key, options.cert, options.lang);
  const folder = findRun(run);
  const { bytes, unseen } = sealRun(folder, openSuite(options), key);
  const file = options.output ?? path.join(path.dirname(folder.path), `${folder.name}.segur.zip`);
  writeNewFile(file, bytes, options.force ?? false);
  const digest = sha256(bytes);
  const words = VERIFY_WORDS[options.lang];
  for (const place of unseen) process.stderr.write(`! ${words.unseen} ${visible(place)}\n`);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ file, sha256: digest, size: bytes.length, keyid: key.keyid })}\n`);
  } else {
    process.stdout.write(`${words.sealed(file)}\n  ${words.digest} ${digest}\n`);
  }
  return 0;
}
