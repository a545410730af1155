import { defineBroken } from "../../core/model/index.js";
import { changeUpload } from "./helpers/edits.js";

const ISSUER = /(?<=<[a-z0-9]+:Issuer[^>]*>)[^<]*/;

export default defineBroken({
  check: "dmp/vihf-issuer",
  mutations: [
    { id: "empty issuer", message: "absent", edit: changeUpload(ISSUER, "") },
    { id: "name of the software", message: "differs", edit: changeUpload(ISSUER, "CN=LOGICIEL,C=FR") },
    { id: "text that is no name", message: "differs", edit: changeUpload(ISSUER, "urn:structure:499900000011001") },
    { id: "one attribute left out", message: "differs", edit: changeUpload(/(?<=Issuer[^>]*>[^<]*),OU=[^,<]*/, "") },
    { id: "format of another kind", message: "format", edit: changeUpload("X509SubjectName", "unspecified") },
    { id: "S in place of ST", message: "spelling", edit: changeUpload(/(?<=Issuer[^>]*>[^<]*),ST=/, ",S=") },
  ],
  defects: [{ defect: "dmp-vihf-issuer", message: "differs", scenarios: ["dmp-submit"] }],
});
