import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "ins/matricule-only-qualified",
  mutations: [
    {
      id: "mail of the qualified identity sent for the retrieved one",
      message: "matricule-sent",
      edit: (r) =>
        r.setRequest(
          r.exchange("mss.submit", "ins-matricule-retrieved-mail"),
          r.exchange("mss.submit", "ins-matricule-qualified-mail").requestBytes,
        ),
    },
    {
      id: "upload of the qualified identity repeated for the retrieved one",
      message: "matricule-sent",
      edit: (r) => {
        const { beganAt } = r.run("ins-matricule-retrieved-dmp").steps.find((s) => s.operation === "dmp.submit") ?? {};
        const key = r.run("ins-matricule-retrieved-dmp").key;
        const upload = r.exchange("dmp.submit", "ins-matricule-qualified-dmp");
        r.duplicate(upload, { scenario: key, ...(beganAt ? { at: beganAt } : {}) });
      },
    },
  ],
  defects: [
    {
      defect: "ins-leak-unqualified",
      message: "matricule-sent",
      scenarios: [
        "ins-matricule-retrieved-mail",
        "ins-matricule-qualified-mail",
        "ins-matricule-retrieved-dmp",
        "ins-matricule-qualified-dmp",
      ],
      collateral: [{ check: "mss/unqualified-ins", reason: "the mail carries the matricule too" }],
    },
    {
      defect: "dmp-upload-unqualified",
      message: "matricule-sent",
      scenarios: [
        "ins-matricule-retrieved-dmp",
        "ins-matricule-qualified-dmp",
        "ins-matricule-retrieved-mail",
        "ins-matricule-qualified-mail",
      ],
      collateral: [{ check: "mss/unqualified-ins", reason: "the mail carries the matricule too" }],
    },
  ],
});
