/** Words of "what separates": what is missing for each wave, by what has to be done. */
import type { Task } from "../separation.js";

const fr = {
  title: "Ce qui sépare de chaque vague",
  intro:
    "Pour chaque vague, la liste exacte des exigences qui manquent encore, rangées par ce qu'il faut faire. Une exigence peut demander deux choses.",
  ofWave: "Ce qui sépare de cette vague",
  met: "atteinte, plus rien n'en sépare",
  /** `own`: missing for this wave only; `also`: missing for an earlier one too. */
  counts: {
    missing: (count: number, figure: string) => `${figure} ${count < 2 ? "exigence manque" : "exigences manquent"}`,
    more: (count: number, figure: string) =>
      `${figure} ${count < 2 ? "exigence manque" : "exigences manquent"} en plus de celles de la vague précédente`,
    also: (count: number, figure: string) =>
      `${figure} déjà ${count < 2 ? "manquante" : "manquantes"} pour une vague précédente`,
  },
  alsoTitle: "Déjà manquantes pour une vague précédente",
  tasks: {
    mend: "Corriger le logiciel",
    again: "Rejouer : la suite n'a pas pu conclure",
    test: "Faire observer : un contrôle n'a pas vu ce qu'il lui faut",
    supply: "Fournir une preuve",
    review: "Faire examiner ce qui est fourni",
  } satisfies Record<Task, string>,
};

const en: typeof fr = {
  title: "What separates from each wave",
  intro:
    "For each wave, the exact list of requirements still missing, by what has to be done. A requirement can ask for two things.",
  ofWave: "What separates from this wave",
  met: "met, nothing separates from it",
  counts: {
    missing: (count, figure) => `${figure} ${count === 1 ? "requirement is" : "requirements are"} missing`,
    more: (count, figure) =>
      `${figure} ${count === 1 ? "requirement is" : "requirements are"} missing beyond those of the wave before`,
    also: (_count, figure) => `${figure} already missing for an earlier wave`,
  },
  alsoTitle: "Already missing for an earlier wave",
  tasks: {
    mend: "Mend the software",
    again: "Run again: the suite could not conclude",
    test: "Have it observed: a check did not see what it needs",
    supply: "Supply a proof",
    review: "Have what was supplied reviewed",
  },
};

export const WAVES = { fr, en } as const;
