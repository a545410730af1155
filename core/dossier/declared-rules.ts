/** Rules on what the candidate declares of a proof: penetration test, certificate, execution, commitment. */
import type { ProofFacts, ProofFile, ProofFinding, ProofLimits } from "../model/index.js";
import { dayAfter, isDay, monthsLater, plain, waysToWrite } from "./days.js";
import { finding } from "./rule-table.js";

type Facts<K extends ProofFacts["kind"]> = Extract<ProofFacts, { readonly kind: K }>;

/** The penetration test alone can block: by the day and the failures that run.json keeps, so that anyone finds the same again. */
export function pentestBlocks(facts: Facts<"pentest">, asOf: string): ProofFinding[] {
  const found = [...pentestDate(facts.on, asOf)];
  if (facts.failures.high > 0) found.push(finding("pentest-high", { count: facts.failures.high }));
  return found;
}

/**
 * Dated under one year at deposit. The day of the anniversary is the last one (see `monthsLater`): a source that says "under one
 * year" can be read either way on that very day, so it is remarked, and the day after blocks. A day of tomorrow is let pass:
 * `asOf` may be a day behind in another time zone.
 */
function pentestDate(on: string, asOf: string): ProofFinding[] {
  if (!isDay(on)) return [finding("pentest-date-unreadable", { on })];
  if (on > dayAfter(asOf)) return [finding("pentest-date-future", { on, asOf })];
  const last = monthsLater(on, 12);
  if (asOf > last) return [finding("pentest-too-old", { on, last, asOf })];
  return asOf === last ? [finding("pentest-last-day", { on, last })] : [];
}

export function pentestRemarks(facts: Facts<"pentest">, text: string | null, limits: ProofLimits): ProofFinding[] {
  const found: ProofFinding[] = [];
  const { medium } = facts.failures;
  if (medium >= limits.pentestMedium)
    found.push(finding("pentest-medium", { count: medium, limit: limits.pentestMedium }));
  if ((facts.uncommented ?? 0) > 0) found.push(finding("pentest-uncommented", { count: facts.uncommented ?? 0 }));
  if (facts.auditor.trim() === "") found.push(finding("pentest-auditor"));
  if (text !== null && isDay(facts.on)) {
    const read = plain(text);
    if (!waysToWrite(facts.on).some((way) => read.includes(way)))
      found.push(finding("pentest-date-unseen", { on: facts.on }));
  }
  return found;
}

export function certificateRemarks(
  facts: Facts<"certificate">,
  text: string | null,
  candidate: { readonly product: string; readonly version: string },
  asOf: string,
): ProofFinding[] {
  const found: ProofFinding[] = [];
  const number = facts.number.trim();
  if (number === "") found.push(finding("certificate-number"));
  else if (text !== null && !squeezed(text).includes(squeezed(number))) {
    found.push(finding("certificate-number-unseen", { number }));
  }
  if (!sameVersion(facts.version, candidate.version)) {
    found.push(finding("certificate-version", { version: facts.version, candidate: candidate.version }));
  }
  if (text !== null && candidate.product.trim() !== "" && !squeezed(text).includes(squeezed(candidate.product))) {
    found.push(finding("certificate-product-unseen", { product: candidate.product }));
  }
  const { issued, expires } = facts;
  if (expires !== undefined && isDay(expires) && expires < asOf)
    found.push(finding("certificate-expired", { expires, asOf }));
  const wrong =
    (issued !== undefined && (!isDay(issued) || issued > dayAfter(asOf))) ||
    (expires !== undefined && (!isDay(expires) || (issued !== undefined && expires < issued)));
  if (wrong) found.push(finding("certificate-dates", { issued: issued ?? "", expires: expires ?? "" }));
  return found;
}

/** Letters and digits only: a text taken out of a PDF may break words and numbers. */
function squeezed(text: string): string {
  return plain(text).replace(/[^\p{L}\d]/gu, "");
}

/** `v 4.2` and `4.2` are the same; `4.2` and `4.2.0` are not: who wrote the certificate chose what it covers. */
export function sameVersion(a: string, b: string): boolean {
  const bare = (text: string): string =>
    plain(text)
      .trim()
      .replace(/^(?:version|v)[. ]*/, "");
  return bare(a) === bare(b);
}

/** Test spaces of the agency: of the referencing, and the public one. */
const TEST_SPACES = new Set([
  "interop.referencement.esante.gouv.fr",
  "interop.esante.gouv.fr",
  "interopsegur.esante.gouv.fr",
]);

/** Named by the agency's working lists; the list of a test space may have grown since. */
export const TEST_CASES: readonly string[] = [
  "CI-SIS-CR-BIO-Create_doc-Sc1",
  "CI-SIS-CR-CDA-N1-Create_doc-Sc1",
  "CI-SIS-CR-VIL-N1-Create_doc-Sc1",
  "CI-SIS-CR-HOP-N1-Create_doc-Sc1",
  "CI-SIS-CR-IMA-N1-Create_doc-Sc1",
  "CI-SIS-VSM-Create_doc-Sc1",
  "CI-SIS-IHE-XDM-PMC-Sc1-INS",
  "MSS-LPS-SEGUR-GEN",
];

const FAILED =
  /\b(?:fail(?:ed|ure)?|error|erreur|echec|echoue|refuse|rejete|ko|abort(?:ed)?|invalid(?:e)?|non[ -]conforme|partially|partiel(?:le)?)\b/;

/** `0 erreur`, `no errors`: the same words, of a success. */
const NO_FAILURE = /\b(?:0|aucune?|sans|no|zero|pas d['\u2019]) ?(?:erreurs?|errors?|failures?|echecs?)\b/g;

export function executionRemarks(facts: Facts<"execution">): ProofFinding[] {
  const found: ProofFinding[] = [];
  const reference = facts.reference.trim();
  const link = /^[a-z][a-z+.-]*:\/\//i.test(reference) ? hostOf(reference) : null;
  if (link === null ? !/^(?=.*\d)[\w.:-]{1,120}$/.test(reference) : !link.https || link.host === "") {
    found.push(finding("execution-reference", { reference: reference.slice(0, 200) }));
  } else if (link !== null && !TEST_SPACES.has(link.host)) found.push(finding("execution-host", { host: link.host }));
  const { testCase, result } = facts;
  if (testCase !== undefined && !TEST_CASES.some((name) => name.toLowerCase() === testCase.trim().toLowerCase())) {
    found.push(finding("execution-test-case", { testCase }));
  }
  if (result !== undefined && FAILED.test(plain(result).replace(NO_FAILURE, "")))
    found.push(finding("execution-failed", { result }));
  return found;
}

function hostOf(link: string): { readonly https: boolean; readonly host: string } {
  try {
    const { protocol, hostname } = new URL(link);
    return { https: protocol === "https:", host: hostname };
  } catch {
    return { https: false, host: "" };
  }
}

export function commitmentRemarks(facts: Facts<"commitment">, asOf: string): ProofFinding[] {
  const found: ProofFinding[] = [];
  if (facts.signedBy.trim() === "") found.push(finding("commitment-signatory"));
  if (!isDay(facts.on) || facts.on > dayAfter(asOf)) found.push(finding("commitment-date", { on: facts.on, asOf }));
  return found;
}

/** All that could be read in the files of a proof; null when nothing was. */
export function textOfAll(files: readonly ProofFile[]): string | null {
  const texts = files.flatMap((file) => (file.text === null ? [] : [file.text]));
  return texts.length === 0 ? null : texts.join("\n");
}
