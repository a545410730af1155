import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "psc/redirect-uri",
  mutations: [
    {
      id: "http",
      message: "not-https",
      edit: (r) =>
        r.replaceInRequest(r.exchange("psc.authorize", "psc-login"), "redirect_uri=https", "redirect_uri=http"),
    },
    {
      id: "no address",
      message: "not-https",
      edit: (r) => r.replaceInRequest(r.exchange("psc.authorize", "psc-login"), /redirect_uri=[^& ]*/, "x=y"),
    },
    {
      id: "other address at the exchange",
      message: "changed",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("psc.token", "psc-login"),
          /redirect_uri=[^& ]*/,
          "redirect_uri=https%3A%2F%2Fother.example%2F",
        ),
    },
    {
      id: "no address at the exchange",
      message: "changed",
      edit: (r) => r.replaceInRequest(r.exchange("psc.token", "psc-login"), /redirect_uri=[^& ]*/, "x=y"),
    },
  ],
  defects: [{ defect: "psc-redirect-uri-changed", message: "changed", scenarios: ["psc-login"] }],
});
