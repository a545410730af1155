/** The proof plan as Markdown: every proof demanded, what to show step by step, a box to tick. */
import { chapterOf, type DemandedProof } from "../../core/dossier/index.js";
import { decides, type DossierView, type Perimeter } from "../../core/model/index.js";
import type { Lang } from "../output.js";
import { DOSSIER_WORDS } from "../words/dossier.js";
import { stepsOf } from "./steps.js";

const WORDS = {
  fr: {
    title: "Plan de preuves",
    intro:
      "Une ligne par preuve demandée. Les intitulés sont des paraphrases d'une copie de travail publique : le REM publié fait foi. Une preuve peut servir plusieurs exigences.",
    serves: "Exigence :",
    scenario: "Scénario :",
    level: { yes: "obligatoire", no: "préconisée" },
    waves: "Périmètres :",
    many: "La source nomme plusieurs types de preuve pour l'exigence, sans dire lequel est celui-ci.",
  },
  en: {
    title: "Proof plan",
    intro:
      "One entry per proof demanded. Titles are paraphrases of a public working copy: the published REM prevails. One proof may serve several rows.",
    serves: "Row:",
    scenario: "Scenario:",
    level: { yes: "mandatory", no: "optional" },
    waves: "Perimeters:",
    many: "The source names several kinds of proof for the row, and does not say which this one is.",
  },
} as const;

export function planText(
  wanted: readonly DemandedProof[],
  view: DossierView,
  perimeters: readonly Perimeter[],
  lang: Lang,
): string {
  const words = WORDS[lang];
  const { kinds, states } = DOSSIER_WORDS[lang];
  const stands = new Map(view.proofs.map((proof) => [proof.id, proof]));
  const lines = [`# ${words.title}`, "", words.intro, ""];
  for (const perimeter of perimeters)
    lines.push(`- \`${perimeter.id}\` ${perimeter.title[lang]}. ${perimeter.basisNote[lang]}`);
  let chapter = "";
  for (const proof of wanted) {
    if (chapterOf(proof) !== chapter) {
      chapter = chapterOf(proof);
      lines.push("", `## ${chapter}`);
    }
    const stand = stands.get(proof.id);
    const done = stand?.state === "accepted" ? "x" : " ";
    const level = proof.rows.some(decides) ? words.level.yes : words.level.no;
    lines.push("", `### [${done}] ${proof.id}`, "", `${level}, ${states[stand?.state ?? "owed"]}`, "");
    for (const row of proof.rows) lines.push(`- ${words.serves} ${row.id} ${row.title[lang]}`);
    if (stand?.scenario) lines.push(`- ${words.scenario} ${stand.scenario}`);
    lines.push(`- ${words.waves} ${proof.perimeters.join(", ")}`);
    const ways = stepsOf(proof, lang);
    if (ways.length > 1) lines.push(`- ${words.many}`);
    for (const { kind, steps } of ways) {
      lines.push("", ...(kind === "" ? [] : [`**${kinds[kind] ?? kind}**`, ""]));
      lines.push(...steps.map((step, index) => `${index + 1}. ${step}`));
    }
  }
  return `${lines.join("\n")}\n`;
}
