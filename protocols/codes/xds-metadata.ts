/**
 * Value sets of the DMP for the metadata of a submission (dmp.md §2.4). These lists grow: a code that is not there may be
 * younger than the table, so that no breach rests on being absent from one.
 */
import { type CodeTable, DIGITAL_SIGNATURE_CLASS, SCHEMES, SIGNATURE_TYPE } from "../codes.js";

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

const SECTORS_OF_SETS = words(`
  SA05 SA06 SA07 SA08 SA09 SA10 SA11 SA12 SA13 SA14 SA15 SA16 SA17 SA18 SA19 SA20 SA21 SA22 SA23 SA24 SA25 SA26 SA27 SA28
  SA29 SA30 SA31 SA32 SA33 SA34 SA35 SA36 SA37 SA38 SA39 SA40 SA41 SA42 SA43 SA44 SA45 SA46 SA47 SA48 SA49 SA50 SA51 SA52
  SA53 SA54 SA55 SA56 SA57 SA58 SA59 SA60 SA61 SA63 SA64 SA65 SA68 SA69
`);
/** Kinds of activity (TRE_R209) and two forms of it (TRE_R276): the public text names their tables, not the OIDs. */
const ACTIVITIES = words(`
  03 04 05 07 08 09 11 12 13 14 15 16 17 18 19 20 21 22 25 26 27 28 33 37 40 42 43 44 45 46 47 48 50 52 54 60 97
`);

/** contentTypeCode -> OID of its nomenclature; null where only the name of the nomenclature is public. */
export const CONTENT_TYPES: CodeTable<ReadonlyMap<string, string | null>> = {
  source: "JDV_J59-ContentTypeCode-DMP (1.2.250.1.213.1.1.5.2)",
  date: "2026-09-28",
  values: new Map<string, string | null>([
    ["EXP_PATIENT", SCHEMES.otherProducers],
    ...ACTIVITIES.map((code) => [code, null] as const),
    ...SECTORS_OF_SETS.map((code) => [code, SCHEMES.sectors] as const),
  ]),
};

/** formatCode values the DMP admits. */
export const FORMAT_CODES: CodeTable<readonly string[]> = {
  source: "JDV_J60-FormatCode-DMP (1.2.250.1.213.1.1.5.8)",
  date: "2026-09-28",
  values: words(`
    urn:ans:ci-sis:bio-ep-bio:2022 urn:ans:ci-sis:img-da:2022 urn:asip:ci-sis:aunv:2013 urn:asip:ci-sis:avk:2009
    urn:asip:ci-sis:crgm:2018 urn:asip:ci-sis:crrtn:2013 urn:asip:ci-sis:cse-cs24:2017 urn:asip:ci-sis:cse-cs8:2017
    urn:asip:ci-sis:cse-cs9:2017 urn:asip:ci-sis:d2lm-fidd:2017 urn:asip:ci-sis:d2lm-fin:2017 urn:asip:ci-sis:dci:2009
    urn:asip:ci-sis:dlu:2015 urn:ans:ci-sis:cse-mde:2023 urn:asip:ci-sis:eunv:2013 urn:asip:ci-sis:fludr:2017
    urn:asip:ci-sis:fludt:2017 urn:asip:ci-sis:frcp:2011 urn:asip:ci-sis:hr:2019 urn:asip:ci-sis:idap:2011
    urn:asip:ci-sis:ldl-ees:2017 urn:asip:ci-sis:ldl-ses:2017 urn:asip:ci-sis:pavc:2016 urn:asip:ci-sis:pps-cancer:2017
    urn:asip:ci-sis:pps-paerpa:2017 urn:asip:ci-sis:ppv:2009 urn:asip:ci-sis:psc:2009 urn:asip:ci-sis:sdm-mr:2017
    urn:asip:ci-sis:sunv:2013 urn:asip:ci-sis:tap:2009 urn:asip:ci-sis:vac:2019 urn:asip:ci-sis:vsm:2012
    urn:asipSante:modelesHorsProfils:2011 urn:asip:ci-sis:cr-cpa:2020 urn:asip:ci-sis:cr-anest:2020
    urn:asip:ci-sis:tlm-da:2020 urn:asip:ci-sis:vac-note:2021 urn:asip:ci-sis:obp-sap:2023 urn:asip:ci-sis:obp-snm:2023
    urn:asip:ci-sis:obp-sne:2023 urn:asip:ci-sis:obp-scm:2023 urn:asip:ci-sis:obp-sem:2023 urn:asip:ci-sis:ppp:2023
    urn:asip:ci-sis:dlu:2024 urn:asip:ci-sis:ft-su:2024 urn:asip:ci-sis:fr-su:2024 urn:ans:ci-sis:trod:2024
    urn:ihe:iti:dsg:detached:2014 urn:ihe:iti:xds-sd:pdf:2008 urn:ihe:iti:xds-sd:text:2008 urn:ihe:pharm:dis:2010
    urn:ihe:iti-fr:xds-sd:jpeg:2010 urn:ihe:iti-fr:xds-sd:rtf:2010 urn:ihe:iti-fr:xds-sd:tiff:2010
    urn:ihe:lab:xd-lab:2008 urn:ihe:palm:apsr:2016 urn:ihe:pcc:ips:2020 urn:ihe:pharm:pre:2010
    urn:ihe:eyecare:geneyeevalcn:2014 urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013
    1.2.840.10008.5.1.4.1.1.88.59 http://www.w3.org/2000/09/xmldsig#
  `),
};

/** Kinds of identifiers in referenceIdList (CXi component 5). */
export const REFERENCE_TYPES: CodeTable<readonly string[]> = {
  source: "JDV_J231-XdsTypesIdentifiantsReferenceId-DMP (1.2.250.1.213.1.1.5.693)",
  date: "2022-12-16",
  values: ["urn:ihe:iti:xds:2013:accession", "urn:ihe:iti:xds:2013:order", "urn:ihe:iti:xds:2016:studyInstanceUID"],
};

/** formatCode of a detached signature: the editor kit's, and the one the value set lists since. */
export const SIGNATURE_FORMATS: readonly string[] = [
  "http://www.w3.org/2000/09/xmldsig#",
  "urn:ihe:iti:dsg:detached:2014",
];
/** eventCode of a detached signature, "Source" (ASTM E1762), and its nomenclature. */
export const SIGNATURE_PURPOSE = { code: "1.2.840.10065.1.12.1.14", scheme: "1.2.840.10065.1.12" } as const;

/** typeCode -> nomenclature: LOINC numbers, the agency's own words, and ASTM for a signature. */
export function schemeOfType(code: string): string {
  if (code === SIGNATURE_TYPE) return SCHEMES.astm;
  return /^\d+-\d$/.test(code) ? SCHEMES.loinc : SCHEMES.documentTypes;
}

/** classCode -> nomenclature. */
export function schemeOfClass(code: string): string {
  return code === DIGITAL_SIGNATURE_CLASS ? SCHEMES.urn : SCHEMES.documentClasses;
}

/** Sectors of activity and settings of practice: the two words of "other producers" have a nomenclature of their own. */
export function schemeOrOtherProducer(code: string, scheme: string): string {
  return code === "EXP_PATIENT" || code === "SNR" ? SCHEMES.otherProducers : scheme;
}
