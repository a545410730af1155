/**
 * The DocumentEntry a CDA calls for, recomputed from its header by the CI-SIS mapping (dmp.md §4.1 "CDA → XDS mapping",
 * tables of §2.3 and §2.4). A member is null when the CDA does not say, or when no official table gives the value.
 */
import { type Cda, type CdaActor, type CdaCode, isInsOid } from "./cda.js";
import { CLASS_OF_TYPE, FORMAT_OF_TEMPLATE, LEVEL1_FORMATS } from "./codes.js";
import { toUtc } from "./hl7-time.js";

export interface ExpectedCode {
  readonly code: string;
  readonly scheme: string | null;
}

export interface ExpectedPerson {
  /** Extensions of the ids, in order; empty when none is written. */
  readonly ids: readonly string[];
  readonly familyName: string | null;
  readonly givenName: string | null;
  /** True for an authoring device: its name follows other rules. */
  readonly device: boolean;
}

export interface ExpectedAuthor extends ExpectedPerson {
  /** Extensions of the organisation's ids, in order, and its name. */
  readonly institution: { readonly ids: readonly string[]; readonly name: string | null } | null;
  readonly specialty: ExpectedCode | null;
  /** `functionCode/@displayName`. */
  readonly role: string | null;
}

export interface ExpectedEntry {
  /** `root`, or `root^extension`. */
  readonly uniqueId: string | null;
  /** INS of the patient. */
  readonly patientId: { readonly id: string; readonly oid: string } | null;
  readonly typeCode: ExpectedCode | null;
  readonly classCode: string | null;
  readonly formatCode: string | null;
  readonly mimeType: string;
  readonly title: string | null;
  readonly languageCode: string | null;
  /** First confidentialityCode. */
  readonly confidentialityCode: string | null;
  /** UTC; null too when the CDA's time has no offset. */
  readonly creationTime: string | null;
  readonly serviceStartTime: string | null;
  readonly serviceStopTime: string | null;
  readonly practiceSettingCode: ExpectedCode | null;
  readonly healthcareFacilityTypeCode: ExpectedCode | null;
  readonly authors: readonly ExpectedAuthor[];
  readonly legalAuthenticator: ExpectedPerson | null;
  /** What sourcePatientInfo must repeat: PID-5 (birth name), PID-7, PID-8. */
  readonly patient: {
    readonly birthName: string | null;
    readonly birthDate: string | null;
    readonly sex: string | null;
  };
}

export function expectedEntry(cda: Cda): ExpectedEntry {
  const typeCode = expectedCode(cda.code);
  return {
    uniqueId: documentUniqueId(cda),
    patientId: cda.ins ? { id: cda.ins.extension, oid: cda.ins.root } : null,
    typeCode,
    classCode: typeCode ? (CLASS_OF_TYPE.values.get(typeCode.code) ?? null) : null,
    formatCode: expectedFormat(cda),
    mimeType: cda.autoPresentable ? "application/xslt+xml" : "text/xml",
    title: cda.title?.value ?? null,
    languageCode: cda.languageCode?.code ?? null,
    confidentialityCode: cda.confidentialityCode?.code ?? null,
    creationTime: utc(cda.effectiveTime?.value),
    serviceStartTime: utc(cda.mainAct?.effectiveTime?.low?.value),
    serviceStopTime: utc(cda.mainAct?.effectiveTime?.high?.value),
    practiceSettingCode: expectedCode(cda.practiceSettingCode),
    healthcareFacilityTypeCode: expectedCode(cda.encompassingEncounter?.facilityCode ?? null),
    authors: cda.authors.map((author) => ({
      ...expectedPerson(author),
      institution: author.organization
        ? {
            ids: author.organization.ids.flatMap((id) => id.extension ?? []),
            name: author.organization.name?.value ?? null,
          }
        : null,
      specialty: expectedCode(author.code),
      role: author.functionCode?.displayName ?? null,
    })),
    legalAuthenticator: cda.legalAuthenticator ? expectedPerson(cda.legalAuthenticator) : null,
    patient: {
      birthName: cda.patient?.birthName?.value ?? null,
      birthDate: cda.patient?.birthTime?.value ?? null,
      sex: cda.patient?.sex?.code ?? null,
    },
  };
}

/** DocumentEntry.uniqueId of a CDA: the OID of its id, with `^extension` when it has one (ITI TF-3 §4.2.3.2). Null without a root. */
export function documentUniqueId(cda: Cda): string | null {
  if (!cda.id || cda.id.root === null) return null;
  return cda.id.extension === null ? cda.id.root : `${cda.id.root}^${cda.id.extension}`;
}

/** Every INS of the patient: a number that changed may stand beside the one of today. */
export function insIds(cda: Cda): readonly { readonly id: string; readonly oid: string }[] {
  return (cda.patient?.ids ?? []).flatMap((id) =>
    id.root !== null && id.extension !== null && isInsOid(id.root) ? [{ id: id.extension, oid: id.root }] : [],
  );
}

/** Local ids of the patient: everything but the INS. */
export function localPatientIds(cda: Cda): readonly { readonly id: string; readonly oid: string }[] {
  return (cda.patient?.ids ?? []).flatMap((id) =>
    id.root !== null && id.extension !== null && !isInsOid(id.root) ? [{ id: id.extension, oid: id.root }] : [],
  );
}

function expectedFormat(cda: Cda): string | null {
  if (cda.body?.kind === "nonXML") return LEVEL1_FORMATS.values.get(cda.body.mediaType ?? "") ?? null;
  const known = cda.templateIds.flatMap((template) => FORMAT_OF_TEMPLATE.values.get(template.root ?? "") ?? []);
  // Two templates of one document may call for one format: a volet and the profile it is built on.
  const formats = [...new Set(known)];
  return formats.length === 1 ? (formats[0] ?? null) : null;
}

function expectedCode(code: CdaCode | null): ExpectedCode | null {
  return code?.code ? { code: code.code, scheme: code.codeSystem } : null;
}

function expectedPerson(actor: CdaActor): ExpectedPerson {
  return {
    ids: actor.ids.flatMap((id) => id.extension ?? []),
    familyName: actor.person?.family?.value ?? null,
    givenName: actor.person?.given?.value ?? null,
    device: actor.device !== null,
  };
}

function utc(value: string | null | undefined): string | null {
  return value ? toUtc(value) : null;
}
