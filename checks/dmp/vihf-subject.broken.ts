import { defineBroken } from "../../core/model/index.js";
import { changeQuestion, changeUpload } from "./helpers/edits.js";

const CLASS = /(?<=:AuthnContextClassRef>)[^<]*/;

export default defineBroken({
  check: "dmp/vihf-subject",
  mutations: [
    { id: "nobody named", message: "name_absent", edit: changeQuestion(/(?<=NameID>)[^<]*/, "") },
    { id: "RPPS without its prefix", message: "name_form", edit: changeQuestion(/(?<=NameID>)8(?=\d{11}<)/, "") },
    {
      id: "no statement of authentication",
      message: "statement",
      edit: changeUpload(/<([a-z0-9]+):AuthnStatement [\s\S]*?<\/\1:AuthnStatement>/, ""),
    },
    {
      id: "statement without an instant",
      message: "statement",
      edit: changeQuestion(/ AuthnInstant="[^"]*"/, ""),
    },
    {
      id: "instant in local time",
      message: "instant_form",
      edit: changeQuestion(/(?<=AuthnInstant="[^"]*)Z"/, '+02:00"'),
    },
    { id: "login of tomorrow", message: "instant_later", edit: changeUpload(/(?<=AuthnInstant=")\d{4}/, "2099") },
    { id: "no class", message: "class_absent", edit: changeQuestion(CLASS, "") },
    { id: "class of another list", message: "class_unknown", edit: changeQuestion(CLASS, "urn:psc:eidas1") },
    {
      id: "class that SAML does not know",
      message: "class_unknown",
      edit: changeQuestion(CLASS, "urn:oasis:names:tc:SAML:2.0:ac:classes:ECPS"),
    },
    {
      id: "reinforced mode without the primary authentication",
      message: "declaration_absent",
      edit: (r) => {
        changeUpload(
          /(?<=Name="Authentification_Mode"[^>]*><[a-z0-9]+:AttributeValue[^>]*>)[^<]*/,
          "INDIRECTE_RENFORCEE ",
        )(r);
        changeUpload(
          /(?<=<\/[a-z0-9]+:AuthnContextClassRef>)(<[a-z0-9]+:AuthnContextDecl>[^<]*<\/[a-z0-9]+:AuthnContextDecl>)?/,
          " ",
        )(r);
      },
    },
    {
      id: "primary authentication in direct mode",
      message: "declaration_unexpected",
      edit: (r) => {
        changeUpload(/(?<=Name="Authentification_Mode"[^>]*><[a-z0-9]+:AttributeValue[^>]*>)[^<]*/, "DIRECTE")(r);
        changeUpload(
          /(?<=<\/[a-z0-9]+:AuthnContextClassRef>)(?=<)/,
          "<saml:AuthnContextDecl>APP_BROWSER_AUTH</saml:AuthnContextDecl>",
        )(r);
      },
    },
  ],
  defects: [{ defect: "dmp-vihf-no-class", message: "class_absent", scenarios: ["dmp-submit"] }],
});
