import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "dmp/retry-after-refusal",
  mutations: [
    {
      id: "same upload twice more at once",
      message: "burst",
      edit: (r) => {
        const refused = r.exchange("dmp.submit", "dmp-submit-failure");
        for (const ms of [10, 20]) {
          r.duplicate(refused, { at: new Date(Date.parse(refused.startedAt) + ms).toISOString() });
        }
      },
    },
  ],
  defects: [
    {
      defect: "dmp-retry-storm",
      message: "burst",
      scenarios: ["dmp-submit-failure"],
      collateral: [
        {
          check: "dmp/unique-identifiers",
          reason: "the second attempt is accepted, and those that follow use its identifiers again",
        },
      ],
    },
  ],
});
