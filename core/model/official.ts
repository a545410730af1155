/**
 * What an agency's own public rules said of the CDA documents of a run: official.json, beside result.json. It changes no verdict and
 * no decision. Schema: specs/schemas/official.schema.json; docs/official-rules.md says what each word means.
 */

export const OFFICIAL_FORMAT = "segur-official/1";

/** In the order judged. `volet`: the rules of one kind of document. */
export const OFFICIAL_LAYERS = ["xsd", "header", "ihe", "models", "ans-models", "terminologies", "volet"] as const;
export type OfficialLayerId = (typeof OFFICIAL_LAYERS)[number];

/**
 * Why a layer was not run to its end. Of the tree: `not_in_tree` `missing_include` `missing_document` `bad_document` `bad_rules`
 * `too_large`; `rule_errors`: an expression could not be evaluated, where the official engine would stop. Of the document: `silenced` (its typeId is not that of CDA R2, and the header rules
 * then look at nothing),
 * `no_volet` (level 1: no volet is for it), `volet_unknown`, `volet_ambiguous`. `engine`: our own engine gave up.
 */
export const OFFICIAL_REASONS = [
  "not_in_tree",
  "missing_include",
  "missing_document",
  "bad_document",
  "bad_rules",
  "too_large",
  "rule_errors",
  "silenced",
  "no_volet",
  "volet_unknown",
  "volet_ambiguous",
  "engine",
] as const;
export type OfficialReason = (typeof OFFICIAL_REASONS)[number];

/** The checkout that judged. No path of the machine. */
export interface OfficialTreeFacts {
  /** SHA-256 over the sorted names and digests of the files that rules are made of. */
  readonly digest: string;
  /** Where the checkout says so; null otherwise. Local changes show in the digest alone. */
  readonly commit: string | null;
  readonly files: number;
}

export interface OfficialFailure {
  /** Of a schematron: pattern, rule and assertion; of the XSD: one of our own codes (`unexpected_element`…). */
  readonly key: string;
  /** As the rule says it; null = none. */
  readonly role: string | null;
  /** `/ClinicalDocument/recordTarget[2]/…`; null = the document as a whole. */
  readonly path: string | null;
  /** Of the document, from 1. */
  readonly line: number | null;
  /** Message of the rule with its values, cut. For the XSD: the name concerned. */
  readonly text: string;
}

export interface OfficialLayer {
  readonly id: OfficialLayerId;
  /** Path in the tree; null when there is nothing to name. */
  readonly entry: string | null;
  readonly state: "passed" | "failed" | "not_run";
  /** Null unless not run. `where`: file of the tree, its line, the name asked for. */
  readonly reason: { readonly code: OfficialReason; readonly where: string | null } | null;
  /** True when it does not bear on this document: then not having been run says nothing against it. */
  readonly applies: boolean;
  /** Vocabularies that the tree lacks and that were rebuilt from its own value sets. */
  readonly rebuilt: readonly string[];
  /** Includes found only by leaving letter case aside. */
  readonly caseFixes: number;
  /** Code systems used in the document that the tree has no terminology for: nobody looked at those codes. */
  readonly unchecked: readonly string[];
  readonly failed: number;
  /** Failures whose rule calls itself a warning: shown, and the layer passes. */
  readonly warned: number;
  /** The first of them, in the order of the document's rules. */
  readonly failures: readonly OfficialFailure[];
  readonly warnings: readonly OfficialFailure[];
}

/** How the volet was found: named by the user, by template and version, by template alone (newest), by document code. */
export type VoletChoice = "given" | "version" | "newest" | "code";

export interface OfficialVolet {
  readonly entry: string;
  readonly choice: VoletChoice;
  /** Template of the document that named it; null when another way found it. */
  readonly template: string | null;
  /** Version as the document writes it beside the template; null = it writes none. */
  readonly asked: string | null;
  /** Other versions of it in the tree. */
  readonly others: readonly string[];
  /** Those of the others that the document passes: asked only when it writes no version and fails the newest. */
  readonly passes: readonly string[];
}

/** `accepted`: every layer that applies passed. `incomplete`: none failed, one that applies could not be run. */
export type OfficialState = "accepted" | "rejected" | "incomplete" | "not_judged";

export interface OfficialReport {
  readonly state: OfficialState;
  /** Why nothing was judged (`not_xml`, `dtd`, `not_cda`…); null otherwise. */
  readonly problem: string | null;
  /** SHA-256 of the bytes, and their number. */
  readonly sha256: string;
  readonly size: number;
  /** True when the document came inside a style sheet ("auto-présentable"): the ClinicalDocument alone was judged. */
  readonly unwrapped: boolean;
  readonly volet: OfficialVolet | null;
  readonly layers: readonly OfficialLayer[];
}

/** `own_only`: ours breach what the official rules accept. `official_only`: they reject where ours are silent. */
export type OfficialDisagreement = "own_only" | "official_only";

export interface OfficialDocument extends OfficialReport {
  /** Every exchange that carried these very bytes. `place`: entry id, or path in an archive. */
  readonly places: readonly { readonly exchange: string; readonly operation: string; readonly place: string | null }[];
  /** Breaches of our own `cda/…` checks at these places. */
  readonly ownBreaches: number;
  readonly disagreement: OfficialDisagreement | null;
}

/** official.json of one tree; canonical. */
export interface OfficialRun {
  readonly format: typeof OFFICIAL_FORMAT;
  readonly recording: { readonly id: string; readonly sha256: string };
  /** Of our own rules, which `ownBreaches` rests on. */
  readonly ruleSet: string;
  readonly tree: OfficialTreeFacts;
  readonly documents: readonly OfficialDocument[];
}
