/**
 * Who may consult which DMP: authorisations of professionals, choices of the patients, and the journal of who came with
 * which purpose. Kept over a restart. How the real DMP words its refusals is unknown: docs/mock-differences/dmp.md.
 */
import path from "node:path";
import type { PatientFixture, ServiceContext } from "../../core/model/index.js";
import { readVihf, securityAssertions, VIHF_ATTRIBUTE, type Vihf } from "../../protocols/saml.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import { parseCx, parseXon } from "../../protocols/xds.js";
import { openJournal } from "./journal.js";
import type { StoredEntry } from "./store.js";

export const AUTHORISATIONS = ["none", "valid", "expired", "denied"] as const;
export type Authorisation = (typeof AUTHORISATIONS)[number];

/** Codes of TRE_R248 (dmp.md §3). */
export const EMERGENCY = "bris_de_glace";
export const REGULATION = "centre_15";
/** Mode of establishments and platforms: no consultation, no management but deletion (dmp.md §1.3, PDT-INF-526). */
const INDIRECT = "INDIRECTE";
/** MASQUE_PS of TRE_A07: not shown to professionals (dmp.md §2.4). */
export const MASKED = "MASQUE_PS";

/** Who calls, by the VIHF. Members are null when the VIHF, or the attribute, is absent. */
export interface Caller {
  /** NameID. */
  readonly nationalId: string | null;
  /** Identifiant_Structure. */
  readonly structure: string | null;
  /** DIRECTE, INDIRECTE, INDIRECTE_RENFORCEE. */
  readonly mode: string | null;
  /** Code of the PurposeOfUse. */
  readonly purpose: string | null;
  /** Mode_Acces_Raison. */
  readonly reason: string | null;
  /** A role of the VIHF is the profession of physician. */
  readonly physician: boolean;
}

/** What a patient decided. Professionals are national ids. */
export interface PatientChoices {
  readonly blocked: readonly string[];
  readonly attending: readonly string[];
  readonly refusesEmergency: boolean;
  readonly refusesRegulation: boolean;
  readonly opposedToUpload: boolean;
  readonly opposedToConsultation: boolean;
}

