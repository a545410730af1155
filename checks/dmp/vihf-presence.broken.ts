import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

const ASSERTION = /<([a-z0-9]+):Assertion [\s\S]*?<\/\1:Assertion>/;

/** The assertion of the upload, as it stands in the bytes. */
function assertion(r: RecordingEditor): string {
  const bytes = r.exchange("dmp.submit", "dmp-submit").requestBytes;
  const found = ASSERTION.exec(Buffer.from(bytes).toString("latin1"))?.[0];
  if (found === undefined) throw new Error("the upload has no assertion");
  return Buffer.from(found, "latin1").toString("utf8");
}

export default defineBroken({
  check: "dmp/vihf-presence",
  mutations: [
    {
      id: "empty security header",
      message: "absent",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit", "dmp-submit"), ASSERTION, ""),
    },
    {
      id: "assertion outside the security header",
      message: "absent",
      edit: (r) => {
        const text = assertion(r);
        const upload = r.exchange("dmp.submit", "dmp-submit");
        r.replaceInRequest(upload, ASSERTION, "");
        r.replaceInRequest(upload, /(?=<\/[a-z]+:Header>)/, text);
      },
    },
    {
      id: "two assertions",
      message: "several",
      edit: (r) => {
        const text = assertion(r);
        r.replaceInRequest(
          r.exchange("dmp.submit", "dmp-submit"),
          ASSERTION,
          text + text.replace(/ ID="[^"]*"/, ' ID="_second"'),
        );
      },
    },
  ],
  defects: [{ defect: "dmp-vihf-missing", message: "absent", scenarios: ["dmp-submit"] }],
});
