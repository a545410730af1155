/** TD3.3a and TD3.3b: a new version of the document chosen, with the one code asked put on or taken off, and nothing else changed. */
import { defineCheck, type Pointer, type Report } from "../../../core/model/index.js";
import type { UpdateOperation } from "../../../protocols/xds-query.js";
import type { XdsDocument } from "../../../protocols/xds.js";
import { callOf } from "../helpers/call.js";
import { updateOf, versionOf } from "../helpers/consultation.js";
import { lastDescribed } from "../helpers/registry.js";
import { LIFE, WITNESS } from "../helpers/sources.js";
import { asked, type Asked, member, textOf } from "../helpers/steps.js";

/** What each action does to the codes (dmp.md §1.1, §2.4). */
const ACTIONS: ReadonlyMap<string, { readonly code: string; readonly on: boolean }> = new Map([
  ["mask", { code: "MASQUE_PS", on: true }],
  ["unmask", { code: "MASQUE_PS", on: false }],
  ["show-patient", { code: "INVISIBLE_PATIENT", on: false }],
  ["show-representatives", { code: "INVISIBLE_REPRESENTANTS_LEGAUX", on: false }],
]);

/** Attributes whose cardinality is at least one in a registry (ITI TF-3 table 4.2.3.2-1), codes of visibility aside. */
const REQUIRED: Readonly<Record<string, (entry: XdsDocument) => string | null>> = {
  mimeType: (entry) => entry.mimeType,
  objectType: (entry) => entry.objectType,
  creationTime: (entry) => entry.creationTime,
  languageCode: (entry) => entry.languageCode,
  patientId: (entry) => entry.patientId,
  sourcePatientId: (entry) => entry.sourcePatientId,
  classCode: (entry) => entry.classCode?.code ?? null,
  typeCode: (entry) => entry.typeCode?.code ?? null,
  formatCode: (entry) => entry.formatCode?.code ?? null,
  healthcareFacilityTypeCode: (entry) => entry.healthcareFacilityTypeCode?.code ?? null,
  practiceSettingCode: (entry) => entry.practiceSettingCode?.code ?? null,
};
const OTHERS: Readonly<Record<string, (entry: XdsDocument) => string | null>> = {
  title: (entry) => entry.title,
  comments: (entry) => entry.comments,
  serviceStartTime: (entry) => entry.serviceStartTime,
  serviceStopTime: (entry) => entry.serviceStopTime,
  legalAuthenticator: (entry) => entry.legalAuthenticator,
  author: (entry) => entry.authors.flatMap(({ persons }) => persons).join(" | ") || null,
  eventCodeList: (entry) => codesOf(entry.eventCodes).join(" ") || null,
};

