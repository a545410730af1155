import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "psc/authorization-endpoint",
  mutations: [
    {
      id: "native endpoint",
      message: "native",
      edit: (r) => r.patchConnection(r.exchange("psc.authorize", "psc-login").connection, { listener: "psc-auth" }),
    },
  ],
  defects: [
    {
      defect: "psc-native-endpoint",
      message: "native",
      scenarios: ["psc-login"],
      collateral: [{ check: "psc/discovery-document", reason: "the native endpoint comes from the native document" }],
    },
  ],
});
