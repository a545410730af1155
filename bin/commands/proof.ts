/** `segur proof RUN`: which proofs are supplied and owed; files added or taken out after the run, without playing it again. */
import path from "node:path";
import { canonicalJson, type RowResult, type SegurConfig, SuiteError } from "../../core/model/index.js";
import { proofProblems } from "../../core/plan/index.js";
import { refuse } from "../../core/plan/problems.js";
import { reviewableProofs } from "../../core/score/index.js";
import { MESSAGES } from "../../reports/messages/index.js";
import { visible } from "../../reports/safe.js";
import { writeRenderings } from "../conclusion.js";
import { answersOf, demandRules, judgeAs, type Judged } from "../judgement.js";
import { withLock } from "../lock.js";
import type { ExitCode, Lang } from "../output.js";
import { findRun, readRunJson, readRunMeta, type RunFolder, writeFileAtomic, writeRunMeta } from "../run-folder.js";
import { proofSize } from "../sealing.js";
import { openToldSuite, type Suite, today } from "../suite.js";
import { PROOF_WORDS } from "../words/proof.js";

export interface ProofOptions {
  /** `ID=FILE`; the files come after those that the proof already has. */
  readonly add?: readonly string[];
  /** Ids, taken out with all their files before anything is added: both together replace a proof. */
  readonly remove?: readonly string[];
  /** Folder of a rule pack. */
  readonly specs?: string;
  readonly lang: Lang;
}

type Proofs = SegurConfig["proofs"];

/** As the schema of run.json has it. */
const MAX_FILES = 1000;

export function proof(run: string, options: ProofOptions): ExitCode {
  const suite = openToldSuite(options);
  const folder = findRun(run);
  const { add = [], remove = [], lang } = options;
  if (add.length + remove.length === 0) {
    process.stdout.write(proofList(judgeAs(readRunMeta(folder), folder, suite), suite, lang));
    return 0;
  }
  const words = PROOF_WORDS[lang];
  const { judged, lines } = withLock(folder.file("run.json"), () => change(folder, suite, { add, remove, lang }));
  const supplied = Object.keys(judged.meta.config.proofs).length;
  const owed = new Set(rowsOf(judged).flatMap(({ proofs }) => proofs.owed)).size;
  const next = words.next(visible(path.relative("", folder.path)));
  process.stdout.write(`${[...lines, words.summary(supplied, owed), next].join("\n")}\n`);
  return 0;
}

/** Everything is refused or judged before the first file is written: a mistake leaves the run as it was. */
function change(
  folder: RunFolder,
  suite: Suite,
  { add, remove, lang }: Required<Pick<ProofOptions, "add" | "remove" | "lang">>,
): { readonly judged: Judged; readonly lines: readonly string[] } {
  const words = PROOF_WORDS[lang];
  const meta = readRunMeta(folder);
  demandRules(meta, suite);
  const added = add.map(proofFileOf);
  const ids = added.map(({ id }) => id);
  refuse(
    "ERR_USAGE",
    proofProblems(ids, meta.config, suite.specs, (id) => `--add ${id}`),
  );
  const taken = takenOut(meta.config.proofs, new Set(remove));
  const proofs = putIn(taken.kept, added);
  const judged = judgeAs({ ...meta, config: { ...meta.config, proofs } }, folder, suite);
  // As it was written, so that nothing but the proofs is another.
  const written = readRunJson(folder);
  writeRunMeta(folder, { ...written, config: { ...written.config, proofs } });
  writeFileAtomic(folder.file("result.json"), canonicalJson(judged.result));
  writeRenderings(judged, suite, { lang, gate: "checks" });
  const lines = [
    ...taken.out.map(([id, { files }]) => words.removed(visible(id), files.length)),
    ...added.map(({ id, file }) => words.added(visible(id), visible(file))),
  ];
  return { judged, lines };
}

/** Throws SuiteError ERR_USAGE when it is not `ID=FILE`, ERR_FILE when sealing would not take the file. */
function proofFileOf(text: string): { readonly id: string; readonly file: string } {
  const [, id, name] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (id === undefined || name === undefined) {
    throw new SuiteError("ERR_USAGE", `"${text}" does not say which file proves what`, {
      where: "--add",
      mend: "write it as ID=FILE, such as MSS/CONF.16.01.01=capture.png",
    });
  }
  const file = path.resolve(name);
  if (proofSize(file) === null) {
    throw new SuiteError("ERR_FILE", "this is no file that can be a proof", {
      where: file,
      mend: "give a plain file of 200 MB at most",
    });
  }
  return { id, file };
}

