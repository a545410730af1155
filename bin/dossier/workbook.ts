/** A dossier as sheets of a workbook, and back. The first sheet is the official Convergence layout; the others are ours. */
import type { DossierClaim, DossierEntry, DossierFile, DossierReview } from "../../core/dossier/index.js";
import { type DossierView, type Perimeter, type Requirement, statedIn, SuiteError } from "../../core/model/index.js";
import type { ExtraSheet, RemLine } from "../../protocols/rem/index.js";
import type { Lang } from "../output.js";
import { DOSSIER_WORDS } from "../words/dossier.js";

export interface SheetsInput {
  readonly view: DossierView;
  readonly dossier: DossierFile;
  /** Where each file of the dossier stands in the export, by its path in the dossier. */
  readonly exported: ReadonlyMap<string, string>;
  readonly lang: Lang;
}

/**
 * One line per proof, rows without a listed proof once; in the order of the perimeters. Texts are our paraphrases, or those of the
 * published file where `segur specs import` kept them in `register`.
 */
export function remLines(perimeters: readonly Perimeter[], requirements: readonly Requirement[]): RemLine[] {
  const byId = new Map(requirements.map((row) => [row.id, row]));
  let order = 0;
  return perimeters.flatMap((perimeter) =>
    perimeter.groups
      .flatMap((group) => group.rows)
      .flatMap((id): RemLine[] => {
        const row = byId.get(id);
        if (!row) return [];
        const ids = row.proofs.ids.length > 0 ? row.proofs.ids : [""];
        return ids.map((proofId) => lineOf(row, perimeter, proofId, String(++order)));
      }),
  );
}

function lineOf(row: Requirement, perimeter: Perimeter, proofId: string, order: string): RemLine {
  const registered = row.register ?? {};
  const text = (name: string): string => {
    const value = registered[name];
    return typeof value === "string" ? value : "";
  };
  const own = row.scenarios.filter((scenario) => proofId.startsWith(`${scenario}.`));
  const scenarios = own.length > 0 ? own : proofId === "" ? row.scenarios : [];
  return {
    at: { sheet: "Convergence", row: 0 },
    perimeter: `Vague ${perimeter.wave}`,
    id: row.id,
    chapter: text("chapter") || row.domain,
    function: text("function"),
    statement: text("statement") || statedIn(row, perimeter.couloir).title.fr,
    comment: text("comment"),
    nature: text("nature"),
    profile: row.profiles.filter((profile) => profile !== "unknown").join(", "),
    scenarioId: scenarios.join(", "),
    scenario: textsOf(registered.scenario_texts, scenarios),
    proofId,
    proof: textsOf(registered.proof_texts, [proofId]) || (row.proofs.summary?.fr ?? ""),
    historicalProfile: text("historical_profile"),
    criticality: text("criticality"),
    order: text("order") || order,
    other: {},
  };
}

/** The texts that a published file gives for these ids: `[{ id, text }]` as the import keeps them. */
function textsOf(kept: unknown, ids: readonly string[]): string {
  if (!Array.isArray(kept)) return "";
  return (kept as readonly { readonly id?: unknown; readonly text?: unknown }[])
    .filter(({ id }) => typeof id === "string" && id !== "" && ids.includes(id))
    .flatMap(({ text }) => (typeof text === "string" && text !== "" ? [text] : []))
    .join("\n");
}

export const SHEETS = { dossier: "Dossier", files: "Fichiers", claims: "Non applicables" } as const;

const FILE_COLUMNS = [
  "Entrée",
  "N° preuve",
  "Fichier",
  "Chemin au dossier",
  "SHA-256",
  "Ajouté le",
  "Origine",
  "Version du produit",
  "Faits",
  "Relectures",
] as const;
const CLAIM_COLUMNS = ["ID", "Justification", "Relectures"] as const;

