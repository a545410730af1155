import { defineBroken } from "../../core/model/index.js";
import { changeQuestion, changeUpload } from "./helpers/edits.js";

const ATTRIBUTE = /(?=<([a-z0-9]+):Attribute Name="Ressource_URN")/;

export default defineBroken({
  check: "dmp/vihf-assertion",
  mutations: [
    {
      id: "assertion of SAML 1.1",
      message: "version",
      edit: changeQuestion(/(?<=Assertion [^>]*)Version="2\.0"/, 'Version="1.1"'),
    },
    {
      id: "bare UUID as ID",
      message: "id_form",
      edit: changeUpload(/(?<=:Assertion [^>]* ID=")[^"]*/, "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
    },
    {
      id: "URN as ID",
      message: "id_form",
      edit: changeUpload(/(?<=:Assertion [^>]* ID=")[^"]*/, "urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
    },
    {
      id: "attributes before the subject",
      message: "order",
      edit: changeQuestion(/(?=<([a-z0-9]+):Subject>)/, "<saml:AttributeStatement></saml:AttributeStatement>"),
    },
    {
      id: "an element of another vocabulary",
      message: "foreign",
      edit: changeQuestion(/(?=<\/[a-z0-9]+:Assertion>)/, '<x:Extension xmlns:x="urn:x"/>'),
    },
    {
      id: "signed assertion moved into the body",
      message: "elsewhere",
      edit: changeQuestion(
        /(?=<\/[a-z0-9]+:Body>)/,
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_other"/>',
      ),
    },
    {
      id: "attribute written twice",
      message: "repeated",
      edit: changeQuestion(ATTRIBUTE, '<saml:Attribute Name="LPS_Nom"/>'),
    },
    {
      id: "two values of the software's name",
      message: "several_values",
      edit: changeQuestion(/(?<=Name="LPS_Nom"[^>]*>)/, "<saml:AttributeValue>AUTRE</saml:AttributeValue>"),
    },
  ],
  defects: [{ defect: "dmp-vihf-id-digit", message: "id_form", scenarios: ["dmp-submit"] }],
});
