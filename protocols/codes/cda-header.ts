/**
 * Value sets of the CDA header (dmp.md §4.1), as the official header rules hold them: code -> OID of its nomenclature.
 * `closed`: a list that HL7 or the agency fixed as a whole, unchanged since its date, so that another code is an error. The
 * others grow: a code that is not there may be younger than the table.
 */
import { CDA_PRACTICE_SETTINGS, type CodeTable, DOCUMENT_TYPES, FACILITY_TYPES } from "../codes.js";
import { SPECIALTIES } from "./cda-specialties.js";

export interface HeaderTable extends CodeTable<ReadonlyMap<string, string | null>> {
  readonly closed: boolean;
}

const HL7 = "2.16.840.1.113883.5";
const LOINC = "2.16.840.1.113883.6.1";
const OTHER_PRODUCERS = "1.2.250.1.213.1.1.4.6";

function under(system: string, codes: string): [string, string][] {
  return codes.split(" ").map((code) => [code, system]);
}

function table(
  source: string,
  date: string,
  closed: boolean,
  values: Iterable<readonly [string, string | null]>,
): HeaderTable {
  return { source, date, closed, values: new Map(values) };
}

/** Signature code of ASTM: its nomenclature is written by name, not by OID. */
function systemOfType(code: string): string | null {
  if (/^\d+-\d$/.test(code)) return LOINC;
  return code === "E1762" ? null : "1.2.250.1.213.1.1.4.12";
}

const isOtherProducer = (code: string): boolean => code === "EXP_PATIENT" || code === "SNR";

export const HEADER_TABLES = {
  documentType: table(
    DOCUMENT_TYPES.source,
    DOCUMENT_TYPES.date,
    false,
    DOCUMENT_TYPES.values.map((code) => [code, systemOfType(code)]),
  ),
  /** The official header rules take the HL7 list whole; the CI-SIS set (J08) keeps N, R and V. */
  confidentiality: table(
    "HL7 Confidentiality (2.16.840.1.113883.1.11.10228)",
    "2016-03-23",
    true,
    under(`${HL7}.25`, "L M N R U V"),
  ),
  sex: table(
    "JDV_J143-AdministrativeGender-CISIS (1.2.250.1.213.1.1.5.590)",
    "2021-03-26",
    true,
    under(`${HL7}.1`, "F M UN"),
  ),
  specialty: table(SPECIALTIES.source, SPECIALTIES.date, false, SPECIALTIES.values),
  function: table("JDV_J47-FunctionCode-CISIS (1.2.250.1.213.1.1.5.124)", "2024-12-13", false, [
    ...under("1.2.250.1.213.1.1.4.2.280", "CORRE PRELV ES-REF ES-PREF"),
    ...under(`${HL7}.88`, "ADMPHYS ATTPHYS DISPHYS PCP"),
    ...under("1.2.250.1.213.1.6.1.107", "330 353"),
  ]),
  practiceSetting: table(
    CDA_PRACTICE_SETTINGS.source,
    CDA_PRACTICE_SETTINGS.date,
    false,
    CDA_PRACTICE_SETTINGS.values.map((code) => [
      code,
      isOtherProducer(code) ? OTHER_PRODUCERS : "1.2.250.1.213.1.1.4.9",
    ]),
  ),
  facility: table(
    FACILITY_TYPES.source,
    FACILITY_TYPES.date,
    false,
    FACILITY_TYPES.values.map((code) => [code, isOtherProducer(code) ? OTHER_PRODUCERS : "1.2.250.1.71.4.2.4"]),
  ),
  encounter: table("JDV_J142-TypeRencontre-CISIS (1.2.250.1.213.1.1.5.589)", "2021-03-26", true, [
    ...under(`${HL7}.4`, "IMP EMER AMB FLD HH VR"),
    ...under("1.2.250.1.213.1.1.4.2.291", "EXTERNE SEANCE"),
  ]),
  participation: table(
    "JDV_J144-ParticipationType-CISIS (1.2.250.1.213.1.1.5.591)",
    "2021-03-26",
    true,
    under(`${HL7}.90`, "REF REFB INF RESP PRF CON VRF"),
  ),
  encounterParticipation: table(
    "JDV_J140-EncounterParticipationType-CISIS (1.2.250.1.213.1.1.5.528)",
    "2021-03-26",
    true,
    under(`${HL7}.90`, "ADM ATND CON DIS REF RESP"),
  ),
  associatedRole: table(
    "JDV_J141-RoleClass-CISIS (1.2.250.1.213.1.1.5.588)",
    "2021-03-26",
    true,
    under(`${HL7}.110`, "PROV AGNT"),
  ),
  /** Written as the text of `prefix`. */
  civility: table(
    "JDV_J245-Civilite-CISIS (1.2.250.1.213.1.1.5.718)",
    "2023-03-31",
    false,
    under("1.2.250.1.213.1.6.1.69", "M MME"),
  ),
  /** Written as the text of `suffix`. */
  title: table(
    "JDV_J246-Titre-CISIS (1.2.250.1.213.1.1.5.719)",
    "2024-01-26",
    false,
    under("1.2.250.1.213.1.6.1.11", "DR MC MG PC PG PR"),
  ),
} as const satisfies Readonly<Record<string, HeaderTable>>;

/** Attributes that are codes of HL7 without a table of the agency. */
export const RELATED_ENTITY_CLASSES = ["ECON", "NOK", "CON", "CAREGIVER", "PAT"] as const;
export const TELECOM_USES = ["H", "HP", "HV", "WP", "DIR", "PUB", "EC", "MC", "PG"] as const;
export const TELECOM_SCHEMES = ["tel", "fax", "mailto", "http", "ftp", "mllp"] as const;
/** Null flavours a telecom may bear instead of a value. */
export const TELECOM_NULLS = ["UNK", "NASK", "ASKU", "NAV", "MSK"] as const;

/**
 * A known code that was written otherwise (case, dots, blanks): `Dr`, `M.`, `sa07`. No later table will hold both. Null when
 * the text is a code, or resembles none.
 */
export function misspelt(written: string, values: ReadonlyMap<string, unknown>): string | null {
  if (values.has(written)) return null;
  const plain = bare(written);
  if (plain === "") return null;
  for (const code of values.keys()) if (bare(code) === plain) return code;
  return null;
}

function bare(code: string): string {
  return code.toUpperCase().replace(/[^A-Z0-9]+/g, "");
}

export const ADDRESS_USES = ["H", "HP", "HV", "WP", "TMP"] as const;
/** Parts of a structured address, each once. */
export const ADDRESS_PARTS = [
  "country",
  "state",
  "city",
  "postalCode",
  "county",
  "houseNumber",
  "houseNumberNumeric",
  "streetName",
  "streetNameType",
  "additionalLocator",
  "unitID",
  "postBox",
  "precinct",
] as const;
