import { defineBroken } from "../../../core/model/index.js";
import { editAnswer, stepOf } from "../../helpers/edit-answer.js";

export default defineBroken({
  check: "dmp/listed-times",
  mutations: [
    {
      id: "UTC digits under the local offset",
      message: "shifted",
      edit: (r) => {
        const { documents } = stepOf(r, "dmp-search", "dmp.search").answer as { documents: { creationTime: string }[] };
        const wrong = documents.map((one) => ({
          ...one,
          creationTime: `${new Date(Date.parse(one.creationTime)).toISOString().slice(0, 19)}+02:00`,
        }));
        editAnswer(r, "dmp-search", "dmp.search", { documents: wrong });
      },
    },
  ],
  defects: [{ defect: "dmp-times-not-local", message: "shifted", scenarios: ["dmp-search"] }],
});
