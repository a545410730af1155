import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

function edit(to: string): (r: RecordingEditor) => void {
  return (r) => r.replaceInRequest(r.exchange("psc.authorize", "psc-login"), /acr_values=[^& ]*/, to);
}

export default defineBroken({
  check: "psc/acr-values",
  mutations: [
    { id: "no level", message: "missing", edit: edit("x=y") },
    { id: "empty level", message: "missing", edit: edit("acr_values=") },
    { id: "acr instead", message: "missing", edit: edit("acr=eidas1") },
    { id: "former level", message: "other", edit: edit("acr_values=eidas3") },
    { id: "two levels", message: "mixed", edit: edit("acr_values=eidas1+eidas2") },
  ],
  defects: [
    { defect: "psc-acr-missing", message: "missing", scenarios: ["psc-login"] },
    { defect: "psc-acr-wrong-name", message: "missing", scenarios: ["psc-login"] },
  ],
});
