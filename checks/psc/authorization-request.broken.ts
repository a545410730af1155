import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

function edit(from: RegExp, to: string): (r: RecordingEditor) => void {
  return (r) => r.replaceInRequest(r.exchange("psc.authorize", "psc-login"), from, to);
}

export default defineBroken({
  check: "psc/authorization-request",
  mutations: [
    {
      id: "hybrid response type",
      message: "response-type",
      edit: edit(/response_type=code/, "response_type=code+id_token"),
    },
    { id: "no response type", message: "response-type", edit: edit(/response_type=code/, "x=y") },
    { id: "no openid", message: "openid-missing", edit: edit(/scope=openid[+%20]+scope_all/, "scope=scope_all") },
    { id: "openid alone", message: "scope-all-missing", edit: edit(/scope=[^& ]*/, "scope=openid") },
  ],
  defects: [{ defect: "psc-scope-missing", message: "scope-all-missing", scenarios: ["psc-login"] }],
});
