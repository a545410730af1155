/** REM workbooks of fictitious requirements, in the three official layouts, made by the suite's own writer. */
import { writeWorkbook } from "../../protocols/workbook/index.js";

/** A requirement as a test writes it: one scenario, with its proofs. */
export interface RemRow {
  readonly id: string;
  readonly perimeter?: string;
  readonly statement?: string;
  readonly nature?: string;
  readonly profile?: string;
  readonly conditional?: string;
  readonly scenario?: string;
  readonly proofs?: readonly (readonly [id: string, text: string])[];
  readonly publication?: string;
  readonly earlier?: string;
}

const PAIRS = Array.from({ length: 10 }, (_, index) => index + 1);
const PAIR_COLUMNS = PAIRS.flatMap((n) => [`N° preuve ${n}`, `Preuve ${n}`]);
const pairs = ({ proofs = [] }: RemRow): string[] => PAIRS.flatMap((n) => [...(proofs[n - 1] ?? ["", ""])]);
const statementOf = ({ id, statement }: RemRow): string => statement ?? `Le système DOIT faire ${id}.`;

/** As the official templates write them. */
export const OLDER_COLUMNS = [
  ...["Exigence conditionnelle OUI/NON", "Profil", "ID Section", "Section", "Bloc", "Fonction", "Nature de l'exigence"],
  ...[
    "N° exigence",
    "Énoncé de l'exigence (DOIT) ou de la préconisation (PEUT)",
    "N° scénario",
    "Scénario de conformité",
  ],
  ...PAIR_COLUMNS,
];

export function olderRem(rows: readonly RemRow[], sheet = "Exigences"): Promise<Uint8Array> {
  const written = rows.map((row) => [
    ...[
      row.conditional ?? "NON",
      row.profile ?? "Général",
      "",
      "Chapitre",
      "Bloc",
      "Fonction",
      row.nature ?? "EXIGENCE",
    ],
    ...[row.id, statementOf(row), row.scenario ?? "", row.scenario ? "Étapes du scénario" : ""],
    ...pairs(row),
  ]);
  return writeWorkbook([{ name: sheet, columns: OLDER_COLUMNS, rows: written }]);
}

export const NEWER_COLUMNS = [
  ...["Périmètre", "ID", "Chapitre", "Fonction", "Exigence", "Commentaire", "Nature de l'exigence", "Profil"],
  ...["N° scénario", "Scénario de conformité", ...PAIR_COLUMNS, "Statut publication", "VA N-1", "Criticité", "Ordre"],
];

export function newerRem(...sheets: readonly (readonly RemRow[])[]): Promise<Uint8Array> {
  return writeWorkbook(
    sheets.map((rows, index) => ({
      name: `Exigences ${index + 1}`,
      columns: NEWER_COLUMNS,
      rows: rows.map((row) => [
        ...[row.perimeter ?? "Vague 2", row.id, "Chapitre", "Fonction", statementOf(row), "Note au lecteur"],
        ...[row.nature ?? "EXIGENCE", row.profile ?? "Général", row.scenario ?? "", row.scenario ? "Étapes" : ""],
        ...[...pairs(row), row.publication ?? "Nouvelle", row.earlier ?? "EDITEUR", "Mineure", "1"],
      ]),
    })),
  );
}

export function convergenceRem(rows: readonly RemRow[]): Promise<Uint8Array> {
  const columns = [
    ...["Périmètre", "ID", "Chapitre", "Fonction", "Exigence", "Commentaire", "Profil", "N° scénario"],
    ...["Scénario de conformité", "N° preuve", "Preuve", "Profil historique", "Criticité", "Ordre"],
  ];
  const written = rows.flatMap((row) =>
    (row.proofs?.length ? row.proofs : [["", ""] as const]).map(([proofId, proof]) => [
      ...[row.perimeter ?? "Vague 2", row.id, "Chapitre", "Fonction", statementOf(row), "", row.profile ?? "Général"],
      ...[row.scenario ?? "", row.scenario ? "Étapes" : "", proofId, proof, "EDITEUR", "Mineure", "1"],
    ]),
  );
  return writeWorkbook([{ name: "Exigences", columns, rows: written }]);
}
