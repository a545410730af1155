/** `segur coverage`: what has a check today and what is still owed; with `--perimeter`, row by row. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Perimeter, SuiteError } from "../../core/model/index.js";
import { suggestion } from "../../core/plan/problems.js";
import { type Coverage, type CoveredRow, coverage as cover } from "../../core/score/index.js";
import { MESSAGES } from "../../reports/messages/index.js";
import type { ExitCode, Lang } from "../output.js";
import { openSuite, type Suite } from "../suite.js";

export interface CoverageOptions {
  readonly json?: boolean;
  /** Folder of a rule pack. */
  readonly specs?: string;
  readonly owed?: boolean;
  /** Id of the only perimeter to tell of, with every row of it. */
  readonly perimeter?: string;
  readonly lang: Lang;
}

export function coverage(options: CoverageOptions): ExitCode {
  const suite = openSuite(options);
  const chosen = options.perimeter === undefined ? undefined : perimeterOf(suite, options.perimeter);
  const table = coverageOf(suite, chosen ? { perimeters: [chosen], list: true } : {});
  process.stdout.write(
    options.json
      ? `${JSON.stringify(table)}\n`
      : coverageText(table, { lang: options.lang, owed: options.owed ?? false, chosen }),
  );
  return 0;
}

function perimeterOf(suite: Suite, id: string): Perimeter {
  const found = suite.specs.perimeters.find((perimeter) => perimeter.id === id);
  if (found) return found;
  const ids = suite.specs.perimeters.map((perimeter) => perimeter.id);
  throw new SuiteError("ERR_USAGE", `there is no perimeter "${id}"`, { mend: suggestion(id, ids) });
}

/** Of all perimeters, unless some are given. `list`: every row too. */
export function coverageOf(
  suite: Suite,
  only: { readonly perimeters?: readonly Perimeter[]; readonly list?: boolean } = {},
): Coverage {
  return cover({
    perimeters: only.perimeters ?? suite.specs.perimeters,
    requirements: suite.specs.requirements,
    unidentified: suite.specs.unidentified,
    checks: suite.checks,
    mutants: mutantsOf(suite.root),
    list: only.list ?? false,
  });
}

/** Totals of the last selftest, from its stored table; null when there is none. */
function mutantsOf(root: string): { total: number; killed: number } | null {
  const file = path.join(root, "docs", "tables", "kills.json");
  if (!existsSync(file)) return null;
  const { mutants } = JSON.parse(readFileSync(file, "utf8")) as { mutants: { total: number; killed: number } };
  return { total: mutants.total, killed: mutants.killed };
}

const WORDS = {
  fr: {
    head: [
      "périmètre",
      "exigences",
      "prouvables",
      "contrôlées",
      "en partie",
      "à preuve",
      "par preuve",
      "exclues",
      "dues",
    ],
    legend: [
      "prouvables : une machine peut l'établir ; contrôlées : un contrôle donne le verdict ; en partie : des contrôles n'en couvrent qu'une partie",
      "à preuve : la source demande une preuve ; par preuve : seule une preuve établit l'exigence ; exclues : ni contrôle ni preuve listée, le manque est dit ; dues : prouvables, pas encore de verdict de machine",
      "contrôlées + par preuve + exclues = exigences",
    ],
    checks: "contrôles",
    tied: "liés à une exigence",
    mutants: "mutants tués",
    none: "mutants tués : inconnu, pas de table du selftest (npm run tables)",
    witness: "messages bloquants sans témoin extérieur",
    owed: "Exigences prouvables par machine, encore sans verdict",
    decided: "contrôles",
    part: "en partie",
    proofs: "preuves",
    excluded: "exclue",
    variant: "énoncé propre à ce couloir",
  },
  en: {
    head: ["perimeter", "rows", "provable", "checked", "in part", "with proofs", "by proof", "excluded", "owed"],
    legend: [
      "provable: a machine can establish it; checked: a check gives the verdict; in part: checks cover only a part",
      "with proofs: the source demands a proof; by proof: only a proof establishes the row; excluded: neither check nor listed proof, what lacks is stated; owed: provable, no verdict of a machine yet",
      "checked + by proof + excluded = rows",
    ],
    checks: "checks",
    tied: "tied to a requirement",
    mutants: "mutants killed",
    none: "mutants killed: unknown, no table of the selftest (npm run tables)",
    witness: "blocking messages without outside witness",
    owed: "Machine-provable rows that have no verdict yet",
    decided: "checks",
    part: "in part",
    proofs: "proofs",
    excluded: "excluded",
    variant: "statement of this couloir",
  },
} as const;

interface Telling {
  readonly lang: Lang;
  /** Also the rows that still owe their check. */
  readonly owed: boolean;
  /** The only perimeter asked for; its rows are told. */
  readonly chosen?: Perimeter | undefined;
}

export function coverageText(table: Coverage, { lang, owed, chosen }: Telling): string {
  const words = WORDS[lang];
  const t = MESSAGES[lang];
  const rows = [
    [...words.head],
    ...table.perimeters.map((p) => [
      p.id,
      ...[p.rows, p.provable, p.checked, p.supported, p.proofs, p.proofsOnly, p.excluded, p.owed.length].map(String),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
  lines.push(...words.legend);
  if (chosen) {
    const listed = table.perimeters.flatMap((perimeter) => perimeter.list ?? []);
    for (const group of chosen.groups) {
      lines.push("", `${group.title[lang]} (${group.rows.length})`);
      lines.push(...listed.filter((row) => row.group === group.id).flatMap((row) => rowLines(row, lang)));
    }
  } else {
    const tied = table.checks.filter((check) => check.rows.length + check.supports.length > 0).length;
    lines.push("", `${table.checks.length} ${words.checks}, ${tied} ${words.tied}`);
    lines.push(table.mutants ? `${table.mutants.killed}/${table.mutants.total} ${words.mutants}` : words.none);
    lines.push(`${table.withoutWitness.length} ${words.witness}`);
    for (const { check, message } of table.withoutWitness) lines.push(`  ${check} ${message}`);
  }
  if (owed) {
    for (const perimeter of table.perimeters) {
      lines.push("", `${words.owed} (${perimeter.id})`);
      for (const row of perimeter.owed)
        lines.push(`  ${row.id.padEnd(18)} ${t.levels[row.level]}, ${t.verifications[row.verification]}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The row, then what serves it. */
function rowLines(row: CoveredRow, lang: Lang): string[] {
  const words = WORDS[lang];
  const t = MESSAGES[lang];
  const { kinds, ids } = row.proofs;
  const wanted = kinds.map((kind) => t.proofs.kinds[kind] ?? kind).join(", ");
  const served: string[] = [];
  if (row.checks.length > 0) served.push(`${words.decided}${t.colon}${row.checks.join(", ")}`);
  if (row.supports.length > 0) served.push(`${words.part}${t.colon}${row.supports.join(", ")}`);
  if (ids > 0 || wanted !== "") served.push(`${words.proofs} (${ids})${wanted === "" ? "" : t.colon + wanted}`);
  if (row.excluded) served.push(`${words.excluded}${t.colon}${row.excluded[lang]}`);
  const own = row.variant ? ` (${words.variant})` : "";
  return [
    `  ${row.id}${own}${t.colon}${row.title[lang]}`,
    `    ${t.levels[row.level]}, ${t.verifications[row.verification]}`,
    ...served.map((line) => `    ${line}`),
  ];
}
