/**
 * The sample with a dossier: wave 2 carries the rows of wave 1, proofs in every state, hostile names and words, declared
 * answers. Names of people and files are fictitious.
 */
import type { DossierProof, DossierView, ProofState } from "../../core/model/index.js";
import type { ProofTexts, ReportInput } from "../../reports/model.js";
import { HOSTILE, makeRows, perimeterResult, sample, type SampleOptions } from "./sample.js";

export const REVIEWER = "Camille Exemple-Relectrice";
export const PATIENT_FILE = "capture DEMONSTRATION_Élodie.png";

const STATES: readonly ProofState[] = ["owed", "accepted", "to_review", "blocked", "accepted", "stale", "refused"];
const KINDS = [
  ["video-or-screenshot"],
  ["cnda-certificate"],
  ["pentest-form", "documentation"],
  ["smtp-source"],
] as const;

const RULES = {
  fr: {
    "pentest-age": (slots) => `Le test d'intrusion s'est achevé le ${slots.on}, il y a plus d'un an.`,
    "file-size": (slots) => `Le fichier ${slots.file} pèse ${slots.size} octets.`,
  },
  en: {
    "pentest-age": (slots) => `The penetration test ended on ${slots.on}, more than a year ago.`,
    "file-size": (slots) => `The file ${slots.file} has ${slots.size} bytes.`,
  },
} as const satisfies Record<"fr" | "en", ProofTexts>;

export interface DossierSampleOptions extends SampleOptions {
  /** Proofs in the dossier; default 42. */
  readonly proofs?: number;
}

export function dossierSample(options: DossierSampleOptions = {}): ReportInput {
  const input = sample(options);
  const extraRows = options.extraRows ?? 12;
  const [first] = input.result.perimeters;
  const added = makeRows("va2", extraRows);
  const carried = first?.groups.flatMap((group) => group.rows) ?? [];
  const second = perimeterResult(
    "mdv-lgc-wave-2",
    "2",
    { rows: [...added.rows, ...carried], texts: added.texts },
    ["new", "carried"],
    false,
  );
  return {
    ...input,
    result: { ...input.result, perimeters: first ? [first, second] : [second] },
    dossier: dossierView(
      carried.map((row) => row.id),
      options.proofs ?? 42,
    ),
    proofTexts: RULES[options.lang ?? "fr"],
    maturity: { DMP: "all", INS: "some", MSS: "none", ZZZ: "half" },
  };
}

function dossierView(rows: readonly string[], count: number): DossierView {
  return {
    asOf: "2026-11-22",
    proofs: Array.from({ length: count }, (_, n) => proof(rows, n)),
    notApplicable: [
      { row: rows[3] ?? "X", justification: `Le produit n'envoie rien. ${HOSTILE.script}`, state: "to_review" },
      { row: "AUTRE.01", justification: `Vu avec ${REVIEWER}.`, state: "refused" },
    ],
  };
}

function proof(rows: readonly string[], n: number): DossierProof {
  const row = rows[n % rows.length] ?? "X.01";
  const state = STATES[n % STATES.length] ?? "owed";
  const file = n % 5 === 1 ? PATIENT_FILE : n % 5 === 2 ? HOSTILE.script : `preuve-${n}.mp4`;
  const supplied = state !== "owed";
  const review = {
    by: REVIEWER,
    on: "2026-11-20",
    ...(n % 2 === 0 ? { why: "La fenêtre montre l'identité qualifiée et le nom du produit." } : {}),
  };
  return {
    id: `${row}.01.${String(Math.floor(n / rows.length) + 1).padStart(2, "0")}`,
    rows: n % 4 === 0 ? [row, rows[(n + 7) % rows.length] ?? row] : [row],
    perimeters: ["mdv-lgc-wave-1", "mdv-lgc-wave-2"],
    scenario: n % 3 === 0 ? null : `${row}.01`,
    chapter: /^[^/]+/.exec(row)?.[0] ?? "X",
    kinds: KINDS[n % KINDS.length] ?? [],
    mandatory: n % 6 !== 5,
    state,
    origin: supplied ? (n % 4 === 3 ? "run" : "person") : null,
    files: supplied ? [{ name: file, bytes: 3_214_567 + n, sha256: (n % 16).toString(16).repeat(64) }] : [],
    findings:
      state === "blocked"
        ? [
            { rule: "pentest-age", weight: "blocks", slots: { on: "2025-01-31" } },
            { rule: "no-words-for-it", weight: "remark", slots: { who: "Elodie", count: 3 } },
          ]
        : n % 7 === 2
          ? [{ rule: "file-size", weight: "remark", slots: { file: HOSTILE.breakout, size: 104_857_600 } }]
          : [],
    review:
      state === "accepted" || state === "stale" || state === "refused"
        ? { state: state === "refused" ? "refused" : "accepted", ...review }
        : null,
    stale: state === "stale" ? "bytes" : null,
  };
}
