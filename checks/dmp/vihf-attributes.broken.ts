import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { changeQuestion } from "./helpers/edits.js";

/** Sets the first value of an attribute of the VIHF. */
function set(name: string, value: string): (r: RecordingEditor) => void {
  const pattern = new RegExp(`(?<=Name="${name}"[^>]*><[a-z0-9]+:AttributeValue[^>]*>)[^<]*`);
  return (r) => r.replaceInRequest(r.exchange("dmp.submit", "dmp-submit"), pattern, value);
}

export default defineBroken({
  check: "dmp/vihf-attributes",
  mutations: [
    { id: "empty sector", message: "missing", edit: set("Secteur_Activite", "") },
    {
      id: "no version attribute",
      message: "missing",
      edit: changeQuestion(/<([a-z0-9]+):Attribute Name="VIHF_Version">[\s\S]*?<\/\1:Attribute>/, ""),
    },
    {
      id: "homologation number under another name",
      message: "missing",
      edit: changeQuestion("LPS_ID_HOMOLOGATION_DMP", "LPS_HOMOLOGATION"),
    },
    {
      id: "user without a name",
      message: "subject_missing",
      edit: set("urn:oasis:names:tc:xspa:1\\.0:subject:subject-id", ""),
    },
    { id: "mode outside the list", message: "mode_value", edit: set("Authentification_Mode", "AIR") },
    { id: "resource of another service", message: "resource_urn", edit: set("Ressource_URN", "urn:mss") },
    { id: "sector without its system", message: "sector", edit: set("Secteur_Activite", "SA07") },
    { id: "unknown version", message: "version", edit: set("VIHF_Version", "2.0") },
    {
      id: "FINESS without its prefix",
      message: "structure_id",
      edit: set("Identifiant_Structure", "750100125"),
    },
    {
      id: "structure that authors nothing",
      message: "structure_not_author",
      edit: set("Identifiant_Structure", "1990000010"),
    },
    {
      id: "mode outside the list behind a right one",
      message: "mode_value",
      edit: changeQuestion(
        /(?<=Name="Authentification_Mode"[^>]*><[a-z0-9]+:AttributeValue[^>]*>[^<]*<\/[a-z0-9]+:AttributeValue>)/,
        "<saml:AttributeValue>AIR</saml:AttributeValue>",
      ),
    },
  ],
  defects: [
    { defect: "dmp-vihf-no-structure", message: "missing", scenarios: ["dmp-submit"] },
    { defect: "dmp-vihf-mode-name", message: "mode_spelling", scenarios: ["dmp-submit"] },
  ],
});
