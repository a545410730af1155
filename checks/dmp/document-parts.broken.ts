import { defineBroken } from "../../core/model/index.js";
import { changeUpload } from "./helpers/edits.js";

const DOCUMENT = /<([a-z]+):Document id="[^"]*">[\s\S]*?<\/\1:Document>/;

export default defineBroken({
  check: "dmp/document-parts",
  mutations: [
    { id: "entry without a document", message: "no_document", edit: changeUpload(DOCUMENT, "") },
    {
      id: "document that nothing describes",
      message: "no_entry",
      edit: changeUpload(
        /(?=<\/[a-z]+:ProvideAndRegisterDocumentSetRequest>)/,
        '<x:Document id="Document77">AA==</x:Document>',
      ),
    },
    { id: "id in small letters", message: "case_differs", edit: changeUpload(':Document id="D', ':Document id="d') },
    {
      id: "reference to a part that is not there",
      message: "unresolved",
      edit: changeUpload(/href="cid:[^"]*"/, 'href="cid:nobody"'),
    },
    { id: "reference outside the message", message: "unresolved", edit: changeUpload(/href="cid:/, 'href="http://') },
    {
      id: "two parts of one Content-ID",
      message: "duplicate_content_id",
      edit: (r) => {
        const bytes = Buffer.from(r.exchange("dmp.submit", "dmp-submit").requestBytes).toString("latin1");
        const boundary = /boundary="([^"]+)"/.exec(bytes)?.[1] ?? "";
        const root = /Content-ID: (<[^>]*>)/.exec(bytes)?.[1] ?? "";
        changeUpload(`--${boundary}--`, `--${boundary}\r\nContent-ID: ${root}\r\n\r\nmore\r\n--${boundary}--`)(r);
      },
    },
    {
      id: "package that is no submission set",
      message: "no_submission_set",
      edit: changeUpload(
        "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd",
        "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2",
      ),
    },
    {
      id: "registry objects written twice, once where a careless reader looks first",
      message: "several_lists",
      edit: (r) => {
        const bytes = Buffer.from(r.exchange("dmp.submit", "dmp-submit").requestBytes).toString("utf8");
        const list = /<([a-z]+):RegistryObjectList[ >][\s\S]*<\/\1:RegistryObjectList>/.exec(bytes)?.[0] ?? "";
        changeUpload(list, `<z:note xmlns:z="urn:example:note">${list}</z:note>${list}`)(r);
      },
    },
    {
      id: "two legal authenticators",
      message: "repeated",
      edit: changeUpload(
        /(?<=<rim:Slot name="legalAuthenticator">\s*<rim:ValueList>)/,
        "<rim:Value>another</rim:Value>",
      ),
    },
    {
      id: "a second hash that says something else",
      message: "repeated",
      edit: changeUpload(
        /<rim:Slot name="hash">/,
        '<rim:Slot name="hash"><rim:ValueList><rim:Value>00</rim:Value></rim:ValueList></rim:Slot><rim:Slot name="hash">',
      ),
    },
    {
      id: "a second patient beside the right one",
      message: "repeated",
      edit: changeUpload(
        /(?=<rim:ExternalIdentifier [^>]*58a6f841-87b3-4a3e-92fd-a8ffeff98427)/,
        '<rim:ExternalIdentifier id="e7" identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427" value="1"/>',
      ),
    },
    {
      id: "registry objects in a request of another namespace",
      message: "wrong_request",
      edit: changeUpload("urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0", "urn:oasis:names:tc:ebxml-regrep:lcm:xsd:3.0"),
    },
    {
      id: "two documents of one id",
      message: "several_documents",
      edit: (r) => {
        const bytes = Buffer.from(r.exchange("dmp.submit", "dmp-submit").requestBytes).toString("utf8");
        const document = DOCUMENT.exec(bytes)?.[0] ?? "";
        changeUpload(document, document + document)(r);
      },
    },
    {
      id: "two contents in one document",
      message: "several_documents",
      edit: (r) => {
        const bytes = Buffer.from(r.exchange("dmp.submit", "dmp-submit").requestBytes).toString("utf8");
        const include = /<([a-z]+):Include [^>]*(?:\/>|>\s*<\/\1:Include>)/.exec(bytes)?.[0] ?? "";
        changeUpload(include, include + include)(r);
      },
    },
  ],
  defects: [
    {
      defect: "dmp-document-id-mismatch",
      message: "id_differs",
      scenarios: ["dmp-submit"],
    },
  ],
});
