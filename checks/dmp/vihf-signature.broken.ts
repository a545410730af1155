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
      id: "signature without a certificate",
      message: "no_certificate",
      edit: changeUpload(/<([a-z0-9]+:)?KeyInfo>[\s\S]*?<\/\1KeyInfo>/, ""),
    },
    {
      id: "inclusive canonicalization",
      message: "canonicalization",
      // What was signed is another form: only the remark is of interest, the value is left unjudged.
      edit: (r) => {
        changeUpload(
          /(?<=Transform Algorithm=")http:\/\/www\.w3\.org\/2001\/10\/xml-exc-c14n#/,
          "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        )(r);
        changeUpload("2001/04/xmldsig-more#rsa-sha256", "2007/05/xmldsig-more#sha256-rsa-MGF1")(r);
      },
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
