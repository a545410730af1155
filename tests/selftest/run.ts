/**
 * `npm run selftest`: shows that each check is met by the honest reference vendor and fails for the named reason on every
 * mutation and defect. Writes docs/tables/kills.json and kills.md. Arguments: prefixes of check or defect ids; `--quick`
 * plays no defect.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openSuite } from "../../bin/suite.js";
import { evaluate } from "../../core/evaluate/evaluate.js";
import type { Broken, CheckDef, CheckResult, RecordingView, Scenario } from "../../core/model/index.js";
import { byCodeUnit } from "../../core/model/index.js";
import { viewOf } from "../../core/record/reader.js";
import { brokenOf } from "./broken-cases.js";
import { editRecording } from "./editor.js";
import { verdictOf } from "./kill.js";
import { openStage, type PlayedStage, type Stage } from "./stage.js";

interface Row {
  readonly check: string;
  readonly kind: "mutation" | "defect";
  readonly id: string;
  readonly message: string;
  readonly killed: boolean;
  readonly why: string;
}

const LANES = 2;

const suite = openSuite();
const args = process.argv.slice(2);
const quick = args.includes("--quick");
const prefixes = args.filter((arg) => !arg.startsWith("--"));
const selected = suite.checks.filter((check) => prefixes.length === 0 || prefixes.some((p) => check.id.startsWith(p)));
const faults: string[] = [];
const rows: Row[] = [];
const startedAt = performance.now();
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Every check over a recording. */
function judge(view: RecordingView, checks: readonly CheckDef[] = suite.checks): Map<string, CheckResult> {
  const results = evaluate(
    view,
    checks.map((check) => ({ check, planned: true })),
    (check, error) =>
      faults.push(`${check} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
  return new Map(results.map((result) => [result.id, result]));
}

function withControls(ids: readonly string[]): Scenario[] {
  const wanted = new Set<string>(ids);
  for (const scenario of suite.specs.scenarios) {
    if (wanted.has(scenario.id) && scenario.control) wanted.add(scenario.control);
  }
  for (const id of wanted) {
    if (!suite.specs.scenarios.some((scenario) => scenario.id === id)) faults.push(`no scenario ${id}`);
  }
  return suite.specs.scenarios
    .filter((scenario) => wanted.has(scenario.id))
    .sort((a, b) => Number(Boolean(a.control)) - Number(Boolean(b.control)) || byCodeUnit(a.id, b.id));
}

const pkiFolder = path.join(tmpdir(), "segur-selftest-pki");
const stages: Stage[] = await Promise.all(Array.from({ length: quick ? 1 : LANES }, () => openStage(suite, pkiFolder)));
try {
  const [first] = stages;
  if (!first) throw new Error("no stage");
  say("good recording: every scenario, honest vendor");
  const good = await first.play(null, withControls(suite.specs.scenarios.map((scenario) => scenario.id)));
  const goodView = viewOf(good.records, good.source);
  const baseline = judge(goodView);
  for (const [scenario, state] of good.states) if (state !== "done") faults.push(`scenario ${scenario}: ${state}`);
  for (const check of selected) {
    const result = baseline.get(check.id);
    if (!result || (result.outcome !== "met" && result.outcome !== "inapplicable")) {
      const fired = result?.findings
        .map((f) => `${f.message} ${JSON.stringify(f.slots)} ${JSON.stringify(f.at)}`)
        .join("; ");
      faults.push(`honest vendor: ${check.id} is ${result?.outcome} (${result?.reason ?? ""}) ${fired ?? ""}`);
    }
  }
  say(`  ${((performance.now() - startedAt) / 1000).toFixed(1)} s, ${good.states.size} scenarios`);
  const cases = new Map<string, Broken>();
  for (const check of selected) {
    try {
      cases.set(check.id, await brokenOf(check.id));
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  for (const check of selected) {
    const broken = cases.get(check.id);
    if (broken) await mutate(check, broken, { ...good, view: goodView }, first);
  }
  say(`mutations: ${rows.filter((row) => row.killed).length}/${rows.length} killed`);
  if (!quick) await playDefects(cases, baseline);
} finally {
  await Promise.all(stages.map((stage) => stage.close()));
}

async function mutate(
  check: CheckDef,
  broken: Broken,
  good: PlayedStage & { readonly view: RecordingView },
  stage: Stage,
): Promise<void> {
  const breaches = Object.entries(check.messages).filter(([, message]) => message.weight === "breach");
  const shown = new Set([...broken.mutations.map((m) => m.message), ...broken.defects.map((d) => d.message)]);
  for (const [id] of breaches) if (!shown.has(id)) faults.push(`${check.id}: nothing breaks it with the message ${id}`);
  if (broken.mutations.length === 0) faults.push(`${check.id}: no mutation`);
  if (broken.defects.length === 0) faults.push(`${check.id}: no defect`);
  for (const mutation of broken.mutations) {
    const row = { check: check.id, kind: "mutation", id: mutation.id, message: mutation.message } as const;
    try {
      const session = editRecording(good.records, good.source, stage.pki, good.view);
      await mutation.edit(session.editor);
      const result = judge(session.view(), [check]).get(check.id);
      rows.push({ ...row, ...verdictOf(check, result, mutation) });
    } catch (error) {
      rows.push({
        ...row,
        killed: false,
        why: `the mutation itself failed: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
}

async function playDefects(
  cases: ReadonlyMap<string, Broken>,
  baseline: ReadonlyMap<string, CheckResult>,
): Promise<void> {
  const defects = new Map<
    string,
    {
      check: string;
      message: string;
      also: readonly string[];
      scenarios: readonly string[];
      collateral: readonly string[];
    }[]
  >();
  for (const [check, broken] of cases) {
    for (const entry of broken.defects) {
      const list = defects.get(entry.defect) ?? [];
      list.push({
        check,
        message: entry.message,
        also: entry.also ?? [],
        scenarios: entry.scenarios,
        collateral: (entry.collateral ?? []).map((other) => other.check),
      });
      defects.set(entry.defect, list);
    }
  }
  const queue = [...defects].sort((a, b) => byCodeUnit(a[0], b[0]));
  const total = queue.length;
  let done = 0;
  const lane = async (stage: Stage): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [defect, entries] = next;
      const started = performance.now();
      try {
        const played = await stage.play(defect, withControls(entries.flatMap((entry) => entry.scenarios)));
        const results = judge(viewOf(played.records, played.source));
        for (const entry of entries) {
          const check = suite.checks.find((one) => one.id === entry.check);
          if (check)
            rows.push({
              check: entry.check,
              kind: "defect",
              id: defect,
              message: entry.message,
              ...verdictOf(check, results.get(entry.check), entry),
            });
        }
        strangers(defect, entries, results, baseline);
      } catch (error) {
        faults.push(`defect ${defect}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
      done += 1;
      say(`  [${done}/${total}] ${defect} ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
  };
  await Promise.all(stages.map(lane));
}

/** Anything that fires without having been announced, primary or collateral, is a fault: of the check, or of the table. */
function strangers(
  defect: string,
  entries: readonly { check: string; collateral: readonly string[] }[],
  results: ReadonlyMap<string, CheckResult>,
  baseline: ReadonlyMap<string, CheckResult>,
): void {
  const announced = new Set(entries.flatMap((entry) => [entry.check, ...entry.collateral]));
  for (const result of results.values()) {
    const usual = new Set(baseline.get(result.id)?.findings.map((finding) => finding.message) ?? []);
    const news = result.findings.filter((finding) => !usual.has(finding.message));
    if (news.length > 0 && !announced.has(result.id)) {
      const what = [...new Set(news.map((f) => `${f.message} ${JSON.stringify(f.slots)}`))].join(", ");
      faults.push(`defect ${defect}: ${result.id} fired unannounced: ${what.slice(0, 400)}`);
    }
    if (result.outcome === "error") faults.push(`defect ${defect}: ${result.id} threw`);
  }
}

rows.sort((a, b) => byCodeUnit(`${a.check} ${a.kind} ${a.id}`, `${b.check} ${b.kind} ${b.id}`));
const survivors = rows.filter((row) => !row.killed);
for (const row of survivors) say(`SURVIVED ${row.check} ${row.kind} ${row.id} (${row.message}): ${row.why}`);
for (const fault of faults) say(`FAULT ${fault}`);
const mutants = { total: rows.length, killed: rows.length - survivors.length };
if (prefixes.length === 0 && !quick && survivors.length === 0 && faults.length === 0) writeTables();
say(
  `${mutants.killed}/${mutants.total} killed, ${faults.length} faults, ${((performance.now() - startedAt) / 1000).toFixed(0)} s`,
);
process.stdout.write(`${mutants.killed} passed, ${survivors.length + faults.length} failed\n`);
process.exit(survivors.length + faults.length === 0 ? 0 : 1);

/** The published table: what kills what. No times in it, so that it is stale only when its content changed. */
function writeTables(): void {
  const folder = path.join(suite.root, "docs", "tables");
  mkdirSync(folder, { recursive: true });
  const table = rows.map(({ check, kind, id, message }) => ({ check, kind, id, message }));
  writeFileSync(path.join(folder, "kills.json"), `${JSON.stringify({ mutants, rows: table }, null, 1)}\n`);
  const lines = [
    "# Kill table",
    "",
    "Regenerated by `npm run selftest`. Each mutation edits raw bytes of a good recording; each defect is the reference vendor",
    "misbehaving in one way. Killed = the named message fired, no other blocking message of that check did, and nothing fired",
    "elsewhere that was not announced.",
    "",
    `${mutants.killed} of ${mutants.total} killed, ${suite.checks.length} checks.`,
    "",
    "| check | broken by | | message |",
    "|---|---|---|---|",
    ...table.map((row) => `| ${row.check} | ${row.id} | ${row.kind} | ${row.message} |`),
  ];
  writeFileSync(path.join(folder, "kills.md"), `${lines.join("\n")}\n`);
}
