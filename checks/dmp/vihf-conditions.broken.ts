import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { changeUpload } from "./helpers/edits.js";

/** Writes Conditions right before the authentication statement. */
function conditions(text: string): (r: RecordingEditor) => void {
  return changeUpload(/(?=<[a-z0-9]+:AuthnStatement )/, text);
}

const INSTANT = /(?<=IssueInstant=")[^"]*/;

export default defineBroken({
  check: "dmp/vihf-conditions",
  mutations: [
    {
      id: "audience of the DMP",
      message: "audience",
      edit: conditions("<saml:Conditions><saml:AudienceRestriction/></saml:Conditions>"),
    },
    {
      id: "token of last year",
      message: "expired",
      edit: conditions('<saml:Conditions NotOnOrAfter="2020-01-01T00:00:00Z"/>'),
    },
    { id: "local time with an offset", message: "not_utc", edit: changeUpload(INSTANT, "2026-01-01T12:00:00+01:00") },
    { id: "no issue time", message: "not_utc", edit: changeUpload(/ IssueInstant="[^"]*"/, "") },
    { id: "token of the next century", message: "future", edit: changeUpload(INSTANT, "2126-01-01T12:00:00Z") },
    { id: "token of another year", message: "old", edit: changeUpload(INSTANT, "2020-01-01T12:00:00.5Z") },
  ],
  defects: [{ defect: "dmp-vihf-audience", message: "audience", scenarios: ["dmp-submit"] }],
});
