import { defineBroken } from "../../../core/model/index.js";

export default defineBroken({
  check: "dmp/upload-opposed",
  mutations: [
    {
      id: "upload despite the opposition",
      message: "uploaded",
      edit: (r) => {
        const run = r.run("dmp-opposed-upload");
        const noted = run.steps.find((step) => step.operation === "patient.choice")?.endedAt;
        if (!noted) throw new Error("no choice was noted");
        const at = new Date(Date.parse(noted) + 1).toISOString();
        r.duplicate(r.exchange("dmp.submit", "dmp-validate"), { scenario: run.key, at });
      },
    },
  ],
  defects: [{ defect: "dmp-opposition-ignored", message: "uploaded", scenarios: ["dmp-opposed-upload"] }],
});
