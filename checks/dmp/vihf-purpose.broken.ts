import { defineBroken } from "../../core/model/index.js";
import { changeQuestion } from "./helpers/edits.js";

export default defineBroken({
  check: "dmp/vihf-purpose",
  mutations: [
    { id: "no purpose element", message: "absent", edit: changeQuestion(/<PurposeOfUse [^>]*\/>/, "normal") },
    {
      id: "purpose without a code",
      message: "absent",
      edit: changeQuestion(/(?<=<PurposeOfUse [^>]*) code="normal"/, ""),
    },
    { id: "spelling of another client", message: "code", edit: changeQuestion('code="normal"', 'code="brisDeGlace"') },
    {
      id: "broken glass without a reason",
      message: "reason_absent",
      edit: changeQuestion('code="normal"', 'code="bris_de_glace"'),
    },
    {
      id: "code of another system",
      message: "system",
      edit: changeQuestion('codeSystem="1.2.250.1.213.1.1.4.248"', 'codeSystem="1.2.250.1.213.1.1.4.24"'),
    },
  ],
  defects: [
    { defect: "dmp-vihf-purpose", message: "code", scenarios: ["dmp-submit"] },
    { defect: "dmp-break-glass-without-reason", message: "reason_absent", scenarios: ["dmp-break-glass"] },
  ],
});
