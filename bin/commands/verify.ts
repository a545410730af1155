/** `segur verify BUNDLE`: signature, hashes, rule set; then judge again and compare with what was claimed. A folder is a campaign. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { canonicalJson, SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { ARCHIVE_LIMITS } from "../../core/seal/archive.js";
import type { CampaignOptions } from "../campaign/settings.js";
import type { ExitCode } from "../output.js";
import { openToldSuite } from "../suite.js";
import { loadTrust } from "../trust.js";
import { type Verification, verifyBundle } from "../verification.js";
import { verificationText } from "../verification-text.js";

export async function verify(bundle: string, options: CampaignOptions): Promise<ExitCode> {
  if (statSync(bundle, { throwIfNoEntry: false })?.isDirectory()) {
    return (await import("../campaign/campaign.js")).campaign(bundle, options);
  }
  const stray = (["out", "jobs", "timeout", "memory"] as const).find((name) => options[name] !== undefined);
  if (stray !== undefined) {
    throw new SuiteError("ERR_USAGE", "this option goes with a folder of bundles", {
      where: `--${stray}`,
      mend: "leave it out, or give a folder",
    });
  }
  const bytes = readBundle(bundle);
  const suite = openToldSuite(options);
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const trust = options.trust === undefined ? null : loadTrust(options.trust, schemas);
  const { verification } = await verifyBundle(bytes, { suite, schemas, trust });
  process.stdout.write(options.json ? canonicalJson(verification) : verificationText(verification, options.lang));
  return exitCodeOfVerification(verification);
}

/** Bytes of a file that is said to be a bundle. Throws SuiteError ERR_FILE when it cannot be read at all. */
export function readBundle(file: string): Uint8Array {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (!facts?.isFile() || facts.size > ARCHIVE_LIMITS.maxTotalBytes) {
    throw new SuiteError(
      "ERR_FILE",
      facts ? "this is not a bundle: no plain file, or too large" : "there is no such file",
      {
        where: file,
        mend: "give a bundle made by `segur seal`, or a folder of them",
      },
    );
  }
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new SuiteError("ERR_FILE", "the file cannot be read", { where: file, mend: "Check who may read it.", cause });
  }
}

/** 0 equal; 1 different or refused; 2 what cannot be judged here (architecture, section 5). */
export function exitCodeOfVerification({ status }: Verification): ExitCode {
  if (status === "equal") return 0;
  return status === "cannot_recompute" ? 2 : 1;
}
