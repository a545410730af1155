/** Identifiers of requirements, scenarios and proofs: how they are compared, and what is odd about one beside another. */
import type { RemAnomalyKind } from "./types.js";

/** White space of every kind, and characters of no width that copies from web pages and documents leave behind. */
const SPACE = "[\\s\\u00ad\\u180e\\u200b-\\u200f\\u2060\\ufeff]";
const ANY_SPACE = new RegExp(SPACE, "g");
const HAS_SPACE = new RegExp(SPACE);

/** Step by step: a pattern for the end would try anew from each of thirty thousand spaces in the middle. */
export function trimCell(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && HAS_SPACE.test(text.charAt(start))) start += 1;
  while (end > start && HAS_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/**
 * Key under which two spellings of a requirement id are the same: no white space, capitals, `_` as `-`, hyphens of every kind as
 * `-`, without the `SC.` of the transverse base. For comparing only, never to be shown or stored as an id.
 */
export function normalRequirementId(id: string): string {
  return spelling(id).replace(/^SC\./, "");
}

function spelling(id: string): string {
  return id
    .normalize("NFKC")
    .replace(ANY_SPACE, "")
    .replace(/[_\u2010-\u2015\u2212]/g, "-")
    .toUpperCase();
}

/** The step `of` is written before a dot and more: `INS.01` before `INS.01.02`. */
function isUnder(id: string, of: string): boolean {
  return of !== "" && id.startsWith(`${of}.`);
}

/** Prefix of a couloir before the domain (`LGC.DMP/UX.10`), which scenarios and proofs often leave out. Source: the lists of ids. */
const COULOIR = /^(?:LGC|DPI|PFI|SGL|BIO|RIS|RAD|LGO|DUI|MDV|HOP|OFF)\.(?=[A-Z]+(?:\/[A-Z0-9]+)?\.)/i;

/** The id as its scenarios may begin: itself, without `SC.`, without the couloir. */
function stems(requirement: string): readonly string[] {
  const plain = requirement.replace(/^SC\./i, "");
  return [...new Set([requirement, plain, plain.replace(COULOIR, "")])];
}

/** What is odd about a scenario id of that requirement; [] for an empty one. */
export function scenarioOddities(requirement: string, scenarioId: string): readonly RemAnomalyKind[] {
  if (scenarioId === "") return [];
  const odd: RemAnomalyKind[] = HAS_SPACE.test(scenarioId) ? ["space_in_id"] : [];
  if (requirement === "" || stems(requirement).some((stem) => isUnder(scenarioId, stem))) return odd;
  if (stems(requirement).includes(scenarioId)) return [...odd, "step_missing"];
  return [...odd, underInSpirit(requirement, scenarioId) ? "id_spelling" : "scenario_not_prefixed"];
}

/** What is odd about a proof id of that scenario and requirement; [] for an empty one. */
export function proofOddities(requirement: string, scenarioId: string, proofId: string): readonly RemAnomalyKind[] {
  if (proofId === "") return [];
  const odd: RemAnomalyKind[] = HAS_SPACE.test(proofId) ? ["space_in_id"] : [];
  const prefixed = requirement === "" || stems(requirement).some((stem) => isUnder(proofId, stem));
  if (!prefixed) odd.push(underInSpirit(requirement, proofId) ? "id_spelling" : "proof_not_prefixed");
  if (proofId === scenarioId) odd.push("step_missing");
  else if (scenarioId !== "") {
    if (isUnder(proofId, scenarioId)) {
      if (!/^[0-9]{2}$/.test(proofId.slice(scenarioId.length + 1))) odd.push("proof_step_malformed");
    } else if (prefixed) odd.push("proof_of_other_scenario");
  }
  return odd;
}

function underInSpirit(requirement: string, id: string): boolean {
  return stems(requirement).some((stem) => isUnder(spelling(id), spelling(stem)));
}

/** Whether white space stands inside an id that has none around it. */
export function hasSpace(id: string): boolean {
  return HAS_SPACE.test(id);
}
