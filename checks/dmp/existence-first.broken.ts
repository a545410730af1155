import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "dmp/existence-first",
  mutations: [
    {
      id: "upload without the question",
      message: "not_asked",
      edit: (r) => {
        for (const question of r.exchanges("dmp.exists", "dmp-submit")) r.remove(question);
      },
    },
    {
      id: "question after the upload",
      message: "not_asked",
      edit: (r) => {
        for (const question of r.exchanges("dmp.exists", "dmp-submit")) {
          r.patchExchange(question, { startedAt: "2099-01-01T00:00:00.000Z", endedAt: "2099-01-01T00:00:01.000Z" });
        }
      },
    },
    {
      id: "question about somebody else",
      message: "not_asked",
      edit: (r) => {
        for (const question of r.exchanges("dmp.exists", "dmp-submit")) {
          r.replaceInRequest(question, /(?<=:value [^>]*extension=")[^"]*/, "299999999999999");
        }
      },
    },
  ],
  defects: [{ defect: "dmp-no-td02", message: "not_asked", scenarios: ["dmp-submit"] }],
});
