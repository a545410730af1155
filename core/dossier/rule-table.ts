/** Every rule on a proof: its weight, where it is written, and how sure that is. The sentences stand in `bin/words/proof-rules.ts`. */
import type { ProofFinding } from "../model/index.js";

export interface ProofRule {
  readonly weight: ProofFinding["weight"];
  /** Address of the public page that says so; `own` for a rule of this project. */
  readonly source: string;
  /** `verified`: read in the source. `inferred`: follows from what was read. `unconfirmed`: ours, or not found in a source. */
  readonly mark: "verified" | "inferred" | "unconfirmed";
}

const FAQ = "https://industriels.esante.gouv.fr/faq/resultats";
/** The form may be filled later; the proof is dated under one year at deposit; a PDF, signed electronically by the auditor. */
const PENTEST_FORM = `${FAQ}?f%5B0%5D=theme%3A588&f%5B1%5D=theme%3A2739&page=7`;
/** Severities: high is eliminatory, up to 10 medium. Another page of the same agency says fewer than 10. */
const PENTEST_SEVERITY = "https://industriels.esante.gouv.fr/faq-des-industriels/6361";
const PENTEST_COMMENTS = `${FAQ}?f%5B0%5D=theme%3A2739&page=5`;
const DEPOSIT =
  "https://industriels.esante.gouv.fr/faq-des-industriels?f%5B0%5D=theme%3A577&f%5B1%5D=theme%3A620&f%5B2%5D=theme%3A2608&f%5B3%5D=theme%3A2671";
/** Traces hold the authenticated actor, the local time, the action: written for MSSanté, taken here for every log. */
const TRACES = "https://industriels.esante.gouv.fr/faq-des-industriels/10217";
const TEST_SPACE = `${FAQ}?f%5B0%5D=filtrez_par_offre%3A2626&f%5B1%5D=produit%3A3987&page=12`;
/** Kinds of proofs and test cases that the working lists of the agency name. */
const WORKING_LISTS = "https://github.com/ansforge/segur-squash-plugins";

const blocks = (source: string): ProofRule => ({ weight: "blocks", source, mark: "verified" });
const remark = (source: string, mark: ProofRule["mark"]): ProofRule => ({ weight: "remark", source, mark });
const own: ProofRule = remark("own", "unconfirmed");

export const PROOF_RULES = {
  // The file itself. One that is absent or empty is no proof: the proof stays owed, whatever is remarked.
  "no-file": remark(DEPOSIT, "verified"),
  "file-empty": remark(DEPOSIT, "inferred"),
  "file-blank": own,
  "file-unrecognised": own,
  "file-format": remark(WORKING_LISTS, "inferred"),
  "file-extension": own,
  "file-size": own,
  "file-age": own,
  "file-name": own,
  "file-twice": own,
  "file-shared": own,
  // What it shows.
  "video-unreadable": own,
  "video-unmeasured": own,
  "video-short": own,
  "picture-small": own,
  "mail-without-headers": remark(WORKING_LISTS, "inferred"),
  "log-without-time": remark(TRACES, "inferred"),
  "log-without-actor": remark(TRACES, "inferred"),
  placeholder: own,
  "signature-unseen": remark(WORKING_LISTS, "inferred"),
  "other-version": own,
  // Penetration test.
  "pentest-facts-missing": own,
  "pentest-too-old": blocks(PENTEST_FORM),
  "pentest-date-future": blocks(PENTEST_FORM),
  "pentest-date-unreadable": blocks(PENTEST_FORM),
  "pentest-last-day": remark(PENTEST_FORM, "inferred"),
  "pentest-high": blocks(PENTEST_SEVERITY),
  "pentest-medium": remark(PENTEST_SEVERITY, "verified"),
  "pentest-uncommented": remark(PENTEST_COMMENTS, "verified"),
  "pentest-unsigned": remark(PENTEST_FORM, "verified"),
  "pentest-date-unseen": own,
  "pentest-auditor": own,
  // Certificate of the CNDA. The form of its number was found in no source, so none is asked.
  "certificate-facts-missing": own,
  "certificate-number": own,
  "certificate-number-unseen": own,
  "certificate-version": own,
  "certificate-product-unseen": own,
  "certificate-expired": own,
  "certificate-dates": own,
  // Execution in the test space, commitment.
  "execution-reference": remark(WORKING_LISTS, "inferred"),
  "execution-host": remark(TEST_SPACE, "verified"),
  "execution-test-case": remark(WORKING_LISTS, "verified"),
  "execution-failed": own,
  "commitment-signatory": own,
  "commitment-date": own,
} as const satisfies Readonly<Record<string, ProofRule>>;

export type ProofRuleId = keyof typeof PROOF_RULES;

/** A finding of a rule of the table, with the weight that the table gives it. */
export function finding(rule: ProofRuleId, slots: ProofFinding["slots"] = {}): ProofFinding {
  return { rule, weight: PROOF_RULES[rule].weight, slots };
}
