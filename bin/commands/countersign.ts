/** `segur countersign RUN`: an agency that hosted the services signs what it recorded, before the candidate seals it. */
import { canonicalJson, SuiteError } from "../../core/model/index.js";
import { loadRecording, recordingDigest } from "../../core/record/reader.js";
import { NAMES } from "../../core/seal/bundle/manifest.js";
import {
  COUNTERSIGNATURE_FORMAT,
  type Countersignature,
  countersignedFacts,
  signCountersignature,
} from "../../core/seal/countersignature.js";
import type { ExitCode, Lang } from "../output.js";
import { findRun, readRunJson, readRunMeta } from "../run-folder.js";
import { demandNames, loadPrivateKey } from "../trust.js";
import { VERIFY_WORDS } from "../words/verify.js";
import { writeNewFile } from "../write-new.js";

export interface CountersignOptions {
  readonly key: string;
  readonly issuer: string;
  readonly force?: boolean;
  readonly lang: Lang;
}

export function countersign(run: string, options: CountersignOptions): ExitCode {
  demandNames(options.issuer);
  const key = loadPrivateKey(options.key, undefined, options.lang);
  const folder = findRun(run);
  const meta = readRunMeta(folder);
  const view = loadRecording(folder.recording);
  if (view.meta.id !== meta.id) {
    throw new SuiteError("ERR_RECORDING", "the recording is not that of this run", {
      where: folder.path,
      mend: "give the folder as the run wrote it",
    });
  }
  const { vendor, product, version } = meta.config.candidate;
  const statement: Countersignature = {
    format: COUNTERSIGNATURE_FORMAT,
    issuer: options.issuer,
    run: { id: meta.id, sha256: countersignedFacts(readRunJson(folder)) },
    recording: recordingDigest(folder.recording),
    candidate: { vendor, product, version },
    on: new Date().toISOString(),
  };
  const file = folder.file(NAMES.countersignature);
  writeNewFile(file, signCountersignature(statement, key), options.force ?? false);
  process.stdout.write(`${VERIFY_WORDS[options.lang].countersigned(file)}\n${canonicalJson(statement)}`);
  return 0;
}
