/**
 * Findings of `segur check` as SARIF 2.1.0 (OASIS), as code hosts and editors read it. A rule per message that fired, by the id
 * `check/message`; a breach is an error, a remark a note; a file that could not be judged is a notification, and the invocation
 * then was not successful. Equal input gives equal bytes: nothing here reads a clock or a disk.
 */
import {
  byCodeUnit,
  type MessageDef,
  type OfficialFailure,
  type OfficialLayer,
  type OfficialReport,
  type OfficialTreeFacts,
  type Text,
} from "../../core/model/index.js";
import type { Lang } from "../model.js";
import { OFFICIAL_WORDS } from "../official.js";
import { visible } from "../safe.js";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

export interface SarifFinding {
  readonly check: string;
  readonly message: string;
  readonly weight: "breach" | "remark";
  /** The message with its slots, safe to print. */
  readonly text: string;
  /** XPath, header, part of an archive. */
  readonly location: string | null;
  readonly line: number | null;
  readonly requirements: readonly string[];
}

export interface SarifFile {
  /** As the user named it. */
  readonly file: string;
  /** Relative to the folder of the call with `/` between names, or a `file:` URL for what lies outside of it. */
  readonly uri: string;
  /** Why it was not judged, in words; null when it was. */
  readonly notJudged: string | null;
  readonly findings: readonly SarifFinding[];
  /** What the official rules say of each CDA of the file; absent when none were given. */
  readonly official?: readonly (OfficialReport & { readonly place: string | null })[];
}

export interface SarifInput {
  readonly toolVersion: string;
  readonly lang: Lang;
  readonly files: readonly SarifFile[];
  readonly checks: readonly {
    readonly id: string;
    readonly title: Text;
    readonly messages: Readonly<Record<string, MessageDef>>;
  }[];
  /** The official rules that judged beside ours. */
  readonly official?: OfficialTreeFacts;
}

export function renderSarif(input: SarifInput): string {
  const fired = new Map(
    input.files.flatMap((file) => file.findings).map((finding) => [ruleId(finding), finding] as const),
  );
  const ids = [...fired.keys()].sort(byCodeUnit);
  const failures = input.files.filter((file) => file.notJudged !== null);
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "segur",
            version: input.toolVersion,
            language: input.lang,
            rules: ids.map((id) => rule(id, fired.get(id), input)),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures.map((file) => ({
              level: "error",
              message: { text: plain(`${visible(file.file)}: ${file.notJudged ?? ""}`) },
              locations: [{ physicalLocation: { artifactLocation: { uri: file.uri } } }],
            })),
          },
        ],
        artifacts: [...new Set(input.files.map((file) => file.uri))].map((uri) => ({ location: { uri } })),
        results: input.files.flatMap((file) => file.findings.map((finding) => result(file, finding, ids))),
      },
      ...(input.official ? [officialRun(input, input.official)] : []),
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Braces mean placeholders (SARIF 2.1.0, §3.11.5) and `[text](target)` a link (§3.11.6): what comes from a file makes neither. */
function plain(text: string): string {
  return text.replace(/[{}]/g, "$&$&").replaceAll("](", "] (");
}

function ruleId(finding: Pick<SarifFinding, "check" | "message">): string {
  return `${finding.check}/${finding.message}`;
}

function level(weight: SarifFinding["weight"]): "error" | "note" {
  return weight === "breach" ? "error" : "note";
}

function rule(id: string, finding: SarifFinding | undefined, input: SarifInput): object {
  const check = input.checks.find((one) => one.id === finding?.check);
  const message = finding && check?.messages[finding.message];
  const { lang } = input;
  return {
    id,
    ...(check ? { shortDescription: { text: plain(check.title[lang]) } } : {}),
    ...(message ? { fullDescription: { text: plain(message[lang].replace(/\{[a-zA-Z]+\}/g, "…")) } } : {}),
    help: { text: `segur explain ${finding?.check ?? id}` },
    defaultConfiguration: { level: level(finding?.weight ?? "breach") },
    properties: {
      ...(message ? { source: message.source, mark: message.mark } : {}),
      tags: finding?.requirements ?? [],
    },
  };
}

function result(file: SarifFile, finding: SarifFinding, ids: readonly string[]): object {
  const id = ruleId(finding);
  const place = finding.location === null ? null : visible(finding.location);
  return {
    ruleId: id,
    ruleIndex: ids.indexOf(id),
    level: level(finding.weight),
    message: { text: plain(finding.text) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.uri },
          ...(finding.line === null ? {} : { region: { startLine: finding.line } }),
        },
        ...(place === null ? {} : { logicalLocations: [{ fullyQualifiedName: place }] }),
      },
    ],
    // The same finding in the same place of the same file is the same alert, whatever lines come before it.
    partialFingerprints: { "segurPlace/v1": `${id}@${file.uri}#${place ?? ""}` },
  };
}

/** Rules of others are a run of their own: another tool, whose version is the digest of the rules. */
function officialRun(input: SarifInput, tree: OfficialTreeFacts): object {
  const t = OFFICIAL_WORDS[input.lang];
  const reports = input.files.flatMap((file) => (file.official ?? []).map((report) => ({ file, report })));
  const notRun = reports.flatMap(({ file, report }) =>
    report.layers
      .filter(({ state, applies }) => state === "not_run" && applies)
      .map(({ id, reason }) => ({ file, text: `${t.layers[id]}: ${reason ? t.reasons[reason.code] : ""}` })),
  );
  const unread = reports.flatMap(({ file, report }) =>
    report.problem === null ? [] : [{ file, text: t.problems[report.problem] ?? report.problem }],
  );
  const failures = [...notRun, ...unread];
  return {
    tool: { driver: { name: "cda-official", version: tree.digest, language: input.lang } },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: failures.length === 0,
        toolExecutionNotifications: failures.map(({ file, text }) => ({
          level: "error",
          message: { text: plain(`${visible(file.file)}: ${visible(text)}`) },
          locations: [{ physicalLocation: { artifactLocation: { uri: file.uri } } }],
        })),
      },
    ],
    artifacts: [...new Set(reports.map(({ file }) => file.uri))].map((uri) => ({ location: { uri } })),
    results: reports.flatMap(({ file, report }) =>
      report.layers.flatMap((layer) => [
        ...layer.failures.map((failure) => officialResult(file, report.place, layer, failure, "error")),
        ...layer.warnings.map((failure) => officialResult(file, report.place, layer, failure, "warning")),
      ]),
    ),
  };
}

function officialResult(
  file: SarifFile,
  inside: string | null,
  layer: OfficialLayer,
  failure: OfficialFailure,
  level: "error" | "warning",
): object {
  const id = `${layer.id}/${visible(failure.key)}`;
  const place = [inside, failure.path].filter((part) => part !== null).map((part) => visible(part));
  // Lines are those of the document: of an archive they would be of another file.
  const region = failure.line === null || inside !== null ? {} : { region: { startLine: failure.line } };
  return {
    ruleId: id,
    level,
    message: { text: plain(visible(failure.text)) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: file.uri }, ...region },
        ...(place.length === 0 ? {} : { logicalLocations: [{ fullyQualifiedName: place.join(" ") }] }),
      },
    ],
    partialFingerprints: { "segurPlace/v1": `${id}@${file.uri}#${place.join(" ")}` },
  };
}
