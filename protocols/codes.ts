/**
 * Official code tables the checks compare with, as data. Each names where it was read and its official date, so that a
 * reader knows how old the comparison is. Display names are left out: the official rules do not compare them either.
 */

/** A table with its origin. `source`: official name and OID; `date`: the version of the table that was read. */
export interface CodeTable<T> {
  readonly source: string;
  readonly date: string;
  readonly values: T;
}

/** A list of codes written as words. */
function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Scheme OIDs of the codes (dmp.md §2.4). */
export const SCHEMES = {
  documentTypes: "1.2.250.1.213.1.1.4.12",
  documentClasses: "1.2.250.1.213.1.1.4.1",
  confidentiality: "2.16.840.1.113883.5.25",
  visibility: "1.2.250.1.213.1.1.4.13",
  iheFormats: "1.3.6.1.4.1.19376.1.2.3",
  loinc: "2.16.840.1.113883.6.1",
  sectors: "1.2.250.1.71.4.2.4",
  practiceSettings: "1.2.250.1.213.1.1.4.9",
  otherProducers: "1.2.250.1.213.1.1.4.6",
  authorSpecialties: "1.2.250.1.213.1.1.4.5",
  /** Signatures: nomenclatures written by name, not by OID. */
  astm: "ASTM",
  urn: "URN",
} as const;

/** typeCode of the detached signature of a submission set. */
export const SIGNATURE_TYPE = "E1762";
/** Its classCode. */
export const DIGITAL_SIGNATURE_CLASS = "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1";

/** classCode values the DMP admits. */
export const CLASS_CODES: CodeTable<readonly string[]> = {
  source: "JDV_J57-ClassCode-DMP (1.2.250.1.213.1.1.5.6)",
  date: "2023-09-22",
  values: ["10", "11", "31", "42", "43", "44", "45", "52", "60", "90", "95", DIGITAL_SIGNATURE_CLASS],
};

/** For each class, the document types that belong to it. */
const TYPES_OF_CLASS: Readonly<Record<string, readonly string[]>> = {
  "10": words(`
    11488-4 11490-0 11502-2 11505-5 11506-3 11526-1 15507-7 15508-5 28617-9 28653-4 29274-8 34112-3 34120-6
    34749-2 34794-8 34874-8 34875-5 47420-5 51969-4 59283-2 60568-3 67851-6 70004-7 75482-0 75492-9 75496-0
    77436-4 78513-9 78601-2 83981-1 85208-7 89233-1 93024-8 96349-6 BIL_AUTO DOCPAT03 DOCPAT05 DOCPAT06
  `),
  "11": words(`
    18761-7 34133-9 34842-5 56445-0 57055-6 57057-2 57075-4 60280-5 60591-5 68599-0 68817-6 74207-2 78341-5
    78489-2 80820-4 83836-7 83901-9 88348-8 89235-6 SYNTH DOCPAT01 DOCPAT08
  `),
  "31": ["18748-4", "52040-3", "IMG-KOS", "DOCPAT04"],
  "42": words(`
    55115-0 57828-6 57832-8 57833-6 61357-0 75468-9 PRESC-AAT PRESC-BIO PRESC-INF PRESC-KINE PRESC-ORTHOPHO
    PRESC-ORTHOPTIE PRESC-PEDI DOCPAT02
  `),
  "43": ["60593-1", "DISP_AUT"],
  "44": ["18776-5", "77604-7", "80771-9", "80788-3", "83869-8", "PROT_ALD"],
  "45": ["80565-5"],
  "52": words(`
    11369-6 87273-9 89601-9 96173-0 96874-3 101881-1 CERT_DECL DOCPAT07
  `),
  "60": ["REMB"],
  "90": ["74465-6", "EXPPAT_1", "EXPPAT_2", "EXPPAT_3"],
  "95": words(`
    59284-0 86531-1 ATTEST-ASS-COMPL ATTEST-DROITS-AM ATTEST-HEBGT ATTEST-RESID AUTORIS-SOINS DOCPAT09
  `),
  [DIGITAL_SIGNATURE_CLASS]: [SIGNATURE_TYPE],
};

/** typeCode -> classCode, restricted to the codes the DMP admits. A type that is not there is unknown to us, not wrong. */
export const CLASS_OF_TYPE: CodeTable<ReadonlyMap<string, string>> = {
  source: "ASS_X16-CorrespondanceType-Classe-DMP (1.2.250.1.213.1.1.5.587)",
  date: "2024-09-27",
  values: new Map(Object.entries(TYPES_OF_CLASS).flatMap(([cls, types]) => types.map((type) => [type, cls] as const))),
};

