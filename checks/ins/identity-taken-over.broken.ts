import { defineBroken } from "../../core/model/index.js";
import { editLastFile } from "./helpers/edits.js";

export default defineBroken({
  check: "ins/identity-taken-over",
  mutations: [
    {
      id: "former matricule kept as current",
      message: "matricule-differs",
      edit: (r) =>
        editLastFile(r, "ins-search-history", { ins: { matricule: "209076322083439", oid: "1.2.250.1.213.1.4.8" } }),
    },
    {
      id: "OID of the NIR for a NIA",
      message: "oid-differs",
      edit: (r) =>
        editLastFile(r, "ins-search-nia", { ins: { matricule: "109076322088835", oid: "1.2.250.1.213.1.4.8" } }),
    },
  ],
  defects: [
    { defect: "ins-history-as-current", message: "matricule-differs", scenarios: ["ins-search-history"] },
    { defect: "ins-oid-fixed", message: "oid-differs", scenarios: ["ins-search-nia"] },
  ],
});
