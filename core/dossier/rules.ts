/**
 * Rules on a supplied proof: remarks that help, and the very few refusals that a verified source asks for. They never make a proof
 * good: a person does. Pure; `docs/proof-rules.md` lists them with their sources.
 */
import type { ProofFacts, ProofFile, ProofFinding, ProofLimits } from "../model/index.js";
import { isDay, monthsLater } from "./days.js";
import {
  certificateRemarks,
  commitmentRemarks,
  executionRemarks,
  pentestBlocks,
  pentestRemarks,
  sameVersion,
  textOfAll,
} from "./declared-rules.js";
import { fileFindings } from "./file-rules.js";
import { nameHolds, normalProofName } from "./proof-names.js";
import { finding } from "./rule-table.js";

export { normalProofName } from "./proof-names.js";
export { PROOF_RULES, type ProofRule, type ProofRuleId } from "./rule-table.js";

export interface ProofInput {
  readonly id: string;
  readonly kinds: readonly string[];
  readonly files: readonly ProofFile[];
  readonly facts: ProofFacts | null;
  /** Day it was put in the dossier; null when not known. */
  readonly addedOn: string | null;
  readonly candidate: { readonly product: string; readonly version: string };
  /** Product version shown in the proof, as the candidate declares it. */
  readonly productShown: string | null;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly limits: ProofLimits;
  /** Other ids that the same files serve: no name can hold them all, so none is asked to. */
  readonly servesToo?: readonly string[];
}

/** In a stable order: the files as given, then what is declared. */
export function judgeProof(input: ProofInput): ProofFinding[] {
  const { files, kinds, limits } = input;
  if (files.length === 0) return [finding("no-file"), ...blockingFindings(input.facts, kinds, input.asOf)];
  return [
    ...files.flatMap((file) => [...fileFindings(file, kinds, limits), ...nameFindings(file, input)]),
    ...twice(files),
    ...ageFindings(input),
    ...signatureFindings(input),
    ...declaredFindings(input),
  ];
}

/** The only ones that block: what run.json holds is enough to find them again. */
export function blockingFindings(facts: ProofFacts | null, kinds: readonly string[], asOf: string): ProofFinding[] {
  if (facts?.kind !== "pentest" || !kinds.includes("pentest-form")) return [];
  return pentestBlocks(facts, asOf).filter(({ weight }) => weight === "blocks");
}

/** The same bytes given for proofs that ask for nothing in common: one of them is likely a slip. One finding for each such proof. */
export function sharedFiles(inputs: readonly ProofInput[]): { readonly id: string; readonly finding: ProofFinding }[] {
  const holders = new Map<string, { input: ProofInput; name: string }[]>();
  // A proof of which the source names no kind can be anything.
  for (const input of inputs.filter(({ kinds }) => kinds.length > 0)) {
    for (const file of input.files) {
      if (file.bytes === 0) continue;
      const others = holders.get(file.sha256) ?? [];
      if (!others.some((other) => other.input.id === input.id)) others.push({ input, name: file.name });
      holders.set(file.sha256, others);
    }
  }
  return [...holders.values()].flatMap((group) =>
    group.flatMap(({ input, name }) => {
      const strangers = group.filter((other) => !other.input.kinds.some((kind) => input.kinds.includes(kind)));
      if (strangers.length === 0) return [];
      const ids = strangers.map((other) => other.input.id).sort();
      return [
        {
          id: input.id,
          finding: finding("file-shared", { file: name, ids: ids.slice(0, 5).join(", "), count: ids.length }),
        },
      ];
    }),
  );
}

function nameFindings(file: ProofFile, { id, servesToo = [] }: ProofInput): ProofFinding[] {
  if (servesToo.length > 0 || nameHolds(file.name, id)) return [];
  return [finding("file-name", { file: file.name, normal: normalProofName(id, file.name) })];
}

function twice(files: readonly ProofFile[]): ProofFinding[] {
  const seen = new Map<string, string>();
  return files.flatMap((file) => {
    const before = seen.get(file.sha256);
    seen.set(file.sha256, before ?? file.name);
    return before === undefined || file.bytes === 0 ? [] : [finding("file-twice", { file: file.name, other: before })];
  });
}

function ageFindings({ addedOn, asOf, limits, kinds, productShown, candidate }: ProofInput): ProofFinding[] {
  const found: ProofFinding[] = [];
  // The form of a penetration test has a rule of its own, on its own date.
  if (addedOn !== null && isDay(addedOn) && !kinds.includes("pentest-form")) {
    if (asOf > monthsLater(addedOn, limits.ageMonths))
      found.push(finding("file-age", { addedOn, months: limits.ageMonths }));
  }
  if (productShown !== null && !sameVersion(productShown, candidate.version)) {
    found.push(finding("other-version", { shown: productShown, candidate: candidate.version }));
  }
  return found;
}

/**
 * What must be signed: the form by its auditor, an attestation or a commitment by who makes it. Presence only. Where the kinds leave a
 * choice (an attestation or a documentation), only what is declared tells which one this is.
 */
function signatureFindings({ files, kinds, facts }: ProofInput): ProofFinding[] {
  const only = kinds.length > 0 && kinds.every((kind) => kind === "pentest-form" || kind === "attestation");
  const form = facts?.kind === "pentest" || (only && !kinds.includes("attestation"));
  if (!form && !only && facts?.kind !== "commitment") return [];
  const seen = files.some(
    ({ media }) => media?.signed === true || /^application\/(?:pkcs7|pgp)-signature$/.test(media?.type ?? ""),
  );
  if (seen || files.every((file) => file.bytes === 0)) return [];
  return [finding(form ? "pentest-unsigned" : "signature-unseen")];
}

function declaredFindings({ facts, kinds, files, candidate, asOf, limits }: ProofInput): ProofFinding[] {
  const text = textOfAll(files);
  const found: ProofFinding[] = [];
  if (kinds.includes("pentest-form") && facts?.kind !== "pentest") found.push(finding("pentest-facts-missing"));
  // Beside other kinds the certificate is one choice among several.
  if (kinds.every((kind) => kind === "cnda-certificate") && kinds.length > 0 && facts?.kind !== "certificate") {
    found.push(finding("certificate-facts-missing"));
  }
  switch (facts?.kind) {
    case "pentest":
      if (kinds.includes("pentest-form"))
        found.push(...pentestBlocks(facts, asOf), ...pentestRemarks(facts, text, limits));
      break;
    case "certificate":
      found.push(...certificateRemarks(facts, text, candidate, asOf));
      break;
    case "execution":
      found.push(...executionRemarks(facts));
      break;
    case "commitment":
      found.push(...commitmentRemarks(facts, asOf));
      break;
    case undefined:
      break;
  }
  return found;
}