/** confidentialityCode values the DMP admits: level, then visibility. */
export const CONFIDENTIALITY_CODES: CodeTable<ReadonlyMap<string, string>> = {
  source: "JDV_J58-ConfidentialityCode-DMP (1.2.250.1.213.1.1.5.9)",
  date: "2020-04-24",
  values: new Map([
    ["N", SCHEMES.confidentiality],
    ["R", SCHEMES.confidentiality],
    ["V", SCHEMES.confidentiality],
    ["MASQUE_PS", SCHEMES.visibility],
    ["INVISIBLE_PATIENT", SCHEMES.visibility],
    ["INVISIBLE_REPRESENTANTS_LEGAUX", SCHEMES.visibility],
  ]),
};

/** practiceSettingCode values the DMP admits. The CI-SIS set (J04) holds one more, `ESSMS`. */
export const PRACTICE_SETTINGS: CodeTable<readonly string[]> = {
  source: "JDV_J62-PracticeSettingCode-DMP (1.2.250.1.213.1.1.5.4)",
  date: "2023-09-22",
  values: words(`
    AMBULATOIRE AMO DEPISTAGE ETABLISSEMENT HAD MAD PALLIATIF SAD SAMU_SMUR EXP_PATIENT SNR
  `),
};

/** Template of a CDA with a non-structured body. */
export const LEVEL1_TEMPLATE = "1.3.6.1.4.1.19376.1.2.20";

/** Level 1: formatCode by media type of the body. `application/rtf` is written beside the official `text/rtf`. */
export const LEVEL1_FORMATS: CodeTable<ReadonlyMap<string, string>> = {
  source:
    "ASS_A11-CorresModeleCDA-XdsFormatCode-CISIS 5.0.0 and TRE_R222-MediaTypeCorpsCDANonStructure (1.2.250.1.213.1.1.4.330)",
  date: "2023-12-15",
  values: new Map([
    ["application/pdf", "urn:ihe:iti:xds-sd:pdf:2008"],
    ["text/plain", "urn:ihe:iti:xds-sd:text:2008"],
    ["text/rtf", "urn:ihe:iti-fr:xds-sd:rtf:2010"],
    ["application/rtf", "urn:ihe:iti-fr:xds-sd:rtf:2010"],
    ["image/jpeg", "urn:ihe:iti-fr:xds-sd:jpeg:2010"],
    ["image/tiff", "urn:ihe:iti-fr:xds-sd:tiff:2010"],
  ]),
};

/** CDA templateIds of the header every document carries (dmp.md §4.1): HL7 France, then CI-SIS. */
export const HEADER_TEMPLATES = ["2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1"] as const;

