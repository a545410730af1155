import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

function edit(to: string): (r: RecordingEditor) => void {
  return (r) => r.replaceInRequest(r.exchange("psc.authorize", "psc-login"), /(?<=[?&])state=[^& ]*/, to);
}

export default defineBroken({
  check: "psc/state-fresh",
  mutations: [
    { id: "absent", message: "missing", edit: edit("x=y") },
    { id: "empty", message: "missing", edit: edit("state=") },
    {
      id: "same at both logins of one browser",
      message: "kept-in-session",
      edit: (r) => {
        const [first, second] = r.exchanges("psc.authorize", "psc-login");
        const value = first && /[?&]state=([^& ]*)/.exec(Buffer.from(first.requestBytes).toString("latin1"))?.[1];
        if (!second || value === undefined) throw new Error("psc-login holds fewer than two logins");
        r.replaceInRequest(second, /(?<=[?&])state=[^& ]*/, `state=${value}`);
      },
    },
    {
      id: "same in two browsers",
      message: "reused",
      edit: (r) => {
        const [first] = r.exchanges("psc.authorize", "psc-login");
        const second = r.exchange("psc.authorize", "psc-logout");
        const value = first && /[?&]state=([^& ]*)/.exec(Buffer.from(first.requestBytes).toString("latin1"))?.[1];
        if (value === undefined) throw new Error("psc-login holds no login");
        r.replaceInRequest(second, /(?<=[?&])state=[^& ]*/, `state=${value}`);
      },
    },
    { id: "eight digits", message: "short", edit: edit("state=20261121") },
  ],
  defects: [
    { defect: "psc-state-fixed", message: "reused", scenarios: ["psc-login", "psc-logout"] },
    { defect: "psc-state-short", message: "short", scenarios: ["psc-login"] },
  ],
});
