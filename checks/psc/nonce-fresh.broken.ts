import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

function edit(to: string): (r: RecordingEditor) => void {
  return (r) => r.replaceInRequest(r.exchange("psc.authorize", "psc-login"), /(?<=[?&])nonce=[^& ]*/, to);
}

export default defineBroken({
  check: "psc/nonce-fresh",
  mutations: [
    { id: "absent", message: "missing", edit: edit("x=y") },
    { id: "empty", message: "missing", edit: edit("nonce=") },
    {
      id: "same at both logins",
      message: "reused",
      edit: (r) => {
        const [first, second] = r.exchanges("psc.authorize", "psc-login");
        const value = first && /[?&]nonce=([^& ]*)/.exec(Buffer.from(first.requestBytes).toString("latin1"))?.[1];
        if (!second || value === undefined) throw new Error("psc-login holds fewer than two logins");
        r.replaceInRequest(second, /(?<=[?&])nonce=[^& ]*/, `nonce=${value}`);
      },
    },
    { id: "eight digits", message: "short", edit: edit("nonce=20261121") },
  ],
  defects: [
    { defect: "psc-nonce-missing", message: "missing", scenarios: ["psc-login"] },
    { defect: "psc-nonce-fixed", message: "reused", scenarios: ["psc-login"] },
  ],
});
