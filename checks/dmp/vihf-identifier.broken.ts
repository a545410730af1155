import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "dmp/vihf-identifier",
  mutations: [
    {
      id: "identifier of the token of the existence test",
      message: "repeated",
      edit: (r) => {
        const first = Buffer.from(r.exchange("dmp.exists", "dmp-submit").requestBytes).toString("latin1");
        const id = /:Assertion [^>]*\bID="([^"]*)"/.exec(first)?.[1];
        if (id === undefined) throw new Error("the existence test has no VIHF");
        r.replaceInRequest(r.exchange("dmp.submit", "dmp-submit"), /(?<=:Assertion [^>]*\bID=")[^"]*/, id);
      },
    },
  ],
  defects: [{ defect: "dmp-vihf-id-fixed", message: "repeated", scenarios: ["dmp-submit"] }],
});