export default defineCheck({
  id: "dmp/update-visibility",
  title: {
    fr: "Masquer, démasquer ou rendre visible (TD3.3a, TD3.3b) ne change que le code demandé",
    en: "Masking, unmasking or showing (TD3.3a, TD3.3b) changes the code asked and nothing else",
  },
  reads: ["dmp.submit", "dmp.search", "dmp.update"],
  scenarios: ["dmp-update-mask", "dmp-update-show"],
  messages: {
    unreadable: {
      weight: "breach",
      source: `${LIFE.update}: SubmitObjectsRequest with a RegistryObjectList, in the namespaces of ebRS and ebRIM`,
      mark: "standard",
      witness: WITNESS.kitUpdate,
      fr: "L'appel de modification ne porte pas de SubmitObjectsRequest lisible avec un RegistryObjectList.",
      en: "The update call carries no readable SubmitObjectsRequest with a RegistryObjectList.",
    },
    other_document: {
      weight: "breach",
      source: `${LIFE.update}: the new version bears the uniqueId of the former one`,
      mark: "standard",
      witness: "none",
      fr: "Demandé : {action} du document « {expected} » ; la nouvelle version porte l'uniqueId « {observed} ».",
      en: "Asked: {action} of the document “{expected}”; the new version bears the uniqueId “{observed}”.",
    },
    previous_version: {
      weight: "breach",
      source: `${LIFE.update}: PreviousVersion of the HasMember association`,
      mark: "standard",
      witness: "none",
      fr: "PreviousVersion attendu : {expected} (version donnée par le registre) ; observé : « {observed} ».",
      en: "PreviousVersion expected: {expected} (version the registry gave); observed: “{observed}”.",
    },
    logical_id: {
      weight: "breach",
      source: `${LIFE.update}: lid of the new version; logicalId constant across versions (dmp.md §5, S1)`,
      mark: "standard",
      witness: "none",
      fr: "lid attendu : {expected} (identifiant logique donné par le registre) ; observé : « {observed} ».",
      en: "lid expected: {expected} (logical id the registry gave); observed: “{observed}”.",
    },
    codes: {
      weight: "breach",
      source: LIFE.row("DMP/va1.17", "masking and visibility as the user chose; TD3.3a, TD3.3b (dmp.md §1.1, S1 S2)"),
      mark: "verified",
      witness: "none",
      fr: "Demandé : {action}. Codes de confidentialité attendus : {expected} ; observés : {observed}.",
      en: "Asked: {action}. Confidentiality codes expected: {expected}; observed: {observed}.",
    },
    lost: {
      weight: "breach",
      source: `${LIFE.update}: the new version is a whole entry; ITI TF-3 table 4.2.3.2-1, required attributes`,
      mark: "standard",
      witness: "none",
      fr: "La nouvelle version n'a pas {attribute}, obligatoire, que le registre donne : « {expected} ».",
      en: "The new version has no {attribute}, which is required and which the registry gives: “{expected}”.",
    },
    altered: {
      weight: "remark",
      source: "TD3.3a et TD3.3b ne portent que sur la visibilité (dmp.md §1.1)",
      mark: "inferred",
      witness: "none",
      fr: "{attribute} change aussi : « {expected} » dans le registre, « {observed} » dans la nouvelle version.",
      en: "{attribute} changes too: “{expected}” in the registry, “{observed}” in the new version.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) for (const one of asked(run, "dmp.update")) judgeStep(one, report);
  },
});

function judgeStep({ run, step, calls }: Asked, report: Report): void {
  const action = textOf(member(step.input, "action")) ?? "";
  const uniqueId = textOf(member(step.input, "uniqueId"));
  const wanted = ACTIONS.get(action);
  if (!wanted || uniqueId === null) return;
  for (const exchange of calls) {
    const update = updateOf(exchange);
    // What is no SOAP message is `dmp/soap-envelope`'s.
    if (exchange.operation === "dmp.update" && !update && callOf(exchange)) {
      const at: Pointer = { exchange: exchange.id, side: "request", where: "soap:Body" };
      report.observed(at);
      report.finding("unreadable", at);
    }
    for (const operation of update?.operations ?? []) {
      // Without PreviousVersion a registry takes it for something else: that is the mistake, not another subject.
      if (operation.kind !== "metadata") continue;
      const at: Pointer = { exchange: exchange.id, side: "request", where: operation.document.id ?? "ExtrinsicObject" };
      report.observed(at);
      const { document } = operation;
      if (document.uniqueId !== uniqueId) {
        report.finding("other_document", at, { action, expected: uniqueId, observed: document.uniqueId });
        continue;
      }
      const before = lastDescribed(run, uniqueId, exchange);
      judgeVersion(operation, before, report, at);
      if (before) {
        judgeCodes(action, wanted, before, document, report, at);
        judgeRest(before, document, report, at);
      }
    }
  }
}

function judgeVersion(
  operation: Extract<UpdateOperation, { kind: "metadata" }>,
  before: XdsDocument | null,
  report: Report,
  at: Pointer,
): void {
  const { previousVersion: observed, document } = operation;
  const expected = before ? versionOf(before) : null;
  if (observed === null || (expected !== null && observed !== expected)) {
    report.finding("previous_version", at, { expected: expected ?? "?", observed });
  }
  // A registry that gives no lid leaves the id of the first version as the logical id.
  const lid = before ? (before.logicalId ?? before.id) : null;
  if (document.logicalId === null || (lid !== null && document.logicalId !== lid)) {
    report.finding("logical_id", at, { expected: lid ?? "?", observed: document.logicalId });
  }
}

function judgeCodes(
  action: string,
  { code, on }: { readonly code: string; readonly on: boolean },
  before: XdsDocument,
  after: XdsDocument,
  report: Report,
  at: Pointer,
): void {
  const expected = new Set(codesOf(before.confidentialityCodes));
  if (on) expected.add(code);
  else expected.delete(code);
  const observed = new Set(codesOf(after.confidentialityCodes));
  const same = expected.size === observed.size && [...expected].every((one) => observed.has(one));
  if (same) return;
  report.finding("codes", at, { action, expected: [...expected].join(", "), observed: [...observed].join(", ") });
}

function judgeRest(before: XdsDocument, after: XdsDocument, report: Report, at: Pointer): void {
  for (const [attribute, read] of Object.entries(REQUIRED)) {
    const expected = read(before);
    const observed = read(after);
    if (expected === null || expected === observed) continue;
    if (observed === null) report.finding("lost", at, { attribute, expected });
    else report.finding("altered", at, { attribute, expected, observed });
  }
  for (const [attribute, read] of Object.entries(OTHERS)) {
    const [expected, observed] = [read(before), read(after)];
    if (expected !== observed) report.finding("altered", at, { attribute, expected, observed });
  }
}

function codesOf(codes: XdsDocument["eventCodes"]): readonly string[] {
  return codes.flatMap(({ code }) => (code === null ? [] : [code]));
}
