/** Words of the maturity view: declared by the candidate, measured by the run. */
import type { MaturityAnswer } from "../../core/model/index.js";
import type { Ground } from "../maturity.js";

const fr = {
  toc: "Maturité par domaine",
  title: "Maturité par domaine : déclarée et mesurée",
  intro:
    "Un repère propre à cet outil, sans valeur officielle : il ne décide de rien. Mesuré : exigences obligatoires applicables conformes, sur toutes celles du domaine.",
  introDeclared:
    "Déclaré : ce que le candidat dit de lui-même (rien 0, un peu 25, la moitié 50, l'essentiel 75, tout 100).",
  introUndeclared: "Le candidat n'a rien déclaré (« maturity » de segur.yaml) : seul le mesuré est montré.",
  formula: "Formule : docs/maturity.md.",
  chart: (couloir: string) => `Maturité ${couloir}, en barres ; les mêmes chiffres sont dans le tableau qui suit`,
  table: (couloir: string) => `Maturité ${couloir}, en chiffres`,
  declared: "Déclaré",
  measured: "Mesuré",
  wave: "Vague",
  answers: {
    none: "rien",
    some: "un peu",
    half: "la moitié",
    most: "l'essentiel",
    all: "tout",
  } satisfies Record<MaturityAnswer, string>,
  declaredNone: "–",
  unmeasured: "aucune exigence obligatoire applicable",
  grounds: {
    seen: "vu ou jugé par la machine",
    answered: "dit par l'adaptateur",
    reviewed: "examiné par une personne",
  } satisfies Record<Ground, string>,
  mark: "déclaré par le candidat",
  gapTitle: "Où déclaré et mesuré s'écartent de plus de 25 points",
  gap: (domain: string, wave: string, declared: string, measured: string) =>
    `${domain}, ${wave} : déclaré « ${declared} », mesuré ${measured}.`,
  gapNone: "Déclaré et mesuré ne s'écartent nulle part de plus de 25 points.",
};

const en: typeof fr = {
  toc: "Maturity by domain",
  title: "Maturity by domain: declared and measured",
  intro:
    "A bearing of this tool's own, without official value: it decides nothing. Measured: applicable mandatory requirements that are conform, out of all those of the domain.",
  introDeclared: "Declared: what the candidate says of itself (none 0, some 25, half 50, most 75, all 100).",
  introUndeclared: "The candidate declared nothing (`maturity` of segur.yaml): only what was measured is shown.",
  formula: "Formula: docs/maturity.md.",
  chart: (couloir) => `Maturity ${couloir}, as bars; the same figures stand in the table that follows`,
  table: (couloir) => `Maturity ${couloir}, in figures`,
  declared: "Declared",
  measured: "Measured",
  wave: "Wave",
  answers: { none: "none", some: "some", half: "half", most: "most", all: "all" },
  declaredNone: "–",
  unmeasured: "no applicable mandatory requirement",
  grounds: {
    seen: "seen or judged by the machine",
    answered: "said by the adapter",
    reviewed: "reviewed by a person",
  },
  mark: "declared by the candidate",
  gapTitle: "Where declared and measured are more than 25 points apart",
  gap: (domain, wave, declared, measured) => `${domain}, ${wave}: declared “${declared}”, measured ${measured}.`,
  gapNone: "Declared and measured are nowhere more than 25 points apart.",
};

export const MATURITY = { fr, en } as const;
