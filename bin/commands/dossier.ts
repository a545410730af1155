/** `segur dossier init|plan|status|apply`: what is owed, where it stands, and a run judged with it. */
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { DOSSIER_FORMAT } from "../../core/dossier/index.js";
import { canonicalJson, SuiteError } from "../../core/model/index.js";
import { scorePerimeters } from "../../core/score/index.js";
import { visible } from "../../reports/safe.js";
import { writeRenderings } from "../conclusion.js";
import { dossierFile } from "../dossier/folder.js";
import {
  demandedNow,
  demandOwn,
  type DossierOptions,
  heldAgainst,
  metaWith,
  openForDossier,
  viewNow,
} from "../dossier/open.js";
import { planText } from "../dossier/plan-text.js";
import { dossierRecord, writeDossierRecord } from "../dossier/record.js";
import { countsOf, rowsOnce, statusText } from "../dossier/status-text.js";
import { answersOf, judgeAs } from "../judgement.js";
import { withLock } from "../lock.js";
import type { ExitCode } from "../output.js";
import { findRun, readRunJson, readRunMeta, writeFileAtomic, writeRunMeta } from "../run-folder.js";
import { DOSSIER_WORDS } from "../words/dossier.js";

const PLAN_MD = "PLAN.md";

/** A new dossier: dossier.yaml, and the proof plan to tick. */
export async function dossierInit(options: DossierOptions): Promise<ExitCode> {
  const opened = openForDossier(options, "absent");
  const file = dossierFile(opened.folder);
  if (opened.bundled || existsSync(file)) {
    if (opened.bundled) demandOwn(opened);
    throw new SuiteError("ERR_DOSSIER", "there is a dossier already", {
      where: file,
      mend: "see it with `segur dossier status`; write its plan anew with `segur dossier plan`",
    });
  }
  const wanted = demandedNow(opened);
  const view = await viewNow(opened, null);
  const { config, suite } = opened;
  const perimeters = suite.specs.perimeters.filter(({ id }) => config.perimeters.includes(id));
  try {
    mkdirSync(opened.folder, { recursive: true });
    writeFileAtomic(path.join(opened.folder, PLAN_MD), planText(wanted, view, perimeters, options.lang));
    // Last, and whole: a folder with dossier.yaml is a dossier, and is not made again.
    writeFileAtomic(file, TEMPLATE[options.lang]);
  } catch (cause) {
    if (cause instanceof SuiteError) throw cause;
    throw new SuiteError("ERR_DISK", "the dossier cannot be made", {
      where: opened.folder,
      mend: "check that the folder is writable and has room",
      cause,
    });
  }
  const words = DOSSIER_WORDS[options.lang];
  process.stderr.write(`${words.made(visible(opened.folder), wanted.length)}\n${words.next}\n`);
  return 0;
}

export interface PlanOptions extends DossierOptions {
  readonly output?: string;
}

export async function dossierPlan(options: PlanOptions): Promise<ExitCode> {
  const opened = openForDossier(options, "absent");
  const { config, suite } = opened;
  const perimeters = suite.specs.perimeters.filter(({ id }) => config.perimeters.includes(id));
  const text = planText(demandedNow(opened), await viewNow(opened, null), perimeters, options.lang);
  if (options.output === undefined) process.stdout.write(text);
  else {
    writeFileAtomic(path.resolve(options.output), text);
    process.stderr.write(`${DOSSIER_WORDS[options.lang].written(visible(options.output))}\n`);
  }
  return 0;
}

export interface StatusOptions extends DossierOptions {
  readonly owed?: boolean;
  readonly json?: boolean;
}

/** Exit 0: it says where the dossier stands; gates are for `segur run` and `segur judge`. */
export async function dossierStatus(options: StatusOptions): Promise<ExitCode> {
  const opened = openForDossier(options, "absent");
  const judged = heldAgainst(opened, options.run);
  const view = await viewNow(opened, judged);
  const { config, suite } = opened;
  const perimeters =
    judged?.result.perimeters ??
    scorePerimeters({
      perimeters: suite.specs.perimeters.filter(({ id }) => config.perimeters.includes(id)),
      requirements: suite.specs.requirements,
      checks: [],
      answers: answersOf({ config, mode: "sandbox", startedAt: opened.on }, suite),
    });
  if (options.json) {
    process.stdout.write(
      canonicalJson({
        format: "segur-dossier-status/1",
        counts: countsOf(view),
        view,
        run: judged?.meta.id ?? null,
        perimeters: judged
          ? perimeters.map(({ id, decision, reason, deciding }) => ({ id, decision, reason, deciding }))
          : [],
        rows: rowsOnce(perimeters, judged !== null).map(({ row, perimeters: where }) => ({
          id: row.id,
          perimeters: where,
          level: row.level,
          ...(judged ? { verdict: row.verdict, strength: row.strength } : {}),
          dossier: row.dossier,
        })),
      }),
    );
    return 0;
  }
  const { product, version } = config.candidate;
  const input = {
    view,
    product: `${product} ${version}`,
    perimeters,
    judged: judged !== null,
    owedOnly: options.owed ?? false,
  };
  process.stdout.write(statusText({ ...input, suite, lang: options.lang }));
  return 0;
}

/** The dossier of today taken into a run that was made before: judged and rendered again, never played again. */
export async function dossierApply(run: string, options: DossierOptions): Promise<ExitCode> {
  const opened = openForDossier(options);
  const folder = findRun(run);
  const judged = judgeAs(metaWith(readRunMeta(folder), opened), folder, opened.suite);
  const view = await viewNow(opened, judged);
  withLock(folder.file("run.json"), () => {
    writeRunMeta(folder, metaWith(readRunJson(folder), opened));
    writeFileAtomic(folder.file("result.json"), canonicalJson(judged.result));
    writeDossierRecord(folder, dossierRecord(judged.meta, view));
    writeRenderings(judged, opened.suite, { lang: options.lang, gate: "wave" });
  });
  process.stderr.write(`${DOSSIER_WORDS[options.lang].applied(visible(path.relative("", folder.path)))}\n`);
  return 0;
}

const TEMPLATE = {
  fr: `# Dossier de preuves (docs/dossier.md). Remplissez-le avec \`segur dossier add\`, ou à la main ; \`segur dossier status\` dit où il en est.
format: ${DOSSIER_FORMAT}
# limits: { pentestMedium: 10, fileBytes: 100000000, ageMonths: 12 }
proofs: []
notApplicable: []
`,
  en: `# Dossier of proofs (docs/dossier.md). Fill it with \`segur dossier add\`, or by hand; \`segur dossier status\` says where it stands.
format: ${DOSSIER_FORMAT}
# limits: { pentestMedium: 10, fileBytes: 100000000, ageMonths: 12 }
proofs: []
notApplicable: []
`,
} as const;
