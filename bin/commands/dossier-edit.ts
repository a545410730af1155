/** `segur dossier add|remove|review|claim`: what a person puts in, takes out and says, written in dossier.yaml. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  chapterOf,
  type DemandedProof,
  digestOfText,
  type DossierEntry,
  normalProofName,
} from "../../core/dossier/index.js";
import { type Requirement, SuiteError } from "../../core/model/index.js";
import { suggestion } from "../../core/plan/problems.js";
import { visible } from "../../reports/safe.js";
import {
  addEntry,
  addReview,
  addTo,
  demandUnchanged,
  digestOf,
  DOSSIER_YAML,
  dossierFile,
  dropFile,
  editDossier,
  takeIn,
} from "../dossier/folder.js";
import { demandedNow, demandOwn, type DossierOptions, metaWith, type Opened, openForDossier } from "../dossier/open.js";
import { producedBy } from "../dossier/produced.js";
import { judgeAs } from "../judgement.js";
import { withLock } from "../lock.js";
import type { ExitCode } from "../output.js";
import { findRun, readRunMeta } from "../run-folder.js";
import { proofSize } from "../sealing.js";
import { DOSSIER_WORDS } from "../words/dossier.js";

export interface AddOptions extends DossierOptions {
  /** `key=value`, of the facts of a pentest, certificate, execution or commitment. */
  readonly fact?: readonly string[];
  /** Product version the file shows; default that of the candidate. */
  readonly product?: string;
  readonly fromRun?: string;
}

/** `segur dossier add FILE ID…`, or `--from-run RUN`. */
export async function dossierAdd(
  file: string | undefined,
  ids: readonly string[],
  options: AddOptions,
): Promise<ExitCode> {
  const opened = openForDossier(options);
  demandOwn(opened);
  if (options.fromRun !== undefined) {
    if (file !== undefined) {
      throw new SuiteError("ERR_USAGE", "a file and a run are both given", {
        where: "--from-run",
        mend: "give one of them",
      });
    }
    return addProduced(opened, options.fromRun, options);
  }
  if (file === undefined || ids.length === 0) {
    throw new SuiteError("ERR_USAGE", "what proves what is not said", {
      where: "segur dossier add",
      mend: "write it as: segur dossier add FILE ID [ID…], such as segur dossier add film.mp4 MSS/CONF.16.01.01",
    });
  }
  const source = path.resolve(file);
  const size = proofSize(source);
  if (size === null || size === 0) {
    throw new SuiteError("ERR_FILE", size === 0 ? "this file is empty" : "this is no file that can be a proof", {
      where: source,
      mend: "give a plain file of 200 MB at most",
    });
  }
  const wanted = demandedNow(opened);
  const proofs = [...new Set(ids.flatMap((id) => resolveId(id, wanted, opened)))];
  const facts = factsOf(options.fact ?? []);
  const product = options.product ?? opened.config.candidate.version;
  take(opened, source, proofs, { product, ...(facts ? { facts } : {}) }, chapterFor(proofs, wanted));
  process.stderr.write(`${DOSSIER_WORDS[options.lang].added(visible(proofs.join(" ")), visible(file))}\n`);
  return 0;
}

type Extra = Pick<DossierEntry, "origin" | "product" | "facts">;

/** Copies the file in and writes its entry; nothing is left behind when the entry is refused. */
function take(opened: Opened, source: string, ids: readonly string[], extra: Extra, chapter: string): void {
  const dossier = demandOwn(opened);
  withLock(dossierFile(dossier.folder), () => {
    demandUnchanged(dossier);
    const name = normalProofName(ids[0] ?? "", path.extname(source));
    const { file: stored, fresh } = takeIn(dossier.folder, source, normalProofName(chapter, ""), name);
    try {
      const sha256 = digestOf(path.join(dossier.folder, stored)) ?? "";
      const { origin, ...rest } = extra;
      const files = [{ path: stored, sha256, added: opened.on }];
      editDossier(dossier, opened.schemas, (document) =>
        addEntry(document, { ids, ...(origin ? { origin } : {}), files, ...rest }),
      );
    } catch (error) {
      if (fresh) dropFile(dossier.folder, stored);
      throw error;
    }
  });
}

