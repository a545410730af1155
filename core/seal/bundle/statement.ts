/**
 * The attestation: an in-toto Statement v1 with the test-result predicate v0.1 (in-toto/attestation, spec/v1 and
 * spec/predicates/test-result.md), so that tools of others can verify what was claimed without knowing ours.
 */
import { byCodeUnit, canonicalJson, type CheckResult, type RunResult } from "../../model/index.js";
import { Refusal } from "../refusal.js";
import { type BundleManifest, NAMES, sha256 } from "./manifest.js";

const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1";

/** Text of the statement over a manifest and the result it stands beside: canonical JSON, no time, no path. */
export function statementText(manifestBytes: Uint8Array, manifest: BundleManifest, result: RunResult): string {
  return canonicalJson({
    _type: STATEMENT_TYPE,
    subject: [{ name: NAMES.manifest, digest: { sha256: sha256(manifestBytes) } }],
    predicateType: PREDICATE_TYPE,
    predicate: predicateOf(manifest, result),
  });
}

/**
 * `passedTests`: planned checks met without a remark; `warnedTests`: met with remarks; `failedTests`: planned and neither met
 * nor inapplicable. A check that saw its precondition false, or that the run did not plan, was not a test of this run.
 */
function predicateOf(manifest: BundleManifest, result: RunResult): Readonly<Record<string, unknown>> {
  const planned = result.checks.filter((check) => check.planned);
  const ids = (test: (check: CheckResult) => boolean): string[] =>
    planned
      .filter(test)
      .map((check) => check.id)
      .sort(byCodeUnit);
  const met = (check: CheckResult): boolean => check.outcome === "met";
  const passedTests = ids((check) => met(check) && check.findings.length === 0);
  const warnedTests = ids((check) => met(check) && check.findings.length > 0);
  const failedTests = ids((check) => !met(check) && check.outcome !== "inapplicable");
  const passed = result.gate.checks === "passed";
  return {
    result: passed ? (warnedTests.length > 0 ? "WARNED" : "PASSED") : "FAILED",
    configuration: [
      { name: "segur.yaml", digest: { sha256: manifest.configHash } },
      { name: "rule-set", digest: { sha256: manifest.ruleSet } },
    ],
    passedTests,
    warnedTests,
    failedTests,
  };
}

/**
 * Whether a signed statement says of this manifest and this claimed result what it must say. Unknown members are ignored, as
 * in-toto's parsing rules demand. Throws Refusal `attestation_payload`, `attestation_subject`, `attestation_result`.
 */
export function matchStatement(
  statement: unknown,
  manifestBytes: Uint8Array,
  manifest: BundleManifest,
  result: RunResult,
): void {
  const where = NAMES.attestation;
  const { _type, subject, predicateType, predicate } = record(statement);
  if (_type !== STATEMENT_TYPE || predicateType !== PREDICATE_TYPE) throw new Refusal("attestation_payload", where);
  if (!Array.isArray(subject) || subject.length !== 1) throw new Refusal("attestation_payload", where);
  const digest = record(record(subject[0]).digest).sha256;
  if (digest !== sha256(manifestBytes)) throw new Refusal("attestation_subject", where);
  const claimed = record(predicate);
  for (const [name, expected] of Object.entries(predicateOf(manifest, result))) {
    if (!sameJson(claimed[name], expected)) throw new Refusal("attestation_result", where, { member: name });
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal("attestation_payload", NAMES.attestation);
  }
  return value as Readonly<Record<string, unknown>>;
}

function sameJson(a: unknown, b: unknown): boolean {
  try {
    return canonicalJson(a) === canonicalJson(b);
  } catch {
    return false;
  }
}
