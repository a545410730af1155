import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "psc/discovery-document",
  mutations: [
    {
      id: "native document alone",
      message: "native",
      edit: (r) => {
        for (const exchange of r.exchanges("psc.discovery", "psc-login")) {
          r.replaceInRequest(exchange, "wallet-openid-configuration", "openid-configuration");
        }
      },
    },
  ],
  defects: [
    {
      defect: "psc-native-endpoint",
      message: "native",
      scenarios: ["psc-login"],
      collateral: [{ check: "psc/authorization-endpoint", reason: "the native document gives the native endpoint" }],
    },
  ],
});
