import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "cda/structure",
  mutations: [
    {
      id: "professional without a family name",
      message: "absent",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<assignedAuthor>[\s\S]*<assignedPerson>\s*<name>[\s\S]*?)<family>[^<]*<\/family>/,
          "",
        ),
    },
    {
      id: "author without assignedPerson's name, two functions",
      message: "repeated",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "<author>",
          '<author><functionCode code="PCP" codeSystem="2.16.840.1.113883.5.88"/><functionCode code="ATTPHYS" codeSystem="2.16.840.1.113883.5.88"/>',
        ),
    },
    {
      id: "specialty without its label",
      message: "attribute",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<assignedAuthor>\s*<id [^>]*\/>\s*<code code="[^"]*") displayName="[^"]*"/,
          "",
        ),
    },
    {
      id: "patient identifier without its value",
      message: "attribute",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<patientRole>[\s\S]{0,200}?<id root="2\.25\.[0-9]+") extension="[^"]*"/,
          "",
        ),
    },
    {
      id: "author known by a name instead of an OID",
      message: "root_form",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<assignedAuthor>\s*<id root=")1\.2\.250\.1\.71\.4\.2\.1/,
          "RPPS",
        ),
    },
    {
      id: "end of the act without a value",
      message: "no_value",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<serviceEvent>[\s\S]{0,200}?)<high value="[^"]*"\/>/,
          "<high/>",
        ),
    },
    {
      id: "the same telephone twice",
      message: "same_twice",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<assignedAuthor>[\s\S]*?)<telecom value="tel:0100000000" use="WP"\/>/,
          '<telecom value="tel:0100000000" use="WP"/><telecom value="tel:0100000000" use="WP"/>',
        ),
    },
    {
      id: "author in a namespace of the vendor's",
      message: "foreign",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "<author>", '<author xmlns="urn:example:vendor">'),
    },
    {
      id: "signer's specialty with an empty label",
      message: "empty_attribute",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<legalAuthenticator>[\s\S]*?<code [^>]*displayName=")[^"]+/,
          "",
        ),
    },
    {
      id: "unknown and known at once",
      message: "null_and_value",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<encompassingEncounter>[\s\S]*?)<high value="/,
          '<high nullFlavor="UNK" value="',
        ),
    },
  ],
  defects: [{ defect: "dmp-cda-signer-no-family", message: "absent", scenarios: ["dmp-submit"] }],
});
