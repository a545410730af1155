/** What a reviewer asks to be written, from options or from a file, held against what the bundle has. */
import { readFileSync } from "node:fs";
import { type ProofOfRow, type ReviewState, SuiteError } from "../core/model/index.js";
import type { Schemas } from "../core/plan/index.js";
import { refuse, suggestion } from "../core/plan/problems.js";
import { CLAIMED } from "../core/score/index.js";
import { readYaml } from "../core/plan/yaml.js";
import { isName, REVIEW_LIMITS, type ReviewEntry } from "../core/seal/review.js";

export interface WantedOptions {
  readonly reviewer?: string;
  /** `ROW` (every proof supplied for it) or `ROW:PROOF`. */
  readonly accept?: readonly string[];
  readonly refuse?: readonly string[];
  readonly complement?: readonly string[];
  readonly reason?: string;
  /** YAML file of many reviews (specs/schemas/review.schema.json). */
  readonly from?: string;
}

export interface Wanted {
  readonly row: string;
  /** Null = every proof supplied for the row. */
  readonly proof: string | null;
  readonly state: ReviewState;
  readonly reason: string | undefined;
  readonly reviewer: string | undefined;
}

/** What options or file ask for; empty = list only. Throws SuiteError ERR_USAGE, ERR_FILE or ERR_REVIEW. */
export function wantedReviews(options: WantedOptions, schemas: Schemas): Wanted[] {
  const asked = (list: readonly string[] | undefined, state: ReviewState): Wanted[] =>
    (list ?? []).map((text) => {
      const at = text.indexOf(":");
      const row = at < 0 ? text : text.slice(0, at);
      return { row, proof: at < 0 ? null : text.slice(at + 1), state, reason: options.reason, reviewer: undefined };
    });
  const named = [
    ...asked(options.accept, "accepted"),
    ...asked(options.refuse, "refused"),
    ...asked(options.complement, "complement"),
  ];
  if (options.from === undefined) return named;
  if (named.length > 0) {
    throw new SuiteError("ERR_USAGE", "reviews stand in a file and in options", {
      where: "--from",
      mend: "give either --from, or --accept, --refuse and --complement",
    });
  }
  return readInstructions(options.from, schemas);
}

/** The file of `--from` as validated by its schema. */
interface Instructions {
  readonly reviewer?: string;
  readonly entries: readonly {
    readonly row: string;
    readonly proof?: string;
    readonly state: ReviewState;
    readonly reason?: string;
    readonly reviewer?: string;
  }[];
}

function readInstructions(file: string, schemas: Schemas): Wanted[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new SuiteError("ERR_FILE", "the file cannot be read", { where: file, mend: "Check who may read it.", cause });
  }
  const yaml = readYaml(text, file);
  refuse("ERR_REVIEW", schemas.problems("review", yaml));
  const { reviewer, entries } = yaml.value as Instructions;
  return entries.map((entry) => ({
    row: entry.row,
    proof: entry.proof ?? null,
    state: entry.state,
    reason: entry.reason,
    reviewer: entry.reviewer ?? reviewer,
  }));
}

/**
 * The entries to sign. `known`: what can be reviewed in the bundle (`reviewableProofs`). Throws SuiteError ERR_REVIEW for what is
 * not in it, and for a refusal without a reason.
 */
export function entriesOf(
  wanted: readonly Wanted[],
  known: readonly ProofOfRow[],
  options: Pick<WantedOptions, "reviewer">,
): ReviewEntry[] {
  const rows = [...new Set(known.map(({ row }) => row))];
  const entries = wanted.flatMap(({ row, proof, state, reason = "", reviewer = options.reviewer }) => {
    const where = proof === null ? row : `${row}:${proof}`;
    const proofs = known.filter((one) => one.row === row).map((one) => one.proof);
    // A claim that the row does not apply is accepted by its own name only, never along with the proofs.
    const all = proofs.filter((one) => one !== CLAIMED);
    if (proof === null ? all.length === 0 : proofs.length === 0) {
      throw new SuiteError("ERR_REVIEW", "no proof was supplied for this row, or it is not one of the bundle", {
        where,
        mend: suggestion(row, rows),
      });
    }
    if (proof !== null && !proofs.includes(proof)) {
      throw new SuiteError("ERR_REVIEW", "this proof was not supplied for this row", {
        where,
        mend: suggestion(proof, proofs),
      });
    }
    if (!isName(reviewer)) {
      throw new SuiteError("ERR_REVIEW", "a review needs the name of its reviewer", {
        where,
        mend: "give --reviewer, one line of 300 characters at most",
      });
    }
    if (state !== "accepted" && reason.trim() === "") {
      throw new SuiteError("ERR_REVIEW", "a refusal, or a complement asked for, needs its reason", {
        where,
        mend: "say what is wrong or missing: the candidate reads it (--reason, or `reason` in the file)",
      });
    }
    if (reason.length > REVIEW_LIMITS.reason) {
      throw new SuiteError("ERR_REVIEW", "the reason is too long", { where, mend: "keep it under 4,000 characters" });
    }
    return (proof === null ? all : [proof]).map((one) => ({ row, proof: one, state, reason, reviewer }));
  });
  const twice = entries.find((entry, index) =>
    entries.some((other, before) => before < index && other.row === entry.row && other.proof === entry.proof),
  );
  if (twice) {
    throw new SuiteError("ERR_REVIEW", "two reviews of one proof in one go", {
      where: `${twice.row}:${twice.proof}`,
      mend: "keep one of them",
    });
  }
  if (entries.length > REVIEW_LIMITS.entries) {
    throw new SuiteError("ERR_REVIEW", "too many reviews in one go", {
      where: String(entries.length),
      mend: "write 5,000 at most at a time",
    });
  }
  return entries;
}