function addProduced(opened: Opened, run: string, options: AddOptions): ExitCode {
  const words = DOSSIER_WORDS[options.lang];
  const folder = findRun(run);
  const judged = judgeAs(metaWith(readRunMeta(folder), opened), folder, opened.suite);
  const supplied = new Set(Object.keys(opened.config.proofs));
  const wanted = demandedNow(opened).filter(({ id }) => !supplied.has(id));
  const produced = producedBy(wanted, judged.view, judged.result);
  if (produced.length === 0) process.stderr.write(`${words.nothingProduced}\n`);
  const temporary = mkdtempSync(path.join(tmpdir(), "segur-produced-"));
  try {
    for (const { ids, what, bytes, ending, from } of produced) {
      const source = path.join(temporary, `${what}${ending}`);
      writeFileSync(source, bytes);
      const again = openForDossier(options);
      take(again, source, ids, { origin: "run", product: judged.result.candidate.version }, chapterFor(ids, wanted));
      process.stderr.write(`${words.added(visible(ids.join(" ")), `${words.produced[what]}, ${from}`)}\n`);
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return 0;
}

function chapterFor(ids: readonly string[], wanted: readonly DemandedProof[]): string {
  const proof = wanted.find(({ id }) => ids.includes(id));
  return proof ? chapterOf(proof) : "autres";
}

/** The proofs a word names: a proof id; a row, or one of its other names: all the proofs that it demands. */
function resolveId(word: string, wanted: readonly DemandedProof[], { suite, config }: Opened): string[] {
  const bare = word.trim().replace(/^SC\./, "");
  if (wanted.some(({ id }) => id === bare)) return [bare];
  const named = (row: Requirement): boolean =>
    row.id === bare ||
    row.aliases.includes(word) ||
    row.aliases.includes(bare) ||
    Object.values(row.legacyIds ?? {}).includes(bare);
  const ofRows = wanted.filter(({ rows }) => rows.some(named)).map(({ id }) => id);
  if (ofRows.length > 0) return ofRows;
  const rows = new Set(
    suite.specs.perimeters
      .filter(({ id }) => config.perimeters.includes(id))
      .flatMap((perimeter) => perimeter.groups.flatMap((group) => group.rows)),
  );
  // A row that a check decides and for which nothing is demanded may still be given a proof under its own id.
  const row = suite.specs.requirements.find((one) => rows.has(one.id) && named(one));
  if (row) return [row.id];
  throw new SuiteError("ERR_USAGE", `no row that applies demands the proof ${word}`, {
    where: word,
    mend: suggestion(
      word,
      wanted.map(({ id }) => id),
    ),
  });
}

/** `key=value` pairs; `high` and `medium` are the failures of a penetration test. The schema of the dossier says what is missing. */
function factsOf(pairs: readonly string[]): DossierEntry["facts"] | null {
  if (pairs.length === 0) return null;
  const facts: Record<string, unknown> = {};
  const failures: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [, key, value] = /^([A-Za-z]+)=(.+)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined) {
      throw new SuiteError("ERR_USAGE", `"${pair}" is no fact`, {
        where: "--fact",
        mend: "write it as key=value, such as number=123",
      });
    }
    if (key === "high" || key === "medium") failures[key] = count(value);
    else facts[key] = key === "uncommented" ? count(value) : value;
  }
  if (facts.kind === "pentest") facts.failures = failures;
  return facts as unknown as DossierEntry["facts"];
}

function count(value: string): number | string {
  return /^\d{1,6}$/.test(value) ? Number(value) : value;
}

/** Takes proofs out. Their files stay on the disk: they may be wanted again. */
export function dossierRemove(ids: readonly string[], options: DossierOptions): ExitCode {
  const opened = openForDossier(options);
  const dossier = demandOwn(opened);
  const entries = dossier.file.proofs ?? [];
  const known = new Set(entries.flatMap((entry) => entry.ids));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new SuiteError("ERR_USAGE", `no file is in the dossier for the proof ${unknown}`, {
      where: unknown,
      mend: suggestion(unknown, [...known]),
    });
  }
  withLock(dossierFile(dossier.folder), () =>
    editDossier(dossier, opened.schemas, (document) => {
      // From the last, so that places stay true while some go.
      [...entries.entries()].reverse().forEach(([place, entry]) => {
        const left = entry.ids.filter((id) => !ids.includes(id));
        if (left.length === entry.ids.length) return;
        if (left.length === 0) document.deleteIn(["proofs", place]);
        else document.setIn(["proofs", place, "ids"], document.createNode(left));
      });
    }),
  );
  process.stderr.write(`${DOSSIER_WORDS[options.lang].removed(visible(ids.join(" ")))}\n`);
  return 0;
}

export interface ReviewOptions extends DossierOptions {
  readonly accept?: boolean;
  readonly refuse?: boolean;
  readonly by?: string;
  readonly why?: string;
}

