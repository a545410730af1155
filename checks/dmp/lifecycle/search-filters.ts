/** Each filter the user set stands in the query (TD3.1); without any, documents in use are listed. */
import { defineCheck, type Exchange, type Pointer, type Report } from "../../../core/model/index.js";
import { parseQueryCode } from "../../../protocols/xds-query.js";
import { queryOf, valuesOf } from "../helpers/consultation.js";
import { LIFE, WITNESS } from "../helpers/sources.js";
import { asked, type Asked, listOf, member, textOf } from "../helpers/steps.js";

const APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved";
/** Status as the driver is asked it, and as the registry knows it (dmp.md §1.1). */
const STATUS: ReadonlyMap<string, string> = new Map([
  ["approved", APPROVED],
  ["deprecated", "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"],
  ["archived", "urn:asip:ci-sis:2010:StatusType:Archived"],
  ["deleted", "urn:asip:ci-sis:2010:StatusType:Deleted"],
]);
const CODED: ReadonlyMap<string, string> = new Map([
  ["classCode", "$XDSDocumentEntryClassCode"],
  ["typeCode", "$XDSDocumentEntryTypeCode"],
  ["practiceSetting", "$XDSDocumentEntryPracticeSettingCode"],
  ["facilityType", "$XDSDocumentEntryHealthcareFacilityTypeCode"],
]);
/** A day may be searched by any of the three times. */
const TIMES = ["CreationTime", "ServiceStartTime", "ServiceStopTime"];

export default defineCheck({
  id: "dmp/search-filters",
  title: {
    fr: "Chaque critère choisi figure dans la recherche (TD3.1)",
    en: "Each criterion chosen stands in the search (TD3.1)",
  },
  reads: ["dmp.search"],
  scenarios: ["dmp-search"],
  messages: {
    absent: {
      weight: "breach",
      source: LIFE.row("DMP/UX.27", "search by several XDS metadata, by TD3.1"),
      mark: "verified",
      witness: "none",
      fr: "Le critère {name} = « {expected} » était choisi ; aucune recherche ne le porte.",
      en: "The criterion {name} = “{expected}” was chosen; no search carries it.",
    },
    more_than_in_use: {
      weight: "remark",
      source: LIFE.integrators("EX_3.1-1030: liste par défaut limitée aux documents en vigueur"),
      mark: "third-party",
      witness: WITNESS.kitSearch,
      fr: "Sans critère de statut, la recherche demande aussi : {observed} ; par défaut, seuls les documents en vigueur (Approved) sont listés.",
      en: "Without a criterion of status the search also asks for: {observed}; by default only documents in use (Approved) are listed.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) for (const one of asked(run, "dmp.search")) judge(one, report);
  },
});

function judge({ run, step, calls }: Asked, report: Report): void {
  const matricule = run.facts.patient?.ins?.matricule;
  const finds = calls.filter((x) => queryOf(x)?.name === "FindDocuments" && isAbout(x, matricule));
  const first = finds[0];
  if (step.status !== "done" || !first) return;
  const at: Pointer = { exchange: first.id, side: "request", where: "AdhocQuery" };
  const filters = member(step.input, "filters");
  const wanted = criteria(filters);
  if (wanted.length > 0) report.observed(at);
  for (const { name, expected, holds } of wanted) {
    if (!finds.some(holds)) report.finding("absent", at, { name, expected });
  }
  if (member(filters, "status") !== undefined) return;
  const statuses = finds.flatMap((x) => valuesIn(x, "$XDSDocumentEntryStatus"));
  const others = statuses.filter((status) => status !== APPROVED);
  if (others.length > 0) report.finding("more_than_in_use", at, { observed: [...new Set(others)].join(", ") });
}

interface Criterion {
  readonly name: string;
  readonly expected: string;
  readonly holds: (exchange: Exchange) => boolean;
}

function criteria(filters: unknown): Criterion[] {
  const list: Criterion[] = [];
  for (const [name, parameter] of CODED) {
    const expected = textOf(member(filters, name));
    if (expected === null) continue;
    const holds = (x: Exchange): boolean => valuesIn(x, parameter).some((v) => parseQueryCode(v).code === expected);
    list.push({ name, expected, holds });
  }
  for (const [name, end] of [
    ["from", "From"],
    ["to", "To"],
  ] as const) {
    const expected = textOf(member(filters, name));
    if (expected === null) continue;
    const holds = (x: Exchange): boolean =>
      TIMES.some((time) => valuesIn(x, `$XDSDocumentEntry${time}${end}`).some((value) => near(value, expected)));
    list.push({ name, expected, holds });
  }
  for (const status of listOf(member(filters, "status"))) {
    const expected = STATUS.get(String(status));
    if (expected === undefined) continue;
    list.push({ name: "status", expected, holds: (x) => valuesIn(x, "$XDSDocumentEntryStatus").includes(expected) });
  }
  return list;
}

/** Midnight in France is another day in UTC, and the end of a day is the beginning of the next. */
function near(value: string, day: string): boolean {
  const found = /^(\d{4})(\d\d)?(\d\d)?/.exec(value);
  if (!found) return false;
  const at = Date.parse(`${found[1]}-${found[2] ?? "01"}-${found[3] ?? "01"}T00:00:00Z`);
  return Math.abs(at - Date.parse(`${day}T00:00:00Z`)) <= 2 * 86_400_000;
}

function valuesIn(exchange: Exchange, parameter: string): readonly string[] {
  const query = queryOf(exchange);
  return query ? valuesOf(query, parameter) : [];
}

function isAbout(exchange: Exchange, matricule: string | undefined): boolean {
  const values = valuesIn(exchange, "$XDSDocumentEntryPatientId");
  return matricule === undefined || values.some((value) => value.startsWith(`${matricule}^`));
}
