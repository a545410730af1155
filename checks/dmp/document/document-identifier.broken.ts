import { defineBroken } from "../../../core/model/index.js";

const ENTRY = /(?<=identificationScheme="urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab" value=")[^"]*/;
const SET = /(?<=identificationScheme="urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8" value=")[^"]*/;

export default defineBroken({
  check: "dmp/document-identifier",
  mutations: [
    {
      id: "UUID in place of an OID",
      message: "form",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), ENTRY, "urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
    },
    {
      id: "OID of another document",
      message: "differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), ENTRY, "1.2.3.4.5"),
    },
    {
      id: "set and document under one identifier",
      message: "repeated",
      edit: (r) => {
        r.replaceInRequest(r.exchange("dmp.submit"), ENTRY, "1.2.3.4.5");
        r.replaceInRequest(r.exchange("dmp.submit"), SET, "1.2.3.4.5");
      },
    },
    {
      id: "second document under the identifier of the first",
      message: "reused",
      edit: (r) => {
        const first = r.exchange("dmp.submit", "dmp-submit");
        const second = r.duplicate(first);
        r.replaceInRequest(second, "<realmCode ", "<realmCode  ");
      },
    },
    {
      id: "set named by a word",
      message: "set_form",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), SET, "lot-1"),
    },
    {
      id: "set accepted, then sent again",
      message: "set_reused",
      edit: (r) => {
        r.duplicate(r.exchange("dmp.submit", "dmp-submit"));
      },
    },
  ],
  defects: [
    { defect: "dmp-unique-id-differs", message: "differs", scenarios: ["dmp-submit"] },
    { defect: "dmp-unique-id-fixed", message: "reused", scenarios: ["dmp-submit-twice"] },
    { defect: "dmp-submission-id-fixed", message: "set_reused", scenarios: ["dmp-submit-twice"] },
  ],
});