export function dossierSheets(input: SheetsInput): ExtraSheet[] {
  const { view, dossier, exported, lang } = input;
  const { states, kinds } = DOSSIER_WORDS[lang];
  return [
    {
      name: SHEETS.dossier,
      columns: ["N° preuve", "ID", "Chapitre", "Obligatoire", "Types", "État", "Fichiers"],
      rows: view.proofs.map((proof) => [
        proof.id,
        proof.rows.join(", "),
        proof.chapter,
        proof.mandatory ? "OUI" : "NON",
        proof.kinds.map((kind) => kinds[kind] ?? kind).join(", "),
        states[proof.state],
        proof.files.map(({ name }) => name).join(", "),
      ]),
    },
    {
      name: SHEETS.files,
      columns: FILE_COLUMNS,
      rows: (dossier.proofs ?? []).flatMap((entry, number) =>
        entry.ids.flatMap((id, at) =>
          entry.files.map((file, index) => [
            String(number + 1),
            id,
            exported.get(file.path) ?? "",
            file.path,
            file.sha256,
            file.added,
            entry.origin ?? "",
            entry.product ?? "",
            // Once an entry: they are of all its files and proofs.
            at + index === 0 && entry.facts ? JSON.stringify(entry.facts) : "",
            at + index === 0 && entry.reviews ? JSON.stringify(entry.reviews) : "",
          ]),
        ),
      ),
    },
    {
      name: SHEETS.claims,
      columns: CLAIM_COLUMNS,
      rows: (dossier.notApplicable ?? []).map(({ row, justification, reviews }) => [
        row,
        justification,
        reviews ? JSON.stringify(reviews) : "",
      ]),
    },
  ];
}

type Sheets = readonly { readonly name: string; readonly rows: readonly (readonly string[])[] }[];

export interface ImportedFile {
  readonly entry: number;
  /** In the export, beside the workbook; "" when it was not there at the export. */
  readonly exported: string;
  readonly path: string;
}

export interface Imported {
  readonly dossier: DossierFile;
  readonly files: readonly ImportedFile[];
}

/** What our own sheets hold; the shape is for the schema of dossier.yaml to judge. Throws SuiteError ERR_FILE naming sheet and line. */
export function dossierOf(sheets: Sheets, where: string): Imported {
  const files = tableOf(sheets, SHEETS.files, FILE_COLUMNS, where);
  const claims = tableOf(sheets, SHEETS.claims, CLAIM_COLUMNS, where);
  const entries = new Map<string, { -readonly [K in keyof DossierEntry]: DossierEntry[K] }>();
  const listed: ImportedFile[] = [];
  const numbers: string[] = [];
  for (const { cells, line } of files) {
    const [
      number = "",
      id = "",
      exported = "",
      file = "",
      sha256 = "",
      added = "",
      origin = "",
      product = "",
      facts = "",
      reviews = "",
    ] = cells;
    let entry = entries.get(number);
    if (!entry) {
      entry = { ids: [], ...(origin ? { origin: origin as "run" } : {}), ...(product ? { product } : {}), files: [] };
      entries.set(number, entry);
      numbers.push(number);
    }
    if (!entry.ids.includes(id)) entry.ids = [...entry.ids, id];
    if (!entry.files.some((one) => one.path === file)) {
      entry.files = [...entry.files, { path: file, sha256, added }];
      listed.push({ entry: numbers.indexOf(number), exported, path: file });
    }
    const at = `${where} ${SHEETS.files}:${line}`;
    if (facts) entry.facts = parsed(facts, at) as NonNullable<DossierEntry["facts"]>;
    if (reviews) entry.reviews = parsed(reviews, at) as readonly DossierReview[];
  }
  return {
    files: listed,
    dossier: {
      format: "segur-dossier/1",
      proofs: numbers.flatMap((number) => entries.get(number) ?? []),
      notApplicable: claims.map(({ cells: [row = "", justification = "", reviews = ""], line }) => ({
        row,
        justification,
        ...(reviews
          ? { reviews: parsed(reviews, `${where} ${SHEETS.claims}:${line}`) as NonNullable<DossierClaim["reviews"]> }
          : {}),
      })),
    },
  };
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SuiteError("ERR_FILE", "a cell of the workbook cannot be read", {
      where,
      mend: "put it back as it was exported: the columns Faits and Relectures are not to be edited",
      cause,
    });
  }
}

function tableOf(sheets: Sheets, name: string, columns: readonly string[], where: string) {
  const sheet = sheets.find((one) => one.name === name);
  const [head = [], ...rows] = sheet?.rows ?? [];
  const missing = columns.filter((column) => !head.includes(column));
  if (!sheet || missing.length > 0) {
    throw new SuiteError("ERR_FILE", `the workbook has no sheet "${name}" with its columns`, {
      where: `${where} ${name}: ${missing.join(", ")}`,
      mend: "give a workbook made by `segur dossier export`; a REM of the agency is for `segur specs import`",
    });
  }
  return rows
    .map((row, index) => ({ cells: columns.map((column) => row[head.indexOf(column)] ?? ""), line: index + 2 }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
}
