/**
 * A tiny tree of rules in the layout of the agency's public one, with rules of our own: what is judged here is how such a tree is
 * opened, chosen from and told, never what the agency asks. Returns plain text by path, so that a test changes what it needs.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export const HEADER = "schematrons/profils/structurationMinimale/ASIP-STRUCT-MIN-StrucMin.sch";
export const J07 = "jeuxDeValeurs/JDV_J07_XdsTypeCode_CISIS.xml";
export const VOLET = (version: string): string => `schematrons/CI-SIS_LDL-SES_${version}.sch`;
export const TEMPLATE = "1.2.250.1.213.1.1.1.29";

const SCH = 'xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"';
const NS = '<ns prefix="cda" uri="urn:hl7-org:v3"/><ns prefix="skos" uri="http://www.w3.org/2004/02/skos/core#"/>';

function schema(body: string): string {
  return `<schema ${SCH}>${NS}${body}</schema>`;
}

function simple(id: string, context: string, test: string, text: string, more = ""): string {
  return `<pattern id="${id}"><rule context="${context}"><assert test="${test}"${more}>${text}</assert></rule></pattern>`;
}

/** Rules of one volet, which demands its template of the document, and a section count of its own. */
export function volet(template: string, rule = ""): string {
  return schema(
    simple("document", "cda:ClinicalDocument", `cda:templateId[@root='${template}']`, "template missing") + rule,
  );
}

export function tinyTree(): Map<string, string> {
  return new Map([
    [
      "infrastructure/cda/CDA_extended.xsd",
      `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:hl7-org:v3" targetNamespace="urn:hl7-org:v3" elementFormDefault="qualified">
<xs:include schemaLocation="general/types.xsd"/>
<xs:element name="ClinicalDocument"><xs:complexType><xs:sequence>
<xs:element name="realmCode" type="CS"/>
<xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>`,
    ],
    [
      "infrastructure/cda/general/types.xsd",
      `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:hl7-org:v3" targetNamespace="urn:hl7-org:v3">
<xs:complexType name="CS"><xs:attribute name="code" use="required"><xs:simpleType><xs:restriction base="xs:token"><xs:maxLength value="2"/></xs:restriction></xs:simpleType></xs:attribute></xs:complexType></xs:schema>`,
    ],
    [
      HEADER,
      schema(
        '<include href="include/code.sch"/>' +
          simple("realm", "cda:ClinicalDocument", "cda:realmCode/@code = 'FR'", "the realm is not FR") +
          simple("title", "cda:ClinicalDocument", "cda:title", "no title", ' role="warning"'),
      ),
    ],
    [
      "schematrons/profils/structurationMinimale/include/code.sch",
      `<pattern ${SCH} id="code"><rule context="cda:ClinicalDocument/cda:code"><assert role="error" test="@code = doc('include/voc-1.2.250.1.213.1.1.5.471-DYNAMIC.xml')/*/valueSet/conceptList/concept/@code">the code <value-of select="@code"/> is not listed</assert></rule></pattern>`,
    ],
    [
      J07,
      `<RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008"><ValueSet id="1.2.250.1.213.1.1.5.471"><ConceptList><Concept code="11490-0" codeSystem="2.16.840.1.113883.6.1" displayName="a letter"/></ConceptList></ValueSet></RetrieveValueSetResponse>`,
    ],
    ["schematrons/profils/IHE.sch", schema('<include href="../include/sections/S_Demo.sch"/>')],
    [
      "schematrons/include/sections/S_demo.sch",
      `<pattern ${SCH} id="section"><rule context="cda:section"><assert test="cda:title">a section without title</assert></rule></pattern>`,
    ],
    [
      "schematrons/profils/CI-SIS_ModelesDeContenusCDA.sch",
      schema(simple("models", "cda:observation", "cda:code", "an observation without code")),
    ],
    [
      "schematrons/profils/CI-SIS_Modeles_ANS.sch",
      schema(simple("ans", "cda:supply", "cda:code", "a supply without code")),
    ],
    [
      "schematrons/profils/terminologies/schematron/terminologie.sch",
      schema(
        simple(
          "codes",
          "cda:code",
          "not(doc-available(concat('../terminologie/', @codeSystem, '.rdf'))) or exists(doc(concat('../terminologie/', @codeSystem, '.rdf'))//skos:notation[. = current()/@code])",
          "unknown code",
        )
          .replace("current()/@code", "$code")
          .replace('<rule context="cda:code">', '<rule context="cda:code"><let name="code" value="@code"/>'),
      ),
    ],
    [
      "schematrons/profils/terminologies/terminologie/2.16.840.1.113883.6.73.rdf",
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#"><rdf:Description><skos:notation>A01</skos:notation></rdf:Description></rdf:RDF>',
    ],
    [VOLET("2022.01"), volet(TEMPLATE)],
    [
      VOLET("2023.01"),
      volet(TEMPLATE, simple("body", "cda:ClinicalDocument", "cda:component", "no body, as of 2023.01")),
    ],
    // Another volet, so that a choice is one.
    ["schematrons/CI-SIS_LDL-EES_2022.01.sch", volet("1.2.250.1.213.1.1.1.21")],
  ]);
}

export function writeTree(folder: string, tree: ReadonlyMap<string, string | Uint8Array>): string {
  for (const [name, text] of tree) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

export interface TinyDocument {
  readonly realm?: string;
  readonly typeId?: string;
  readonly title?: string;
  readonly code?: string;
  /** `root` or `root extension`. */
  readonly templates?: readonly string[];
  readonly body?: string;
}

/** A document these rules accept, unless told otherwise. One element a line. */
export function tinyCda(facts: TinyDocument = {}): Buffer {
  const templates = (facts.templates ?? ["1.2.250.1.213.1.1.1.1", `${TEMPLATE} 2022.01`]).map((one) => {
    const [root = "", extension] = one.split(" ");
    return `<templateId root="${root}"${extension === undefined ? "" : ` extension="${extension}"`}/>`;
  });
  const lines = [
    '<ClinicalDocument xmlns="urn:hl7-org:v3">',
    `<realmCode code="${facts.realm ?? "FR"}"/>`,
    `<typeId root="2.16.840.1.113883.1.3" extension="${facts.typeId ?? "POCD_HD000040"}"/>`,
    ...templates,
    `<code code="${facts.code ?? "11490-0"}" codeSystem="2.16.840.1.113883.6.1"/>`,
    `<title>${facts.title ?? "Lettre"}</title>`,
    facts.body ?? "<component/>",
    "</ClinicalDocument>",
  ];
  return Buffer.from(`${lines.filter((line) => line !== "<title></title>").join("\n")}\n`);
}
