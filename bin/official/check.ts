/** The official rules beside our own findings on a file of `segur check`. */
import type { Exchange, OfficialReport } from "../../core/model/index.js";
import { documentNotes, type LayerLines, layerLines, OFFICIAL_WORDS, type Pen } from "../../reports/official.js";
import { visible } from "../../reports/safe.js";
import type { ExitCode, Lang } from "../output.js";
import { type Beside, besides, pathAt } from "./beside.js";
import { documentsIn } from "./documents.js";
import type { OfficialJudge } from "./judge.js";
import type { OfficialTree } from "./tree.js";

/** One CDA of a file. `place`: path in the archive, null for a file that is the document. */
export interface OfficialCheck extends OfficialReport {
  readonly place: string | null;
  readonly beside: Beside;
}

interface OwnFinding {
  readonly check: string;
  readonly message: string;
  readonly weight: "breach" | "remark";
  readonly location: string | null;
}

/** Official judgement of every CDA an exchange carries, with our findings of the same place beside. */
export function officialChecks(
  exchange: Exchange,
  findings: readonly OwnFinding[],
  judge: OfficialJudge,
): readonly OfficialCheck[] {
  return documentsIn(exchange).map(({ place, bytes }) => {
    const report = judge.judge(bytes);
    const own = findings
      .filter(({ check }) => check.startsWith("cda/"))
      .flatMap(({ check, message, weight, location }) => {
        const at = pathAt(location, place);
        return at ? [{ check, message, weight, path: at.path }] : [];
      });
    return { place, ...report, beside: besides(report, own) };
  });
}

/** 1 when a layer failed, 2 when one that applies could not be run or the document could not be read. */
export function officialExitCode(checks: readonly OfficialCheck[]): ExitCode {
  if (checks.some(({ state }) => state === "incomplete" || state === "not_judged")) return 2;
  return checks.some(({ state }) => state === "rejected") ? 1 : 0;
}

/** Failures printed per layer, and places per list. */
const FAILURES_MAX = 10;
const WARNINGS_MAX = 3;
const PLACES_MAX = 10;

const WORDS = {
  fr: {
    rules: "règles officielles",
    none: "règles officielles : ce fichier ne contient aucun document CDA",
    ownOnly: "nos contrôles seuls",
    officialOnly: "règles officielles seules",
  },
  en: {
    rules: "official rules",
    none: "official rules: this file holds no CDA document",
    ownOnly: "our checks alone",
    officialOnly: "official rules alone",
  },
} as const;

export function treeText({ facts }: OfficialTree, lang: Lang): string {
  const t = OFFICIAL_WORDS[lang];
  const colon = lang === "fr" ? " : " : ": ";
  const commit = facts.commit === null ? "" : `\n${t.commit}${colon}${facts.commit}`;
  return `${t.digest}${colon}${facts.digest}${commit}\n\n`;
}

/** Lines under the own findings of a file. */
export function officialText(checks: readonly OfficialCheck[], lang: Lang): readonly string[] {
  if (checks.length === 0) return [`  ${WORDS[lang].none}`];
  return checks.flatMap((check) => checkLines(check, lang));
}

function checkLines(check: OfficialCheck, lang: Lang): readonly string[] {
  const t = OFFICIAL_WORDS[lang];
  const words = WORDS[lang];
  const colon = lang === "fr" ? " : " : ": ";
  const pen: Pen = { lang, number: String, foreign: (text) => visible(text) };
  const place = check.place === null ? "" : ` (${visible(check.place)})`;
  const { ownOnly, officialOnly, disagreement } = check.beside;
  return [
    `  ${words.rules}${place}${colon}${t.states[check.state]}`,
    ...documentNotes(check, disagreement, pen).map((note) => `    ${note}`),
    ...check.layers.flatMap((layer) => layerText(layerLines(layer, check, pen, FAILURES_MAX), colon)),
    ...placesText(
      `${words.ownOnly}${colon}`.trimEnd(),
      ownOnly.map(({ check: id, message, path }) => `${id} ${message} ${visible(path ?? "")}`),
      pen,
    ),
    ...placesText(
      `${words.officialOnly}${colon}`.trimEnd(),
      officialOnly.map(({ layer, key, path }) => `${t.layers[layer]} ${visible(key)} ${visible(path ?? "")}`),
      pen,
    ),
  ];
}

function layerText(layer: LayerLines, colon: string): readonly string[] {
  const notes = layer.notes.length > 0 ? ` ; ${layer.notes.join(" ; ")}` : "";
  const lines = [...layer.failures, ...layer.warnings.slice(0, WARNINGS_MAX)];
  return [
    `    ${layer.name}${colon}${layer.stateText}${notes}`,
    ...lines.flatMap(({ text, where, key }) => [`      - ${text}`, `        ${[where, key].join("  ")}`]),
    ...(layer.more === null ? [] : [`      ${layer.more}`]),
  ];
}

function placesText(head: string, places: readonly string[], pen: Pen): readonly string[] {
  if (places.length === 0) return [];
  const left = places.length - PLACES_MAX;
  return [
    `    ${head}`,
    ...places.slice(0, PLACES_MAX).map((place) => `      ${place.trim()}`),
    ...(left > 0 ? [`      ${OFFICIAL_WORDS[pen.lang].more(String(left))}`] : []),
  ];
}
