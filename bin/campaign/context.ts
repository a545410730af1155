/** What a verification depends on besides the bundle: parent and workers open it alike, and each says by digest what it opened. */
import path from "node:path";
import { canonicalJson } from "../../core/model/index.js";
import { openSchemas, type Schemas } from "../../core/plan/index.js";
import { sha256 } from "../../core/seal/bundle/manifest.js";
import type { Trust } from "../../core/seal/trust.js";
import { openSuite, type Suite } from "../suite.js";
import { loadTrust } from "../trust.js";
import { VERIFICATION_FORMAT } from "../verification.js";
import { toolVersion } from "../version.js";

/** What was verified with one context stays true in it, and in it only: the journal is keyed by it. */
export interface CampaignContext {
  readonly verification: typeof VERIFICATION_FORMAT;
  readonly tool: string;
  /** Digest of the rule set in force, rule pack included. */
  readonly ruleSet: string;
  /** Digest of who is trusted; null = signers are not asked about. */
  readonly trust: string | null;
}

export interface CampaignInput {
  readonly trust: string | null;
  readonly specs: string | null;
}

export interface OpenedContext {
  readonly suite: Suite;
  readonly schemas: Schemas;
  readonly trust: Trust | null;
  readonly context: CampaignContext;
}

/** `opened`: a suite opened with this input. Throws SuiteError as `openSuite` and `loadTrust` do. */
export function openContext(input: CampaignInput, opened?: Suite): OpenedContext {
  const suite = opened ?? openSuite({ specs: input.specs ?? undefined });
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const trust = input.trust === null ? null : loadTrust(input.trust, schemas);
  return {
    suite,
    schemas,
    trust,
    context: {
      verification: VERIFICATION_FORMAT,
      tool: toolVersion(suite.root),
      ruleSet: suite.ruleSet,
      trust: trust && trustDigest(trust),
    },
  };
}

/** Over what is trusted, not over the file: a comment changes nothing, a key in a file beside it does. */
export function trustDigest({ candidates, agencies }: Trust): string {
  return sha256(
    canonicalJson({
      candidates: candidates.map(({ key, ca, ...rest }) => ({ ...rest, key: key?.keyid, ca: ca?.fingerprint256 })),
      agencies: agencies.map(({ key, ...rest }) => ({ ...rest, key: key.keyid })),
    }),
  );
}
