/** One wave: verdict of each row, decision, score. Pure: equal inputs give equal bytes. */
import {
  byCodeUnit,
  type CheckResult,
  type Decision,
  decides,
  machineProvable,
  type Perimeter,
  type PerimeterResult,
  type Requirement,
  type RowResult,
  type Score,
  SuiteError,
  statedIn,
} from "../model/index.js";
import { judgeRow, type ScoreAnswers } from "./verdict.js";

export interface ScoreInput {
  readonly perimeters: readonly Perimeter[];
  readonly requirements: readonly Requirement[];
  readonly checks: readonly CheckResult[];
  readonly answers: ScoreAnswers;
}

interface Judged {
  readonly row: Requirement;
  readonly result: RowResult;
}

/** In the order of the perimeters given. Throws SuiteError ERR_SPEC when a perimeter names a row that is not there. */
export function scorePerimeters(input: ScoreInput): PerimeterResult[] {
  const rows = new Map(input.requirements.map((row) => [row.id, row]));
  const results = new Map(input.checks.map((check) => [check.id, check]));
  return input.perimeters.map((perimeter) => {
    const groups = perimeter.groups.map((group) => ({
      id: group.id,
      rows: [...group.rows].sort(byCodeUnit).map((id): Judged => {
        const known = rows.get(id);
        if (!known) throw new SuiteError("ERR_SPEC", `there is no row "${id}"`, { where: `perimeter ${perimeter.id}` });
        const row = statedIn(known, perimeter.couloir);
        return { row, result: judgeRow(row, results, input.answers) };
      }),
    }));
    const judged = groups.flatMap((group) => group.rows);
    return {
      id: perimeter.id,
      couloir: perimeter.couloir,
      wave: perimeter.wave,
      basis: perimeter.basis,
      ...decide(judged.map((one) => one.result)),
      groups: groups.map((group) => ({ id: group.id, rows: group.rows.map((one) => one.result) })),
      score: { all: scoreOf(judged), byDomain: byDomain(judged) },
    };
  });
}

/** The decision of a wave over its applicable mandatory rows. First match wins. */
export function decide(rows: readonly RowResult[]): Pick<PerimeterResult, "decision" | "reason" | "deciding"> {
  const deciding = deciders(rows);
  const { notConform, undetermined, notTested, toReview, dossierOwed } = deciding;
  const say = (decision: Decision, reason: PerimeterResult["reason"]) => ({ decision, reason, deciding });
  if (notConform.length > 0) return say("not_referencable", "breach");
  if (undetermined.length > 0) return say("undetermined", "error");
  if (notTested.length + toReview.length + dossierOwed.length > 0) return say("not_referencable", "owed");
  return say("referencable", null);
}

/** Ids sorted by code unit. A row stands under its verdict, and under what its dossier lacks. */
function deciders(rows: readonly RowResult[]): PerimeterResult["deciding"] {
  const mandatory = rows.filter((row) => decides(row) && row.verdict !== "not_applicable");
  const ids = (test: (row: RowResult) => boolean) =>
    mandatory
      .filter(test)
      .map((row) => row.id)
      .sort(byCodeUnit);
  return {
    notConform: ids((row) => row.verdict === "not_conform"),
    undetermined: ids((row) => row.verdict === "undetermined"),
    notTested: ids((row) => row.verdict === "not_tested"),
    toReview: ids((row) => row.verdict === "to_review" || row.dossier === "to_review"),
    dossierOwed: ids((row) => row.dossier === "owed"),
  };
}

function scoreOf(judged: readonly Judged[]): Score {
  const applicable = judged.filter((one) => one.result.verdict !== "not_applicable");
  const mandatory = applicable.filter((one) => decides(one.row));
  const optional = applicable.filter((one) => !decides(one.row));
  const provable = applicable.filter((one) => machineProvable(one.row));
  const conform = (rows: readonly Judged[]) => rows.filter((one) => one.result.verdict === "conform");
  const byMachine = conform(provable).filter((one) => one.result.strength !== "reviewed");
  const proofs = applicable.map((one) => one.result.proofs);
  const accepted = proofs.reduce((sum, proof) => sum + proof.accepted.length, 0);
  const missing = proofs.reduce((sum, proof) => sum + proof.toReview.length + proof.owed.length, 0);
  return {
    mandatory: { conform: conform(mandatory).length, total: mandatory.length },
    machine: { proved: byMachine.length, provable: provable.length },
    proofs: { accepted, demanded: accepted + missing },
    optional: { conform: conform(optional).length, total: optional.length },
  };
}

function byDomain(judged: readonly Judged[]): Readonly<Record<string, Score>> {
  const domains = [...new Set(judged.map((one) => one.row.domain))].sort(byCodeUnit);
  return Object.fromEntries(
    domains.map((domain) => [domain, scoreOf(judged.filter((one) => one.row.domain === domain))]),
  );
}
