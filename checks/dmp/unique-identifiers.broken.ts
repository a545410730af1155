import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { changeUpload, identifierValue } from "./helpers/edits.js";

const SET = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8";
const ENTRY = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab";

function set(scheme: string, value: string): (r: RecordingEditor) => void {
  return changeUpload(identifierValue(scheme), value);
}

/** Gives the second upload the identifier of the first. */
function repeat(scheme: string): (r: RecordingEditor) => void {
  return (r) => {
    const [first, second] = r.exchanges("dmp.submit", "dmp-submit-twice");
    if (!first || !second) throw new Error("two uploads are needed");
    const id = identifierValue(scheme).exec(Buffer.from(first.requestBytes).toString("latin1"))?.[0] ?? "";
    r.replaceInRequest(second, identifierValue(scheme), id);
  };
}

export default defineBroken({
  check: "dmp/unique-identifiers",
  mutations: [
    { id: "second document under the id of the first", message: "document_repeated", edit: repeat(ENTRY) },
    { id: "second set under the id of the first", message: "set_repeated", edit: repeat(SET) },
    {
      id: "document and set of one id",
      message: "same_in_message",
      edit: (r) => {
        set(SET, "1.2.3.4.5")(r);
        set(ENTRY, "1.2.3.4.5")(r);
      },
    },
    { id: "document without an id", message: "absent", edit: set(ENTRY, "") },
    { id: "UUID in place of an OID", message: "not_oid", edit: set(SET, "6b5aea1a-874d-4603-a4bc-96a0a7b38446") },
    { id: "arc with a leading zero", message: "not_oid", edit: set(ENTRY, "1.2.03.4") },
  ],
  defects: [
    { defect: "dmp-unique-id-fixed", message: "document_repeated", scenarios: ["dmp-submit-twice"] },
    { defect: "dmp-submission-id-fixed", message: "set_repeated", scenarios: ["dmp-submit-twice"] },
  ],
});