/** `own_documents`: answered, but with what the caller wrote or sent and nothing else. */
export const OUTCOMES = ["allowed", "own_documents", "refused"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One call at a DMP, whatever became of it. */
export interface AccessRecord extends Caller {
  /** Key of the patient; null when the message leads to no known one. */
  readonly patient: string | null;
  readonly operation: string;
  readonly outcome: Outcome;
  /** Why the consultation was refused or narrowed; null when allowed. */
  readonly refusal: RefusalCode | null;
  /** ISO 8601. */
  readonly at: string;
}

export type RefusalCode =
  | "indirect_mode"
  | "blocked"
  | "opposed"
  | "emergency_refused"
  | "regulation_refused"
  | "no_authorisation"
  | "authorisation_expired"
  | "authorisation_denied";

/** Sentences of the SOAP faults; the codes of the real DMP are not public, none is made up. */
export const REFUSALS: Readonly<Record<RefusalCode, string>> = {
  indirect_mode: "Cette transaction n'est pas ouverte au mode d'authentification indirecte.",
  blocked: "Le patient a bloqué l'accès de ce professionnel à son DMP.",
  opposed: "Le patient s'oppose à la consultation de son DMP.",
  emergency_refused: "Le patient refuse l'accès à son DMP en mode bris de glace.",
  regulation_refused: "Le patient refuse l'accès à son DMP par la régulation médicale.",
  no_authorisation: "Le professionnel n'a pas d'autorisation d'accès à ce DMP.",
  authorisation_expired: "L'autorisation d'accès du professionnel à ce DMP a expiré.",
  authorisation_denied: "L'accès à ce DMP est refusé au professionnel.",
};

export interface AccessBook {
  /** `valid` unless something else was said: the mock begins with a professional who may consult. */
  authorisation(patientKey: string, nationalId: string): Authorisation;
  attending(patientKey: string, nationalId: string): boolean;
  /** Opposed to uploads. */
  opposed(patientKey: string): boolean;
  choices(patientKey: string): PatientChoices;
  setAuthorisation(patientKey: string, nationalId: string, state: Authorisation): void;
  /** Replaces the members given. */
  choose(patientKey: string, choices: Partial<PatientChoices>): void;
  /** Why this caller may not consult this DMP; null when it may, or when the patient is unknown. */
  refusal(patientKey: string | null, caller: Caller): RefusalCode | null;
  record(access: Omit<AccessRecord, "at">): void;
  readonly journal: readonly AccessRecord[];
  reset(): void;
}

type Line =
  | { readonly is: "authorisation"; readonly key: string; readonly state: Authorisation }
  | { readonly is: "choices"; readonly key: string; readonly choices: PatientChoices }
  | { readonly is: "access"; readonly access: AccessRecord };

const NO_CHOICE: PatientChoices = {
  blocked: [],
  attending: [],
  refusesEmergency: false,
  refusesRegulation: false,
  opposedToUpload: false,
  opposedToConsultation: false,
};

export function openAccess(context: ServiceContext): AccessBook {
  const states = new Map<string, Authorisation>();
  const choices = new Map<string, PatientChoices>();
  const journal: AccessRecord[] = [];
  const file = openJournal(path.join(context.stateFolder, "access.jsonl"), readLine);
  const learn = (line: Line): void => {
    if (line.is === "authorisation") states.set(line.key, line.state);
    else if (line.is === "choices") choices.set(line.key, line.choices);
    else journal.push(line.access);
  };
  const write = (line: Line): void => {
    file.append(line);
    learn(line);
  };
  for (const line of file.lines) learn(line);
  const pair = (patientKey: string, nationalId: string): string => `${patientKey} ${nationalId}`;
  const choicesOf = (patientKey: string): PatientChoices => choices.get(patientKey) ?? NO_CHOICE;
  const authorisation = (patientKey: string, nationalId: string): Authorisation =>
    states.get(pair(patientKey, nationalId)) ?? "valid";
  return {
    authorisation,
    attending: (patientKey, nationalId) => choicesOf(patientKey).attending.includes(nationalId),
    opposed: (patientKey) => choicesOf(patientKey).opposedToUpload,
    choices: choicesOf,
    setAuthorisation: (patientKey, nationalId, state) =>
      write({ is: "authorisation", key: pair(patientKey, nationalId), state }),
    choose: (patientKey, changed) =>
      write({ is: "choices", key: patientKey, choices: { ...choicesOf(patientKey), ...changed } }),
    refusal(patientKey, caller) {
      if (patientKey === null) return caller.mode === INDIRECT ? "indirect_mode" : null;
      return refusalOf(caller, choicesOf(patientKey), authorisation(patientKey, caller.nationalId ?? ""));
    },
    record: (access) => write({ is: "access", access: { ...access, at: new Date().toISOString() } }),
    journal,
    reset() {
      file.clear();
      states.clear();
      choices.clear();
      journal.length = 0;
    },
  };
}

/** The order tells which reason is given when several hold. */
function refusalOf(caller: Caller, choices: PatientChoices, state: Authorisation): RefusalCode | null {
  if (caller.mode === INDIRECT) return "indirect_mode";
  if (choices.blocked.includes(caller.nationalId ?? "")) return "blocked";
  if (choices.opposedToConsultation) return "opposed";
  if (state === "denied") return "authorisation_denied";
  // These two accesses exist for want of an authorisation: none is asked of them.
  if (caller.purpose === EMERGENCY) return choices.refusesEmergency ? "emergency_refused" : null;
  if (caller.purpose === REGULATION) return choices.refusesRegulation ? "regulation_refused" : null;
  if (state === "valid") return null;
  return state === "none" ? "no_authorisation" : "authorisation_expired";
}

const REASON = "Mode_Acces_Raison";
/** TRE_G15, professions (dmp.md §3). */
const PROFESSIONS = "1.2.250.1.71.1.2.7";

export function callerOf(envelope: SoapEnvelope): Caller {
  const assertion = securityAssertions(envelope)[0];
  const vihf: Vihf | null = assertion ? readVihf(assertion) : null;
  const first = (name: string): string | null => vihf?.attributes.get(name)?.[0] || null;
  return {
    nationalId: vihf?.nameId || null,
    structure: first(VIHF_ATTRIBUTE.structure),
    mode: first(VIHF_ATTRIBUTE.mode),
    purpose: vihf?.purposeOfUse?.code ?? null,
    reason: first(REASON),
    physician: vihf?.roles.some((role) => role.code === "10" && role.codeSystem === PROFESSIONS) ?? false,
  };
}

/** Key of the fictitious patient whose matricule a CX bears; null when unknown. */
export function patientKeyOf(patients: readonly PatientFixture[], cx: string | null): string | null {
  const matricule = parseCx(cx)?.id ?? null;
  return patients.find((p) => p.ins !== null && p.ins.matricule === matricule)?.key ?? null;
}

/**
 * Author of a document, as the matrices of rights mean it (PDT-INF-526, notes 6, 8 and 9): the professional who wrote or
 * sent it; in indirect mode, where the structure answers for its people, the structure. `institutions`: authorInstitution
 * of the entry (XON).
 */
export function isAuthor(caller: Caller, entry: StoredEntry, institutions: readonly string[]): boolean {
  const { nationalId, structure } = caller;
  if (nationalId !== null && (entry.authors.includes(nationalId) || entry.depositor.nationalId === nationalId)) {
    return true;
  }
  if (caller.mode !== INDIRECT || structure === null) return false;
  return entry.depositor.structure === structure || institutions.some((xon) => parseXon(xon)?.id === structure);
}

/** A line of an earlier start; null when it is none of ours. */
function readLine(value: unknown): Line | null {
  if (!isRecord(value)) return null;
  if (value.is === "authorisation") {
    const state = AUTHORISATIONS.find((known) => known === value.state);
    return typeof value.key === "string" && state ? { is: "authorisation", key: value.key, state } : null;
  }
  if (value.is === "choices" && typeof value.key === "string" && isRecord(value.choices)) {
    return { is: "choices", key: value.key, choices: readChoices(value.choices) };
  }
  if (value.is === "access" && isRecord(value.access)) {
    const text = (name: string): string | null => {
      const found = isRecord(value.access) ? value.access[name] : null;
      return typeof found === "string" ? found : null;
    };
    const refusal = (Object.keys(REFUSALS) as RefusalCode[]).find((code) => code === text("refusal")) ?? null;
    const outcome = OUTCOMES.find((known) => known === text("outcome"));
    if (!outcome) return null;
    return {
      is: "access",
      access: {
        nationalId: text("nationalId"),
        structure: text("structure"),
        mode: text("mode"),
        purpose: text("purpose"),
        reason: text("reason"),
        physician: value.access.physician === true,
        patient: text("patient"),
        operation: text("operation") ?? "",
        outcome,
        refusal,
        at: text("at") ?? "",
      },
    };
  }
  return null;
}

function readChoices(value: Record<string, unknown>): PatientChoices {
  const ids = (list: unknown): string[] =>
    Array.isArray(list) ? list.filter((id): id is string => typeof id === "string") : [];
  return {
    blocked: ids(value.blocked),
    attending: ids(value.attending),
    refusesEmergency: value.refusesEmergency === true,
    refusesRegulation: value.refusesRegulation === true,
    opposedToUpload: value.opposedToUpload === true,
    opposedToConsultation: value.opposedToConsultation === true,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
