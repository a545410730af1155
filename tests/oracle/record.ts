/** docs/tables/oracle.json and oracle.md: what was compared, when, and digests. Ids, counts and digests only: no text of the rules. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../core/model/index.js";

export interface EngineRecord {
  readonly engine: string;
  /** Documents it judged: all of the layer, or a part (`--fontoxpath-every`). */
  readonly documents: number;
  readonly disagreements: number;
  /** Digest of our canonical list. */
  readonly digest: string;
  /** That of Saxon's list of the same documents: the same one when all verdicts are. */
  readonly saxonDigest: string;
  readonly seconds: number;
}

export interface LayerRecord {
  readonly id: string;
  readonly documents: number;
  readonly examples: number;
  readonly rules: number;
  /** Rules that applied at least once. */
  readonly rulesReached: number;
  /** Distinct assertions as written (one of an extended rule counts once). */
  readonly assertions: number;
  readonly assertionsFailed: number;
  /** Assertions evaluated at a node, over all documents. */
  readonly evaluations: number;
  readonly failures: number;
  /** Documents at which Saxon gave up: there, only that we could not evaluate either was compared. */
  readonly saxonErrors: number;
  /** Assertions left out, because they name a file the tree lacks: the interpreter says so, Saxon fails them. */
  readonly withoutFile: number;
  readonly digest: string;
  readonly engines: readonly EngineRecord[];
}

export interface SaxonJsRecord {
  readonly id: string;
  /** Null: compiled and compared. */
  readonly problem: string | null;
  readonly documents: number;
  readonly disagreements: number;
  readonly compileSeconds: number;
  readonly secondsPerDocument: number;
}

export interface OracleRecord {
  readonly date: string;
  readonly treeDigest: string;
  readonly treeCommit: string | null;
  readonly node: string;
  readonly saxon: string;
  readonly seed: string;
  readonly mutants: number;
  readonly layers: readonly LayerRecord[];
  readonly unusable: readonly { readonly id: string; readonly missing: number; readonly ours: string }[];
  readonly saxonjs: readonly SaxonJsRecord[];
}

export function writeRecord(record: OracleRecord): void {
  const folder = path.join(packageRoot(import.meta.url), "docs", "tables");
  const layers = record.layers.map(({ engines, ...layer }) => ({
    ...layer,
    engines: engines.map(({ engine, documents, disagreements, digest, saxonDigest }) => ({
      engine,
      documents,
      disagreements,
      digest,
      saxonDigest,
    })),
  }));
  writeFileSync(path.join(folder, "oracle.json"), `${JSON.stringify({ ...record, layers }, null, 2)}\n`);
  writeFileSync(path.join(folder, "oracle.md"), page(record));
}

function page(record: OracleRecord): string {
  const sum = (of: (layer: LayerRecord) => number): string =>
    record.layers.reduce((total, layer) => total + of(layer), 0).toLocaleString("en-GB");
  const names = record.layers[0]?.engines.map((each) => each.engine) ?? [];
  const rows = record.layers.map((layer) => {
    const verdicts = layer.engines.map((each) => {
      const part = each.documents === layer.documents ? "" : ` on ${each.documents} documents`;
      return `${each.disagreements}${part}${each.digest === each.saxonDigest ? "" : " (digest differs)"}`;
    });
    return `| ${layer.id} | ${layer.documents} | ${layer.rulesReached} of ${layer.rules} | ${layer.assertionsFailed} of ${layer.assertions} | ${layer.evaluations.toLocaleString("en-GB")} | ${layer.failures.toLocaleString("en-GB")} | ${layer.saxonErrors} | ${layer.withoutFile} | \`${layer.digest.slice(0, 16)}\` | ${verdicts.join(" | ")} |`;
  });
  const head = `| layer | documents | rules reached | assertions failed at least once | evaluations compared | failures | Saxon gave up | left out | verdicts, SHA-256 | ${names.map((name) => `disagreements, ${name}`).join(" | ")} |`;
  const lines = [
    "# The schematron interpreter beside Saxon-HE",
    "",
    "Written by `npm run oracle -- DIR`; how, in `tests/oracle/README.md`. Counts and digests only: nothing of the official rules stands here.",
    "The digest of a layer is that of the list of all its verdicts (document, rules applied, failed assertions with place and message);",
    "an engine without disagreement has the same one for the documents it judged. Left out: assertions that name a value set the tree lacks (the interpreter says that they",
    "cannot be evaluated, Saxon lets them fail for every value).",
    "",
    `- date: ${record.date}; Node ${record.node}; Saxon ${record.saxon}`,
    `- official tree: digest \`${record.treeDigest}\`${record.treeCommit === null ? "" : `, commit \`${record.treeCommit}\``}`,
    `- documents: the official examples, ${record.mutants} copies broken at random (seed \`${record.seed}\`), and copies grown for rules`,
    `- in all: ${sum((layer) => layer.documents)} runs of a layer on a document, ${sum((layer) => layer.evaluations)} evaluations, ${sum((layer) => layer.failures)} failures; ${sum((layer) => layer.assertionsFailed)} of ${sum((layer) => layer.assertions)} assertions failed at least once; ${sum((layer) => layer.rulesReached)} of ${sum((layer) => layer.rules)} rules applied`,
    `- disagreements: ${names.map((name, index) => `${name} ${sum((layer) => layer.engines[index]?.disagreements ?? 0)}`).join(", ")}`,
    "",
    head,
    head.replace(/[^|]+/g, "---"),
    ...rows,
    "",
  ];
  if (record.unusable.length > 0) {
    lines.push("Not comparable, because the tree lacks files they include; the interpreter refuses them:", "");
    for (const each of record.unusable)
      lines.push(`- ${each.id}: ${each.missing} includes lead nowhere; ours: \`${each.ours}\``);
    lines.push("");
  }
  if (record.saxonjs.length > 0) {
    lines.push(
      "## SaxonJS beside Saxon-HE",
      "",
      "SaxonJS 2.7.0, with the same compiled style sheets, on documents of the same lists.",
      "",
      "| layer | documents | disagreements with Saxon-HE | compilation, s | run, s a document | problem |",
      "|---|---|---|---|---|---|",
    );
    for (const each of record.saxonjs) {
      lines.push(
        `| ${each.id} | ${each.documents} | ${each.disagreements} | ${each.compileSeconds.toFixed(1)} | ${each.secondsPerDocument.toFixed(3)} | ${each.problem ?? ""} |`,
      );
    }
    lines.push("");
  }
  return lines.join("\n");
}
