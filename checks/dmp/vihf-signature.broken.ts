import { defineBroken } from "../../core/model/index.js";
import { changeUpload } from "./helpers/edits.js";

export default defineBroken({
  check: "dmp/vihf-signature",
  mutations: [
    {
      id: "patient changed after signing",
      message: "invalid",
      edit: changeUpload(/(?<=resource-id"><[a-z0-9]+:AttributeValue>)\d/, "9"),
    },
    {
      id: "digest that is not that of the assertion",
      message: "invalid",
      edit: changeUpload(/DigestValue>[^<]+</, "DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=<"),
    },
    {
      id: "signature value of other bytes",
      message: "invalid",
      edit: changeUpload(/SignatureValue>[^<]{8}/, "SignatureValue>AAAAAAAA"),
    },
    {
      id: "signature that covers another element",
      message: "invalid",
      edit: changeUpload(/Reference URI="#[^"]*"/, 'Reference URI="#elsewhere"'),
    },
    {
      id: "assertion without an identifier",
      message: "no_identifier",
      edit: changeUpload(/(?<=:Assertion [^>]*) ID="[^"]*"/, ""),
    },
    {
      id: "algorithm outside the list",
      message: "not_judged",
      edit: changeUpload("2001/04/xmldsig-more#rsa-sha256", "2007/05/xmldsig-more#sha256-rsa-MGF1"),
    },
    {
      id: "SHA-1 digest",
      message: "sha1",
      // The value no longer matches either: only the remark is of interest here, so the algorithm is left unjudged too.
      edit: (r) => {
        changeUpload("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1")(r);
        changeUpload("2001/04/xmldsig-more#rsa-sha256", "2007/05/xmldsig-more#sha256-rsa-MGF1")(r);
      },
    },
  ],
  defects: [
    { defect: "dmp-vihf-unsigned", message: "unsigned", scenarios: ["dmp-submit"] },
    { defect: "dmp-vihf-tampered", message: "invalid", scenarios: ["dmp-submit"] },
  ],
});
