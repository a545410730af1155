import { defineBroken } from "../../../core/model/index.js";

export default defineBroken({
  check: "dmp/no-search-after-upload",
  mutations: [
    {
      id: "list after the upload",
      message: "searched",
      edit: (r) => {
        const upload = r.exchange("dmp.submit", "dmp-submit");
        const at = new Date(Date.parse(upload.endedAt ?? upload.startedAt) + 1).toISOString();
        r.duplicate(r.exchange("dmp.search", "dmp-search"), { scenario: upload.scenario, at });
      },
    },
  ],
  defects: [{ defect: "dmp-search-after-upload", message: "searched", scenarios: ["dmp-submit"] }],
});
