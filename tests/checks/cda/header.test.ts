/** Fine points of the header: what the official rules accept must not be blamed, what they refuse must be seen. */
import { expect } from "chai";
import actors from "../../../checks/cda/actors.js";
import addresses from "../../../checks/cda/addresses.js";
import codes from "../../../checks/cda/codes.js";
import dates from "../../../checks/cda/dates.js";
import identification from "../../../checks/cda/identification.js";
import names from "../../../checks/cda/names.js";
import patientIdentity from "../../../checks/cda/patient-identity.js";
import structure from "../../../checks/cda/structure.js";
import telecom from "../../../checks/cda/telecom.js";
import type { CheckDef } from "../../../core/model/index.js";
import { document } from "../dmp-document/sample.js";
import { fileView, judge } from "./support.js";

interface Case {
  readonly name: string;
  readonly check: CheckDef;
  readonly from: string | RegExp;
  readonly to: string;
  /** Messages expected; none for what the official rules accept. */
  readonly says: readonly string[];
}

const TELEPHONE = '<telecom value="tel:0100000000" use="WP"/>';
const FIRST_AUTHOR_NAME = /(?<=<author>[\s\S]*?<assignedPerson>\s*)<name>/;

const CASES: readonly Case[] = [
  { name: "a telecom nobody asked for", check: telecom, from: TELEPHONE, to: '<telecom nullFlavor="NASK"/>', says: [] },
  {
    name: "a null flavour that is not admitted",
    check: telecom,
    from: TELEPHONE,
    to: '<telecom nullFlavor="NI"/>',
    says: ["nothing"],
  },
  { name: "a scheme in capitals", check: telecom, from: "tel:0100000000", to: "TEL:0100000000", says: ["form"] },
  { name: "blanks in a number", check: telecom, from: "tel:0100000000", to: "tel:01 00 00 00 00", says: ["form"] },
  {
    name: "a secured mail address",
    check: telecom,
    from: "tel:0100000000",
    to: "mailto:a@cabinet.mssante.fr",
    says: [],
  },
  {
    name: "blanks around a code, which XML Schema collapses",
    check: codes,
    from: 'code="AMBULATOIRE"',
    to: 'code="AMBULATOIRE "',
    says: [],
  },
  {
    name: "a code younger than our table",
    check: codes,
    from: /<code code="11488-4"/,
    to: '<code code="99999-9"',
    says: ["unknown"],
  },
  {
    name: "a confidentiality the DMP does not take but HL7 knows",
    check: codes,
    from: /<confidentialityCode code="N"/,
    to: '<confidentialityCode code="M"',
    says: [],
  },
  {
    name: "a visibility code as confidentiality",
    check: codes,
    from: /<confidentialityCode code="N"/,
    to: '<confidentialityCode code="MASQUE_PS"',
    says: ["outside"],
  },
  {
    name: "a title in lower case",
    check: names,
    from: "<suffix>DR</suffix>",
    to: "<suffix>dr</suffix>",
    says: ["misspelt"],
  },
  {
    name: "a blank before a title",
    check: names,
    from: "<suffix>DR</suffix>",
    to: "<suffix> DR</suffix>",
    says: ["misspelt"],
  },
  {
    name: "another title of the table",
    check: names,
    from: "<suffix>DR</suffix>",
    to: "<suffix>PR</suffix>",
    says: [],
  },
  {
    name: "a null legal authenticator with all its parts",
    check: actors,
    from: "<legalAuthenticator>",
    to: '<legalAuthenticator nullFlavor="UNK">',
    says: [],
  },
  {
    name: "an author who is a device too",
    check: structure,
    from: /(?<=<author>[\s\S]*?)<assignedPerson>/,
    to: "<assignedAuthoringDevice><manufacturerModelName>A</manufacturerModelName><softwareName>B</softwareName></assignedAuthoringDevice><assignedPerson>",
    says: ["repeated"],
  },
  {
    name: "two names of one person",
    check: structure,
    from: FIRST_AUTHOR_NAME,
    to: "<name><family>A</family></name><name>",
    says: ["repeated"],
  },
  {
    name: "a name without a family name beside the name",
    check: structure,
    from: FIRST_AUTHOR_NAME,
    to: "<name><given>A</given></name><name>",
    says: [],
  },
  {
    name: "a consent that is not completed",
    check: structure,
    from: "<componentOf>",
    to: '<authorization><consent><code code="A" codeSystem="1.2.3"/></consent></authorization><componentOf>',
    says: ["absent"],
  },
  {
    name: "the same telephone for two uses",
    check: structure,
    from: TELEPHONE,
    to: `${TELEPHONE}<telecom value="tel:0100000000" use="MC"/>`,
    says: [],
  },
  {
    name: "a null flavour around a whole address",
    check: structure,
    from: "<addr><houseNumber>",
    to: '<addr nullFlavor="UNK"><houseNumber>',
    says: ["null_and_value"],
  },
  {
    name: "an address as plain text",
    check: addresses,
    from: /<addr><houseNumber>[\s\S]*?<\/addr>/,
    to: "<addr>1 rue de la Démonstration</addr>",
    says: [],
  },
  {
    name: "an address in eight lines",
    check: addresses,
    from: /<addr><houseNumber>[\s\S]*?<\/addr>/,
    to: `<addr>${"<streetAddressLine>A</streetAddressLine>".repeat(8)}</addr>`,
    says: ["repeated"],
  },
  {
    name: "a date in the ISO form",
    check: dates,
    from: /(?<=<author>\s*<time value=")[^"]*/,
    to: "2026-11-21",
    says: ["malformed"],
  },
  {
    name: "Zulu time",
    check: dates,
    from: /(?<=<author>\s*<time value=")[^"]*/,
    to: "20261121183000Z",
    says: ["malformed"],
  },
  {
    name: "a fraction of a second",
    check: dates,
    from: /(?<=<author>\s*<time value=")[^"]*/,
    to: "20261121183000.123+0100",
    says: [],
  },
  {
    name: "a code that is only a blank",
    check: structure,
    from: /(?<=<administrativeGenderCode code=")[^"]*/,
    to: " ",
    says: ["empty_attribute"],
  },
  {
    name: "a document type that is only a blank",
    check: identification,
    from: /(?<=<code code=")11488-4/,
    to: " ",
    says: ["missing"],
  },
  {
    name: "a null flavour that HL7 does not know",
    check: structure,
    from: '<addr nullFlavor="NASK"/>',
    to: '<addr nullFlavor=""/>',
    says: ["empty_attribute"],
  },
  {
    name: "the keeper's name beside a null flavour, which the official rules leave free",
    check: structure,
    from: /(?<=<representedCustodianOrganization>[\s\S]*?)<name>/,
    to: '<name nullFlavor="NI">',
    says: [],
  },
  {
    name: "the interval of an act beside a null flavour, which the official rules leave free",
    check: structure,
    from: /(?<=<serviceEvent>[\s\S]*?)<effectiveTime>/,
    to: '<effectiveTime nullFlavor="NI">',
    says: [],
  },
  {
    name: "the signer's name both unknown and given",
    check: structure,
    from: /(?<=<legalAuthenticator>[\s\S]*?<assignedPerson>\s*)<name>/,
    to: '<name nullFlavor="NI">',
    says: ["absent", "null_and_value"],
  },
  {
    name: "a patient put behind another, who is there and null",
    check: patientIdentity,
    from: /<recordTarget>([\s\S]*?)(<id root="1\.2\.250\.1\.213\.1\.4\.10" extension=")[^"]*([\s\S]*?<\/recordTarget>)/,
    to: '<recordTarget nullFlavor="NI">$1$2297022A02077878$3<recordTarget>$1$2297$3',
    says: ["ins_form"],
  },
  {
    name: "two bodies",
    check: structure,
    from: "</nonXMLBody>",
    to: "</nonXMLBody><structuredBody/>",
    says: ["repeated"],
  },
  {
    name: "two texts in one body",
    check: structure,
    from: "</nonXMLBody>",
    to: "<text>AAAA</text></nonXMLBody>",
    says: ["repeated"],
  },
  {
    name: "two documents in one style sheet",
    check: identification,
    from: /<ClinicalDocument[\s\S]*<\/ClinicalDocument>/,
    to: '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform">$&$&</xsl:stylesheet>',
    says: ["repeated"],
  },
  {
    name: "a title of another namespace",
    check: structure,
    from: /<title>([^<]*)<\/title>/,
    to: '<x:title xmlns:x="urn:example:vendor">$1</x:title>',
    says: ["foreign"],
  },
  {
    name: "an extension that the official schema knows",
    check: structure,
    from: "<birthTime",
    to: '<s:deceasedInd xmlns:s="urn:hl7-org:sdtc" value="false"/><birthTime',
    says: [],
  },
  { name: "a month only", check: dates, from: /(?<=<author>\s*<time value=")[^"]*/, to: "202611", says: [] },
];

describe("checks/cda, header", () => {
  let good: string;
  before(async () => {
    good = (await document()).cda.toString("utf8");
  });
  for (const { name, check, from, to, says } of CASES) {
    it(`${check.id}: ${name} → ${says.join(", ") || "nothing"}`, () => {
      const edited = good.replace(from, to);
      expect(edited, "the edit changes the document").to.not.equal(good);
      const result = judge(check, fileView(Buffer.from(edited)));
      expect([...new Set(result.findings.map(({ message }) => message))]).to.deep.equal(says);
      expect(result.outcome).to.equal(result.findings.some(({ weight }) => weight === "breach") ? "breached" : "met");
    });
  }
});