/** Structured body: formatCode by template of the volet. Later volet versions may bring others: a difference is a remark. */
export const FORMAT_OF_TEMPLATE: CodeTable<ReadonlyMap<string, string>> = {
  source: "ASS_A11-CorresModeleCDA-XdsFormatCode-CISIS 5.0.0",
  date: "2023-12-15",
  values: new Map([
    ["1.2.250.1.213.1.1.1.5.1", "urn:asip:ci-sis:cse-cs8:2017"],
    ["1.2.250.1.213.1.1.1.5.2", "urn:asip:ci-sis:cse-cs9:2017"],
    ["1.2.250.1.213.1.1.1.5.3", "urn:asip:ci-sis:cse-cs24:2017"],
    ["1.2.250.1.213.1.1.1.5.4", "urn:ans:ci-sis:cse-mde:2023"],
    ["1.2.250.1.213.1.1.1.8", "urn:asip:ci-sis:frcp:2011"],
    ["1.2.250.1.213.1.1.1.9", "urn:asip:ci-sis:idap:2011"],
    ["1.2.250.1.213.1.1.1.10", "urn:asip:ci-sis:cva:2017"],
    ["1.2.250.1.213.1.1.1.12.1", "urn:asip:ci-sis:obp-sap:2023"],
    ["1.2.250.1.213.1.1.1.12.2", "urn:asip:ci-sis:obp-snm:2023"],
    ["1.2.250.1.213.1.1.1.12.3", "urn:asip:ci-sis:obp-sne:2023"],
    ["1.2.250.1.213.1.1.1.12.4", "urn:asip:ci-sis:obp-scm:2023"],
    ["1.2.250.1.213.1.1.1.12.5", "urn:asip:ci-sis:obp-sem:2023"],
    ["1.2.250.1.213.1.1.1.13", "urn:asip:ci-sis:vsm:2012"],
    ["1.2.250.1.213.1.1.1.15", "urn:asip:ci-sis:aunv:2013"],
    ["1.2.250.1.213.1.1.1.16", "urn:asip:ci-sis:eunv:2013"],
    ["1.2.250.1.213.1.1.1.17", "urn:asip:ci-sis:sunv:2013"],
    ["1.2.250.1.213.1.1.1.18", "urn:asip:ci-sis:crrtn:2013"],
    ["1.2.250.1.213.1.1.1.2.1.1", "urn:asip:ci-sis:avk:2009"],
    ["1.2.250.1.213.1.1.1.2.1.2", "urn:asip:ci-sis:tap:2009"],
    ["1.2.250.1.213.1.1.1.2.1.3", "urn:asip:ci-sis:dci:2009"],
    ["1.2.250.1.213.1.1.1.2.1.4", "urn:asip:ci-sis:psc:2009"],
    ["1.2.250.1.213.1.1.1.2.1.5", "urn:asip:ci-sis:ppv:2009"],
    ["1.2.250.1.213.1.1.1.20", "urn:asip:ci-sis:pps-paerpa:2017"],
    ["1.2.250.1.213.1.1.1.21", "urn:asip:ci-sis:ldl-ees:2017"],
    ["1.2.250.1.213.1.1.1.22", "urn:asip:ci-sis:dlu:2015"],
    ["1.2.250.1.213.1.1.1.23", "urn:asip:ci-sis:fludt:2017"],
    ["1.2.250.1.213.1.1.1.24", "urn:asip:ci-sis:fludr:2017"],
    ["1.2.250.1.213.1.1.1.25", "urn:asip:ci-sis:pavc:2016"],
    ["1.2.250.1.213.1.1.1.26", "urn:asip:ci-sis:pps-cancer:2017"],
    ["1.2.250.1.213.1.1.1.27", "urn:asip:ci-sis:d2lm-fin:2017"],
    ["1.2.250.1.213.1.1.1.28", "urn:asip:ci-sis:d2lm-fidd:2017"],
    ["1.2.250.1.213.1.1.1.29", "urn:asip:ci-sis:ldl-ses:2017"],
    ["1.2.250.1.213.1.1.1.30", "urn:asip:ci-sis:sdm-mr:2017"],
    ["1.2.250.1.213.1.1.1.32", "urn:asip:ci-sis:crgm:2018"],
    ["1.2.250.1.213.1.1.1.36", "urn:asip:ci-sis:hr:2019"],
    ["1.2.250.1.213.1.1.1.37", "urn:asip:ci-sis:vac:2019"],
    ["1.2.250.1.213.1.1.1.38", "urn:asip:ci-sis:tlm-da:2020"],
    ["1.2.250.1.213.1.1.1.39", "urn:ihe:pharm:pre:2010"],
    ["1.2.250.1.213.1.1.1.40", "urn:asip:ci-sis:cr-anest:2020"],
    ["1.2.250.1.213.1.1.1.41", "urn:asip:ci-sis:cr-cpa:2020"],
    ["1.2.250.1.213.1.1.1.42", "urn:ihe:eyecare:geneyeevalcn:2014"],
    ["1.2.250.1.213.1.1.1.43", "urn:ihe:eyecare:geneyeevalcn:2014"],
    ["1.2.250.1.213.1.1.1.44", "urn:ihe:eyecare:geneyeevalcn:2014"],
    ["1.2.250.1.213.1.1.1.45", "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013"],
    ["1.2.250.1.213.1.1.1.46", "urn:asip:ci-sis:vac-note:2021"],
    ["1.2.250.1.213.1.1.1.47", "urn:ans:ci-sis:img-da:2022"],
    ["1.2.250.1.213.1.1.1.48", "urn:asip:ci-sis:dlu-dlu-dom:2022"],
    ["1.2.250.1.213.1.1.1.49", "urn:asip:ci-sis:dlu-fludt-dom:2022"],
    ["1.2.250.1.213.1.1.1.50", "urn:asip:ci-sis:dlu-fludr-dom:2022"],
    ["1.2.250.1.213.1.1.1.51", "urn:ihe:pcc:ips:2020"],
    ["1.2.250.1.213.1.1.1.52", "urn:ans:ci-sis:bio-ep-bio:2022"],
    ["1.2.250.1.213.1.1.1.54", "urn:ihe:pharm:dis:2010"],
    ["1.2.250.1.213.1.1.1.55", "urn:ihe:lab:xd-lab:2008"],
    ["1.2.250.1.213.1.1.1.56", "urn:asip:ci-sis:ppp:2023"],
    ["1.2.250.1.213.1.1.1.57", "urn:ihe:palm:apsr:2016"],
    ["1.2.250.1.213.1.1.1.58", "urn:asip:ci-sis:export-dui:2023"],
    ["1.3.6.1.4.1.19376.1.3.3", "urn:ihe:lab:xd-lab:2008"],
  ]),
};

