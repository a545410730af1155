/** What segur.yaml answers about the candidate, checked against the specs it answers to. */
import {
  type Answers,
  demandedProofs,
  GENERAL_PROFILE,
  type Perimeter,
  type Requirement,
  type SegurConfig,
} from "../model/index.js";
import { type Problem, suggestion } from "./problems.js";
import type { Specs } from "./specs.js";
import type { YamlFile } from "./yaml.js";

export function answerProblems(config: SegurConfig, specs: Specs, yaml: YamlFile): Problem[] {
  const found: Problem[] = [];
  const known = (
    kind: string,
    word: string,
    words: readonly string[],
    at: readonly (string | number)[],
    key?: "key",
  ) => {
    if (words.includes(word)) return true;
    found.push({ what: `there is no ${kind} "${word}"`, where: yaml.where(at, key), mend: suggestion(word, words) });
    return false;
  };
  const perimeterIds = specs.perimeters.map((perimeter) => perimeter.id);
  config.perimeters.forEach((id, index) => {
    known("perimeter", id, perimeterIds, ["perimeters", index]);
  });
  // Without the perimeter nothing below can be known to be wrong.
  if (found.length > 0) return found;
  const chosen = specs.perimeters.filter((perimeter) => config.perimeters.includes(perimeter.id));
  const subProfiles = [...new Set(chosen.flatMap((perimeter) => perimeter.subProfiles))];
  config.subProfiles.forEach((name, index) => {
    if (name !== GENERAL_PROFILE) known("sub-profile", name, subProfiles, ["subProfiles", index]);
  });
  const conditions = specs.conditions.map((condition) => condition.id);
  for (const name of Object.keys(config.conditions)) known("condition", name, conditions, ["conditions", name], "key");

  const rows = rowsOf(chosen, specs);
  const withAlternatives = rows.filter((row) => row.oneOfScenarios);
  for (const [id, scenario] of Object.entries(config.alternatives ?? {})) {
    const ids = withAlternatives.map((row) => row.id);
    if (!known("row with alternatives", id, ids, ["alternatives", id], "key")) continue;
    const row = withAlternatives.find((one) => one.id === id);
    known(`scenario of ${id}`, scenario, row?.scenarios ?? [], ["alternatives", id]);
  }
  for (const [id, { justification }] of Object.entries(config.notApplicable ?? {})) {
    if (
      !known(
        "row",
        id,
        rows.map((row) => row.id),
        ["notApplicable", id],
        "key",
      )
    )
      continue;
    if (justification.trim() === "") {
      found.push({
        what: "a row is said not to apply, without a justification",
        where: yaml.where(["notApplicable", id]),
        mend: 'Add "justification" and say why.',
      });
    }
  }
  const domains = [...new Set(specs.requirements.map((row) => row.domain))];
  for (const domain of Object.keys(config.maturity ?? {}))
    known("domain", domain, domains, ["maturity", domain], "key");
  const where = (id: string): string => yaml.where(["proofs", id], "key");
  return [...found, ...proofProblems(Object.keys(config.proofs), config, specs, where)];
}

/** A mistake for every id under which no file can prove anything in these perimeters: neither a proof of a row, nor a row. */
export function proofProblems(
  ids: readonly string[],
  answers: Answers & Pick<SegurConfig, "perimeters">,
  specs: Specs,
  where: (id: string) => string,
): Problem[] {
  const chosen = specs.perimeters.filter((perimeter) => answers.perimeters.includes(perimeter.id));
  // A proof may also stand under the id of a row: for rows whose proofs have no official id.
  const known = new Set(
    rowsOf(chosen, specs).flatMap((row) => [...row.proofs.ids, ...demandedProofs(row, answers), row.id]),
  );
  return ids
    .filter((id) => !known.has(id))
    .map((id) => ({ what: `there is no proof "${id}"`, where: where(id), mend: suggestion(id, [...known]) }));
}

function rowsOf(perimeters: readonly Perimeter[], specs: Specs): Requirement[] {
  const wanted = new Set(perimeters.flatMap((perimeter) => perimeter.groups.flatMap((group) => group.rows)));
  return specs.requirements.filter((row) => wanted.has(row.id));
}