/** What a person says of proofs, or of claims that a row does not apply. Kept with its day, and with the bytes it was said of. */
export function dossierReview(ids: readonly string[], options: ReviewOptions): ExitCode {
  const opened = openForDossier(options);
  const dossier = demandOwn(opened);
  if ((options.accept ?? false) === (options.refuse ?? false)) {
    throw new SuiteError("ERR_USAGE", "a review accepts or refuses", {
      where: "segur dossier review",
      mend: "give --accept or --refuse",
    });
  }
  if ((options.by ?? "").trim() === "") {
    throw new SuiteError("ERR_USAGE", "a review needs the name of its reviewer", {
      where: "--by",
      mend: "give --by NAME",
    });
  }
  if (options.refuse && (options.why ?? "").trim() === "") {
    throw new SuiteError("ERR_USAGE", "a refusal needs its reason", {
      where: "--why",
      mend: "say what is wrong or missing",
    });
  }
  const entries = dossier.file.proofs ?? [];
  const claims = dossier.file.notApplicable ?? [];
  const state = options.accept ? "accepted" : "refused";
  const review = { state, by: options.by, on: opened.on, ...(options.why === undefined ? {} : { why: options.why }) };
  const unknown = ids.find(
    (id) => !entries.some((entry) => entry.ids.includes(id)) && !claims.some(({ row }) => row === id),
  );
  if (unknown !== undefined) {
    throw new SuiteError("ERR_USAGE", `no file is in the dossier for the proof ${unknown}`, {
      where: unknown,
      mend: suggestion(
        unknown,
        entries.flatMap((entry) => entry.ids),
      ),
    });
  }
  withLock(dossierFile(dossier.folder), () =>
    editDossier(dossier, opened.schemas, (document) => {
      entries.forEach((entry, place) => {
        const meant = entry.ids.filter((id) => ids.includes(id));
        if (meant.length === 0) return;
        const sha256 = entry.files.flatMap((file) => dossier.digests.get(file.path) ?? []);
        if (sha256.length < entry.files.length) {
          throw new SuiteError("ERR_DOSSIER", "a file of the proof is not there: nothing can be reviewed", {
            where: entry.files.find((file) => !dossier.digests.has(file.path))?.path ?? "",
            mend: "put it back, or take the proof out",
          });
        }
        // One file may be good for a proof and not for another: those not named keep an entry of their own.
        const rest = entry.ids.filter((id) => !ids.includes(id));
        if (rest.length > 0) {
          addEntry(document, { ...entry, ids: rest });
          document.setIn(["proofs", place, "ids"], document.createNode(meant));
        }
        // What was looked at is what is there now.
        entry.files.forEach((file, index) => {
          document.setIn(["proofs", place, "files", index, "sha256"], dossier.digests.get(file.path));
        });
        // Whoever accepts says that it is good for the version that is up for referencing now.
        if (options.accept && entry.product !== undefined) {
          document.setIn(["proofs", place, "product"], opened.config.candidate.version);
        }
        addReview(document, "proofs", place, { ...review, sha256 });
      });
      claims.forEach(({ row, justification }, place) => {
        if (!ids.includes(row)) return;
        // The text that was read, so that another one under the same row is not accepted with it.
        addReview(document, "notApplicable", place, { ...review, sha256: digestOfText(justification) });
      });
    }),
  );
  const words = DOSSIER_WORDS[options.lang];
  process.stderr.write(`${words.reviewed(visible(ids.join(" ")), words.states[state])}\n`);
  return 0;
}

export interface ClaimOptions extends DossierOptions {
  readonly because?: string;
}

/** The candidate's statement that rows do not apply. It waits for a review; profiles and conditions need none. */
export function dossierClaim(rows: readonly string[], options: ClaimOptions): ExitCode {
  const opened = openForDossier(options);
  const dossier = demandOwn(opened);
  const justification = (options.because ?? "").trim();
  if (justification === "") {
    throw new SuiteError("ERR_USAGE", "a row is said not to apply, without a justification", {
      where: "--because",
      mend: "say why",
    });
  }
  const known = new Set(
    opened.suite.specs.perimeters
      .filter(({ id }) => opened.config.perimeters.includes(id))
      .flatMap((perimeter) => perimeter.groups.flatMap((group) => group.rows)),
  );
  const claimed = new Set((dossier.file.notApplicable ?? []).map(({ row }) => row));
  for (const row of rows) {
    if (!known.has(row)) {
      throw new SuiteError("ERR_USAGE", `there is no row "${row}"`, { where: row, mend: suggestion(row, [...known]) });
    }
    if (claimed.has(row)) {
      throw new SuiteError("ERR_DOSSIER", `the row "${row}" stands twice`, {
        where: DOSSIER_YAML,
        mend: "Keep one of them.",
      });
    }
  }
  withLock(dossierFile(dossier.folder), () =>
    editDossier(dossier, opened.schemas, (document) => {
      for (const row of rows) addTo(document, "notApplicable", { row, justification });
    }),
  );
  const words = DOSSIER_WORDS[options.lang];
  process.stderr.write(
    `${words.reviewed(visible(rows.join(" ")), `${words.claim}, ${words.claimStates.to_review}`)}\n`,
  );
  return 0;
}
