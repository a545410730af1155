import { defineBroken } from "../../../core/model/index.js";

const classification = (scheme: string): RegExp =>
  new RegExp(`(?<=classificationScheme="urn:uuid:${scheme}"[^>]*nodeRepresentation=")[^"]*`);
const SETTING = "cccf5598-8b07-4b77-a05e-ae952c785ead";
const FACILITY = "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1";

export default defineBroken({
  check: "dmp/document-producer",
  mutations: [
    {
      id: "no legal authenticator",
      message: "missing",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="legalAuthenticator"', 'name="authenticator"'),
    },
    {
      id: "another person signs in the CDA",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<signatureCode [^>]*\/>\s*<assignedEntity>\s*<id root="1\.2\.250\.1\.71\.4\.2\.1" extension=")[^"]*/,
          "899900000099",
        ),
    },
    {
      id: "another name for the same professional",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=name="authorPerson">[\s\S]{0,60}<[^>]*Value>\d+\^)[^^]*/g,
          "AUTRE",
        ),
    },
    {
      id: "another structure in the CDA",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<representedOrganization>\s*<id root="1\.2\.250\.1\.71\.4\.2\.2" extension=")[^"]*/,
          "1999999999",
        ),
    },
    {
      id: "another specialty in the CDA",
      message: "specialty_differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<code code=")G15_10[^"]*/, "G15_60"),
    },
    {
      id: "a role that is not the CDA's",
      message: "role_differs",
      edit: (r) => {
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?=<rim:Slot name="authorSpecialty">)/g,
          '<rim:Slot name="authorRole"><rim:ValueList><rim:Value>Radiologue</rim:Value></rim:ValueList></rim:Slot>',
        );
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<author>\s*)(<functionCode [^>]*\/>)?(?=\s*<time)/,
          '<functionCode code="PCP" codeSystem="2.16.840.1.113883.5.88" displayName="Médecin traitant"/>',
        );
      },
    },
    {
      id: "another sector",
      message: "differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), classification(FACILITY), "SA01"),
    },
    {
      id: "setting of the CI-SIS that the DMP does not list, in both",
      message: "setting_unknown",
      edit: (r) => {
        r.replaceInRequest(r.exchange("dmp.submit"), classification(SETTING), "ESSMS");
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<standardIndustryClassCode code=")[^"]*/, "ESSMS");
      },
    },
  ],
  defects: [{ defect: "dmp-author-differs", message: "differs", scenarios: ["dmp-submit"] }],
});