/** Document types of the CDA header. */
export const DOCUMENT_TYPES: CodeTable<readonly string[]> = {
  source: "JDV_J07-XdsTypeCode-CISIS (1.2.250.1.213.1.1.5.471)",
  date: "2024-09-27",
  values: words(`
    ATTEST-ASS-COMPL ATTEST-RESID ATTEST-HEBGT ATTEST-DROITS-AM AUTORIS-SOINS BIL_AUTO CERT_DECL DISP_AUT
    EXPPAT_1 EXPPAT_2 EXPPAT_3 IMG-KOS PROT_ALD REMB SYNTH DOCPAT01 DOCPAT02 DOCPAT03 DOCPAT04 DOCPAT05
    DOCPAT06 DOCPAT07 DOCPAT08 DOCPAT09 PIECE-IDENTITE PRESC-AAT PRESC-BIO PRESC-KINE PRESC-INF PRESC-PEDI
    PRESC-ORTHOPHO PRESC-ORTHOPTIE FEUILLE-DE-STYLE FICHE-CONTACTS EXPORT_DUI 11369-6 11488-4 11490-0
    34112-3 11502-2 11505-5 11506-3 15507-7 15508-5 18776-5 18748-4 18761-7 28617-9 28653-4 29274-8 34120-6
    34133-9 34749-2 34794-8 34842-5 34874-8 34875-5 47420-5 51851-4 51969-4 52040-3 55115-0 56445-0 56446-8
    57828-6 57832-8 57833-6 59283-2 59284-0 60280-5 60568-3 60591-5 60593-1 61357-0 67851-6 68599-0 68817-6
    70004-7 78341-5 74207-2 74465-6 75468-9 75482-0 75492-9 75496-0 77436-4 77604-7 78513-9 78601-2 80565-5
    80771-9 80788-3 80820-4 83836-7 83869-8 83901-9 83981-1 85208-7 86531-1 87273-9 88348-8 89601-9 93024-8
    96349-6 96874-3 96173-0 57055-6 57057-2 57075-4 89235-6 78489-2 89233-1 101881-1 E1762
  `),
};

/** healthCareFacility codes of the CDA header. */
export const FACILITY_TYPES: CodeTable<readonly string[]> = {
  source: "JDV_J02-XdsHealthcareFacilityTypeCode-CISIS (1.2.250.1.213.1.1.5.466)",
  date: "2024-12-13",
  values: words(`
    EXP_PATIENT SNR SA01 SA02 SA03 SA04 SA05 SA06 SA07 SA08 SA09 SA10 SA12 SA13 SA14 SA15 SA16 SA17 SA18
    SA19 SA20 SA21 SA22 SA23 SA24 SA25 SA26 SA27 SA28 SA29 SA30 SA31 SA32 SA33 SA34 SA35 SA36 SA37 SA38 SA39
    SA40 SA41 SA42 SA43 SA44 SA45 SA46 SA47 SA48 SA49 SA50 SA51 SA52 SA53 SA54 SA55 SA56 SA57 SA58 SA59 SA60
    SA61 SA63 SA64 SA65 SA66 SA67 SA68 SA69
  `),
};

/** standardIndustryClassCode values of the CDA header. */
export const CDA_PRACTICE_SETTINGS: CodeTable<readonly string[]> = {
  source: "JDV_J04-XdsPracticeSettingCode-CISIS (1.2.250.1.213.1.1.5.467)",
  date: "2024-09-27",
  values: words(`
    EXP_PATIENT SNR AMBULATOIRE AMO DEPISTAGE ESSMS ETABLISSEMENT HAD MAD PALLIATIF SAD SAMU_SMUR
  `),
};
