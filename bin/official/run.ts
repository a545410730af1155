/** The official rules over a whole run: every distinct CDA of its recording, once. Writes official.json beside result.json. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import {
  canonicalJson,
  OFFICIAL_FORMAT,
  type OfficialDisagreement,
  type OfficialDocument,
  type OfficialReport,
  type OfficialRun,
  type RunResult,
  type ValidatorConfig,
} from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { OFFICIAL_WORDS } from "../../reports/official.js";
import type { Judged } from "../judgement.js";
import type { Lang, Progress } from "../output.js";
import { type RunFolder, writeFileAtomic } from "../run-folder.js";
import { type CarriedDocument, documentsIn } from "./documents.js";
import { type OfficialJudge, openOfficialJudge } from "./judge.js";
import { openOfficialTree } from "./tree.js";

const NAME = "official.json";
const MAX_SIZE = 64 * 1024 * 1024;

/** Null when the configuration names none. Throws SuiteError ERR_OFFICIAL: told before anything is driven. */
export function openValidators(validators: readonly ValidatorConfig[] | undefined): OfficialJudge | null {
  const [validator] = validators ?? [];
  return validator ? openOfficialJudge(openOfficialTree(validator.path), { volet: validator.volet }) : null;
}

/** As `judgeRunOfficially`, told as it goes on. */
export function judgeToldRun(judged: Judged, judge: OfficialJudge, progress: Progress, lang: Lang): void {
  const { title } = OFFICIAL_WORDS[lang];
  judgeRunOfficially(judged, judge, (number, of) => progress.now(`${title} ${number}/${of}`));
  judge.dispose();
  progress.end();
  process.stderr.write(`${title}${lang === "fr" ? " :" : ":"} ${judged.folder.file(NAME)}\n`);
}

/** Judges and writes official.json. `told`: called before each document, with how many there are. */
export function judgeRunOfficially(
  judged: Pick<Judged, "view" | "result" | "folder">,
  judge: OfficialJudge,
  told: (number: number, of: number) => void = () => undefined,
): OfficialRun {
  const official = officialRun(judged, judge, told);
  writeFileAtomic(judged.folder.file(NAME), canonicalJson(official));
  return official;
}

export function officialRun(
  { view, result }: Pick<Judged, "view" | "result">,
  judge: OfficialJudge,
  told: (number: number, of: number) => void = () => undefined,
): OfficialRun {
  const distinct = new Map<
    string,
    { readonly carried: CarriedDocument; readonly places: OfficialDocument["places"][number][] }
  >();
  for (const exchange of view.exchanges) {
    for (const carried of documentsIn(exchange)) {
      const sha256 = createHash("sha256").update(carried.bytes).digest("hex");
      const known = distinct.get(sha256) ?? { carried, places: [] };
      known.places.push({ exchange: exchange.id, operation: exchange.operation, place: carried.place });
      distinct.set(sha256, known);
    }
  }
  const documents = [...distinct.values()].map(({ carried, places }, index): OfficialDocument => {
    told(index + 1, distinct.size);
    const report = judge.judge(carried.bytes);
    const ownBreaches = breachesAt(result, places);
    return { ...report, places, ownBreaches, disagreement: disagreementOf(report, ownBreaches) };
  });
  return {
    format: OFFICIAL_FORMAT,
    recording: result.recording,
    ruleSet: result.ruleSet,
    tree: judge.tree.facts,
    documents,
  };
}

export function disagreementOf(
  { state }: Pick<OfficialReport, "state">,
  ownBreaches: number,
): OfficialDisagreement | null {
  if (state === "accepted" && ownBreaches > 0) return "own_only";
  return state === "rejected" && ownBreaches === 0 ? "official_only" : null;
}

/** Breaches of our CDA checks that point into one of these documents. */
function breachesAt(result: RunResult, places: OfficialDocument["places"]): number {
  const findings = result.checks
    .filter(({ id }) => id.startsWith("cda/"))
    .flatMap((check) => check.findings)
    .filter(({ weight }) => weight === "breach");
  return findings.filter(({ at }) =>
    places.some(({ exchange, place }) => {
      if (at.exchange !== exchange) return false;
      return place === null || at.where === place || (at.where?.startsWith(`${place} `) ?? false);
    }),
  ).length;
}

/** official.json of a run as far as it speaks of this very recording and rule set; null otherwise (none, another one, no such file). `root`: of the package. */
export function readOfficial(folder: RunFolder, result: RunResult, root: string): OfficialRun | null {
  const file = folder.file(NAME);
  let value: unknown;
  try {
    const facts = statSync(file, { throwIfNoEntry: false });
    if (!facts?.isFile() || facts.size > MAX_SIZE) return null;
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
  const schemas = openSchemas(path.join(root, "specs", "schemas"));
  if (!schemas.validator("official")(value)) return null;
  const official = value as OfficialRun;
  return official.recording.sha256 === result.recording.sha256 && official.ruleSet === result.ruleSet ? official : null;
}
