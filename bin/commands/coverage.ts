/** `segur coverage`: what has a check today and what is still owed. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Coverage, coverage as cover } from "../../core/score/index.js";
import { MESSAGES } from "../../reports/messages/index.js";
import type { ExitCode, Lang } from "../output.js";
import { openSuite, type Suite } from "../suite.js";

export interface CoverageOptions {
  readonly json?: boolean;
  /** Folder of a rule pack. */
  readonly specs?: string;
  readonly owed?: boolean;
  readonly lang: Lang;
}

export function coverage(options: CoverageOptions): ExitCode {
  const table = coverageOf(openSuite(options));
  process.stdout.write(
    options.json ? `${JSON.stringify(table)}\n` : coverageText(table, options.lang, options.owed ?? false),
  );
  return 0;
}

export function coverageOf(suite: Suite): Coverage {
  return cover({
    perimeters: suite.specs.perimeters,
    requirements: suite.specs.requirements,
    unidentified: suite.specs.unidentified,
    checks: suite.checks,
    mutants: mutantsOf(suite.root),
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
    head: ["périmètre", "exigences", "prouvables", "contrôlées", "en partie", "à preuve", "exclues", "dues"],
    legend:
      "prouvables : une machine peut l'établir ; contrôlées : un contrôle donne le verdict ; en partie : des contrôles n'en couvrent qu'une partie ; dues : pas encore de verdict de machine",
    checks: "contrôles",
    tied: "liés à une exigence",
    mutants: "mutants tués",
    none: "mutants tués : inconnu, pas de table du selftest (npm run tables)",
    witness: "messages bloquants sans témoin extérieur",
    owed: "Exigences prouvables par machine, encore sans verdict",
  },
  en: {
    head: ["perimeter", "rows", "provable", "checked", "in part", "with proofs", "excluded", "owed"],
    legend:
      "provable: a machine can establish it; checked: a check gives the verdict; in part: checks cover only a part; owed: no verdict of a machine yet",
    checks: "checks",
    tied: "tied to a requirement",
    mutants: "mutants killed",
    none: "mutants killed: unknown, no table of the selftest (npm run tables)",
    witness: "blocking messages without outside witness",
    owed: "Machine-provable rows that have no verdict yet",
  },
} as const;

export function coverageText(table: Coverage, lang: Lang, owed: boolean): string {
  const words = WORDS[lang];
  const t = MESSAGES[lang];
  const rows = [
    [...words.head],
    ...table.perimeters.map((p) => [
      p.id,
      ...[p.rows, p.provable, p.checked, p.supported, p.proofs, p.excluded, p.owed.length].map(String),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
  const tied = table.checks.filter((check) => check.rows.length + check.supports.length > 0).length;
  lines.push(words.legend);
  lines.push("", `${table.checks.length} ${words.checks}, ${tied} ${words.tied}`);
  lines.push(table.mutants ? `${table.mutants.killed}/${table.mutants.total} ${words.mutants}` : words.none);
  lines.push(`${table.withoutWitness.length} ${words.witness}`);
  for (const { check, message } of table.withoutWitness) lines.push(`  ${check} ${message}`);
  if (owed) {
    for (const perimeter of table.perimeters) {
      lines.push("", `${words.owed} (${perimeter.id})`);
      for (const row of perimeter.owed)
        lines.push(`  ${row.id.padEnd(18)} ${t.levels[row.level]}, ${t.verifications[row.verification]}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
