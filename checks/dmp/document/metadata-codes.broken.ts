import { defineBroken } from "../../../core/model/index.js";
import { changeUpload } from "../helpers/edits.js";

const CONTENT_TYPE = "aa543740-bdda-424e-8c96-df4873be8500";
const CLASS = "41a5887f-8865-4c09-adf7-e362475b143a";
const CONFIDENTIALITY = "f4f85eac-e6cb-4883-b524-f2705394840f";
const FORMAT = "a09d5840-386c-46f2-b5ad-9c3699a4309d";
const FACILITY = "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1";
const SETTING = "cccf5598-8b07-4b77-a05e-ae952c785ead";

/** Inside the classification of that scheme, what `rest` matches. */
const inside = (scheme: string, rest: string): RegExp =>
  new RegExp(`(?<=classificationScheme="urn:uuid:${scheme}"(?:(?!</rim:Classification>)[\\s\\S])*?)${rest}`);

/** A further confidentiality classification before the first one. */
const confidentiality = (code: string, scheme: string): string =>
  `<rim:Classification id="urn:uuid:4b1f0f2a-0000-4000-8000-0000000000${code.length}a" objectType="urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:Classification" classificationScheme="urn:uuid:${CONFIDENTIALITY}" classifiedObject="Document01" nodeRepresentation="${code}"><rim:Slot name="codingScheme"><rim:ValueList><rim:Value>${scheme}</rim:Value></rim:ValueList></rim:Slot><rim:Name><rim:LocalizedString value="${code}"/></rim:Name></rim:Classification>`;
const FIRST = new RegExp(`(?=<rim:Classification [^>]*${CONFIDENTIALITY})`);
const VISIBILITY = "1.2.250.1.213.1.1.4.13";
const LEVEL = "2.16.840.1.113883.5.25";

/** A referenceIdList on the document. */
const reference = (value: string): string =>
  `<rim:Slot name="urn:ihe:iti:xds:2013:referenceIdList"><rim:ValueList><rim:Value>${value}</rim:Value></rim:ValueList></rim:Slot>`;
const SLOT = /(?=<rim:Slot name="languageCode">)/;

export default defineBroken({
  check: "dmp/metadata-codes",
  mutations: [
    {
      id: "empty code of the setting",
      message: "no_value",
      edit: changeUpload(inside(SETTING, '(?<=nodeRepresentation=")[^"]+'), ""),
    },
    {
      id: "class without its nomenclature",
      message: "no_scheme",
      edit: changeUpload(inside(CLASS, "codingScheme"), "scheme"),
    },
    {
      id: "confidentiality with two nomenclatures",
      message: "no_scheme",
      edit: changeUpload(inside(CONFIDENTIALITY, "(?<=</rim:Value>)"), "<rim:Value>1.2.3</rim:Value>"),
    },
    {
      id: "activity of the set without a label",
      message: "no_label",
      edit: changeUpload(inside(CONTENT_TYPE, '(?<=LocalizedString [^>]*value=")[^"]+'), ""),
    },
    {
      id: "sector under another nomenclature",
      message: "scheme",
      edit: changeUpload(inside(FACILITY, "1\\.2\\.250\\.1\\.71\\.4\\.2\\.4"), "1.2.250.1.71.4.2.99"),
    },
    {
      id: "format outside the value set",
      message: "unknown",
      edit: changeUpload(inside(FORMAT, '(?<=nodeRepresentation=")[^"]+'), "urn:ihe:iti:xds-sd:odt:2030"),
    },
    { id: "the level given twice", message: "code_repeated", edit: changeUpload(FIRST, confidentiality("N", LEVEL)) },
    { id: "two levels", message: "code_repeated", edit: changeUpload(FIRST, confidentiality("R", LEVEL)) },
    {
      id: "five codes",
      message: "too_many",
      edit: changeUpload(FIRST, ["N", "R", "V", "MASQUE_PS"].map((code) => confidentiality(code, LEVEL)).join("")),
    },
    {
      id: "visibility before the level",
      message: "level_order",
      edit: changeUpload(FIRST, confidentiality("MASQUE_PS", VISIBILITY)),
    },
    {
      id: "reference without a type",
      message: "reference_form",
      edit: changeUpload(SLOT, reference("ACC-42^^^&amp;1.2.250.1.999&amp;ISO")),
    },
    {
      id: "reference whose authority is no OID",
      message: "reference_form",
      edit: changeUpload(SLOT, reference("ACC-42^^^RIS^urn:ihe:iti:xds:2013:accession").replace("RIS", "&amp;RIS")),
    },
    {
      id: "reference of another kind",
      message: "reference_type",
      edit: changeUpload(SLOT, reference("42^^^&amp;1.2.250.1.999&amp;ISO^urn:ihe:iti:xds:2016:encounterId")),
    },
  ],
  defects: [
    {
      defect: "dmp-code-no-scheme",
      message: "no_scheme",
      scenarios: ["dmp-submit"],
      collateral: ["dmp/class-code", "dmp/document-description", "dmp/format-code"].map((check) => ({
        check,
        reason: "compares the nomenclature that is not there",
      })),
    },
  ],
});
