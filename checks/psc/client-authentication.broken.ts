import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "psc/client-authentication",
  mutations: [
    {
      id: "no credentials",
      message: "none",
      edit: (r) => {
        const call = r.exchange("psc.token", "psc-login");
        r.patchConnection(call.connection, { peerCertificates: [] });
        r.replaceInRequest(call, /\r\nauthorization: Basic [^\r]*|&client_secret=[^&\s]*/i, "");
      },
    },
    {
      id: "from a page",
      message: "browser",
      edit: (r) =>
        r.replaceInRequest(r.exchange("psc.token", "psc-login"), "\r\n", "\r\nOrigin: https://logiciel.example\r\n"),
    },
  ],
  defects: [{ defect: "psc-client-unauthenticated", message: "none", scenarios: ["psc-login"] }],
});
