import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

function edit(from: RegExp, to: string): (r: RecordingEditor) => void {
  return (r) => r.replaceInRequest(r.exchange("psc.authorize", "psc-login"), from, to);
}

export default defineBroken({
  check: "psc/pkce",
  mutations: [
    { id: "no challenge", message: "absent", edit: edit(/code_challenge=[^& ]*/, "x=y") },
    { id: "plain", message: "plain", edit: edit(/code_challenge_method=S256/, "code_challenge_method=plain") },
    { id: "no method", message: "plain", edit: edit(/code_challenge_method=S256/, "x=y") },
    {
      id: "one verifier for all requests",
      message: "repeated",
      edit: (r) => {
        for (const exchange of r.exchanges("psc.authorize")) {
          r.replaceInRequest(
            exchange,
            /code_challenge=[^& ]*/,
            "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbUGJSstw-cM",
          );
        }
      },
    },
  ],
  defects: [
    { defect: "psc-no-pkce", message: "absent", scenarios: ["psc-login"] },
    { defect: "psc-pkce-plain", message: "plain", scenarios: ["psc-login"] },
  ],
});
