import { defineBroken } from "../../../core/model/index.js";

export default defineBroken({
  check: "dmp/upload-kept-back",
  mutations: [
    {
      id: "kept document sent",
      message: "sent",
      edit: (r) => {
        const run = r.run("dmp-validate-kept");
        const kept = run.steps.find((step) => step.operation === "document.validate")?.endedAt;
        if (!kept) throw new Error("nothing was kept");
        const at = new Date(Date.parse(kept) + 1).toISOString();
        r.duplicate(r.exchange("dmp.submit", "dmp-validate"), { scenario: run.key, at });
      },
    },
    {
      id: "next document kept too",
      message: "sticky",
      edit: (r) => r.remove(r.exchange("dmp.submit", "dmp-validate-kept")),
    },
  ],
  defects: [
    { defect: "dmp-optout-ignored", message: "sent", scenarios: ["dmp-validate-kept"] },
    { defect: "dmp-optout-sticky", message: "sticky", scenarios: ["dmp-validate", "dmp-validate-kept"] },
  ],
});
