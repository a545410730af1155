import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "cda/actors",
  mutations: [
    {
      id: "legalAuthenticator removed",
      message: "missing",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /<legalAuthenticator>[\s\S]*<\/legalAuthenticator>/, ""),
    },
    {
      id: "documentationOf removed",
      message: "missing",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /<documentationOf>[\s\S]*<\/documentationOf>/, ""),
    },
    {
      id: "facility code removed",
      message: "missing",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<healthCareFacility>\s*)<code [^>]*\/>/, ""),
    },
    {
      id: "two custodians",
      message: "repeated",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "<custodian>",
          '<custodian><assignedCustodian><representedCustodianOrganization><id root="1.2.250.1.71.4.2.2" extension="1"/></representedCustodianOrganization></assignedCustodian></custodian><custodian>',
        ),
    },
    {
      id: "signature not given",
      message: "signature_code",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), '<signatureCode code="S"/>', '<signatureCode code="I"/>'),
    },
    {
      id: "custodian named by a professional's identifier",
      message: "custodian_root",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<representedCustodianOrganization>\s*<id root=")1\.2\.250\.1\.71\.4\.2\.2/,
          "1.2.250.1.71.4.2.1",
        ),
    },
    {
      id: "main act without a start",
      message: "main_act",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<serviceEvent>\s*<effectiveTime>)<low [^>]*\/>/, ""),
    },
  ],
  defects: [
    { defect: "dmp-cda-no-legal-authenticator", message: "missing", scenarios: ["dmp-submit"] },
    { defect: "dmp-cda-no-custodian", message: "missing", scenarios: ["dmp-submit"] },
    { defect: "dmp-cda-no-encounter", message: "missing", scenarios: ["dmp-submit"] },
  ],
});
