/**
 * Volets of a structured CDA: the document code the official rules of each version admit, and whether they ask for the section
 * that holds a PDF copy. A version that is not there is unknown to us.
 */
import type { CodeTable } from "../codes.js";

export interface Volet {
  readonly name: string;
  /** Codes of ClinicalDocument/code, for the versions named. */
  readonly codes: readonly string[];
  /** `templateId/@extension`. */
  readonly versions: readonly string[];
  /** Versions in which the section FR-Document-PDF-copie is mandatory. */
  readonly pdfCopy?: readonly string[];
}

/** Template of the section FR-Document-PDF-copie. */
export const PDF_COPY_SECTION = "1.2.250.1.213.1.1.2.243";

const VOLETS = "1.2.250.1.213.1.1.1";

function volet(root: string, name: string, codes: string, versions: string, pdfCopy?: string): [string, Volet] {
  const list = (text: string): string[] => text.split(" ").filter((word) => word !== "");
  const volet = { name, codes: list(codes), versions: list(versions) };
  return [`${VOLETS}.${root}`, pdfCopy === undefined ? volet : { ...volet, pdfCopy: list(pdfCopy) }];
}

/** By `templateId/@root`. Where versions admit different codes, only those that agree are named. */
export const VOLET_OF_TEMPLATE: CodeTable<ReadonlyMap<string, Volet>> = {
  source:
    "public schematrons of the volets, ansforge/TestContenuCDA-3-0 (document code of each volet), and their examples",
  date: "2025-02-19",
  values: new Map([
    volet("55", "CR-BIO", "11502-2", "2023.01 2024.01", "2024.01"),
    volet("59", "BIO-TROD", "96173-0", "2024.01"),
    volet("29", "LDL-SES", "11490-0", "2022.01"),
    volet("21", "LDL-EES", "18761-7", "2022.01"),
    volet("51", "IPS-FR", "60591-5 74207-2", "2024.01"),
    volet("39", "eP-MED-DM", "57833-6", "2022.01 2023.01 2024.01", "2024.01"),
    volet("54", "eDISP-MED", "60593-1", "2024.01"),
    volet("45", "IMG-CR-IMG", "18748-4", "2024.01"),
    volet("47", "IMG-DA-IMG", "55115-0", "2024.01"),
    volet("27", "CANCER-D2LM-FIN", "18748-4", "2022.01"),
    volet("28", "CANCER-D2LM-FIDD", "18748-4", "2022.01"),
    volet("40", "ANEST-CR-ANEST", "77436-4", "2022.01"),
    volet("41", "ANEST-CR-CPA", "34749-2", "2022.01"),
    volet("15", "AVC-AUNV", "34133-9", "2022.01"),
    volet("16", "AVC-EUNV", "34133-9", "2022.01"),
    volet("17", "AVC-SUNV", "34133-9", "2022.01"),
    volet("25", "AVC-PAVC", "11488-4", "2022.01"),
    volet("8", "CANCER-FRCP", "34794-8", "2022.01"),
    volet("26", "CANCER-PPS", "18776-5", "2022.01"),
    volet("32", "CANCER-CR-GM", "51969-4", "2022.01"),
    volet("2.1.1", "CARD-F-PRC-AVK", "34133-9", "2022.01"),
    volet("2.1.2", "CARD-F-PRC-TAP", "34133-9", "2022.01"),
    volet("2.1.3", "CARD-F-PRC-DCI", "34133-9", "2022.01"),
    volet("2.1.4", "CARD-F-PRC-PSC", "34133-9", "2022.01"),
    volet("2.1.5", "CARD-F-PRC-PPV", "34133-9", "2022.01"),
    volet("5.1", "CSE-CS8", "CERT_DECL", "2024.01 2025.01"),
    volet("5.2", "CSE-CS9", "CERT_DECL", "2024.01 2025.01"),
    volet("5.3", "CSE-CS24", "CERT_DECL", "2024.01 2025.01"),
    volet("5.4", "CSE-MDE", "29274-8", "2023.01"),
    volet("22", "DLU-EHPAD-DLU", "74207-2", "2022.01"),
    volet("23", "DLU-EHPAD-FLUDT", "74207-2", "2022.01"),
    volet("24", "DLU-EHPAD-FLUDR", "74207-2", "2022.01"),
    volet("12.1", "OBP-SAP", "57055-6", "2024.01"),
    volet("12.2", "OBP-SNM", "57057-2", "2024.01"),
    volet("12.3", "OBP-SNE", "57075-4", "2024.01"),
    volet("12.4", "OBP-SCM", "89235-6", "2024.01"),
    volet("12.5", "OBP-SEM", "78489-2", "2024.01"),
    volet("42", "OPH-BRE", "78513-9", "2022.02"),
    volet("18", "OPH-CR-RTN", "75492-9", "2022.01"),
    volet("30", "SDM-MR", "34133-9", "2022.01 2024.01"),
    volet("38", "TLM-DA", "75496-0", "2022.01"),
    volet("37", "VAC", "11369-6", "2023.01"),
    volet("46", "VAC-NOTE", "87273-9", "2023.01"),
    volet("36", "CNAM-HR", "REMB", "2021.01"),
    // Two versions, two codes: SYNTH in 1.4, a LOINC code in 2023.01. Neither writes its version as an extension we know.
    volet("13", "VSM", "SYNTH 60591-5", ""),
  ]),
};