type Entry = readonly [id: string, proof: Proofs[string]];

function takenOut(proofs: Proofs, ids: ReadonlySet<string>): { readonly kept: Proofs; readonly out: readonly Entry[] } {
  for (const id of ids) {
    if (Object.hasOwn(proofs, id)) continue;
    throw new SuiteError("ERR_USAGE", `no file is supplied for the proof ${id}`, {
      where: `--remove ${id}`,
      mend: "see what is supplied: segur proof RUN",
    });
  }
  const entries = Object.entries(proofs);
  return {
    kept: Object.fromEntries(entries.filter(([id]) => !ids.has(id))),
    out: entries.filter(([id]) => ids.has(id)),
  };
}

/**
 * A review was of other files: it goes. What is declared of the proof stays, with the day it was looked at, which is today: a form that
 * blocks goes on blocking beside a second one.
 */
function putIn(proofs: Proofs, added: readonly { readonly id: string; readonly file: string }[]): Proofs {
  const all = new Map(Object.entries(proofs));
  for (const { id, file } of added) {
    const { files: before = [], facts } = all.get(id) ?? {};
    const files = [...new Set([...before, file])];
    if (files.length > MAX_FILES) {
      throw new SuiteError("ERR_USAGE", `there are too many files for the proof ${id}`, {
        where: `--add ${id}`,
        mend: "1,000 files at most",
      });
    }
    all.set(id, { files, ...(facts ? { facts, on: today() } : {}) });
  }
  return Object.fromEntries(all);
}

/** Rows that apply, each once, in whatever wave it stands. */
function rowsOf({ result }: Judged): RowResult[] {
  const rows = result.perimeters.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
  return [...new Map(rows.map((row) => [row.id, row])).values()].filter(({ verdict }) => verdict !== "not_applicable");
}

function proofList(judged: Judged, suite: Suite, lang: Lang): string {
  const words = PROOF_WORDS[lang];
  const { colon, levels } = MESSAGES[lang];
  const { meta, plan } = judged;
  const rows = rowsOf(judged);
  const answers = answersOf(meta, suite);
  const bearing = reviewableProofs(plan.perimeters, suite.specs.requirements, answers);
  const title = (row: RowResult): string => {
    const found = suite.specs.requirements.find(({ id }) => id === row.id)?.title[lang] ?? "";
    return visible(`${row.id} ${found}${row.level === "optional" ? ` (${levels.optional})` : ""}`);
  };
  const supplied = Object.entries(answers.proofs).map(([id, { files, review }]) => {
    const on = bearing.filter((one) => one.proof === id).map(({ row }) => row);
    const state = words.states[meta.mode === "sandbox" && review ? review.state : "toReview"];
    const said = on.length > 0 ? ` (${on.join(", ")}), ${state}` : `, ${words.idle}`;
    return [`  ${visible(`${id}${said}`)}`, ...files.map((file) => `    ${visible(file)} (${sizeText(file, lang)})`)];
  });
  const backed = new Set(bearing.map(({ row }) => row));
  const owed = rows.filter(({ proofs }) => proofs.owed.length > 0);
  const lacking = rows.filter(
    ({ id, verdict, reason }) => verdict === "to_review" && reason === "answered" && !backed.has(id),
  );
  const block = (name: string, count: number, lines: readonly string[]): string[] => [
    `${name} (${count})`,
    ...(count > 0 ? lines : [`  ${words.none}`]),
    "",
  ];
  const lines = [
    ...block(words.supplied, supplied.length, supplied.flat()),
    ...block(
      words.owed,
      new Set(owed.flatMap(({ proofs }) => proofs.owed)).size,
      owed.map((row) => `  ${title(row)}${colon}${row.proofs.owed.map((id) => visible(id)).join(" ")}`),
    ),
    ...(lacking.length > 0
      ? block(
          words.lacking,
          lacking.length,
          lacking.map((row) => `  ${title(row)}`),
        )
      : []),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function sizeText(file: string, lang: Lang): string {
  const words = PROOF_WORDS[lang];
  const size = proofSize(file);
  return size === null ? words.unusable : `${size} ${words.bytes}`;
}
