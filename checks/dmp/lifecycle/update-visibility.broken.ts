import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Replaces text in the update that masks the document, or in the one that shows it to the patient. */
function update(scenario: "dmp-update-mask" | "dmp-update-show", from: string | RegExp, to: string) {
  return (r: RecordingEditor): void => r.replaceInRequest(r.exchange("dmp.update", scenario), from, to);
}

export default defineBroken({
  check: "dmp/update-visibility",
  mutations: [
    {
      id: "registry objects of another namespace",
      message: "unreadable",
      edit: update("dmp-update-mask", 'xsd:rim:3.0"', 'xsd:rim:2.1"'),
    },
    {
      id: "version of another document",
      message: "other_document",
      edit: update(
        "dmp-update-mask",
        /(?<=<rim:ExternalIdentifier [^>]*value=")[^"]*(?="[^>]*2e82c1f6-a085-4c72-9da3-8640a32e42ab)/,
        "1.2.3.4",
      ),
    },
    {
      id: "no former version",
      message: "previous_version",
      edit: update("dmp-update-mask", 'name="PreviousVersion"', 'name="Version"'),
    },
    {
      id: "former version of another time",
      message: "previous_version",
      edit: update("dmp-update-show", /(?<=PreviousVersion"><rim:ValueList><rim:Value>)[^<]*/, "7"),
    },
    { id: "no logical id", message: "logical_id", edit: update("dmp-update-mask", / lid="[^"]*"/, "") },
    {
      id: "logical id of another document",
      message: "logical_id",
      edit: update("dmp-update-show", /(?<= lid=")[^"]*/, "urn:uuid:00000000-0000-4000-8000-000000000001"),
    },
    {
      id: "hidden from the patient in place of masked",
      message: "codes",
      edit: update("dmp-update-mask", /MASQUE_PS/, "INVISIBLE_PATIENT"),
    },
    {
      id: "still hidden",
      message: "codes",
      edit: update("dmp-update-show", 'nodeRepresentation="N"', 'nodeRepresentation="INVISIBLE_PATIENT"'),
    },
    {
      id: "type of document lost",
      message: "lost",
      edit: update("dmp-update-mask", "f0306f51-975f-434e-a61c-c59651d33983", "00000000-975f-434e-a61c-c59651d33983"),
    },
    {
      id: "title changed on the way",
      message: "altered",
      edit: update("dmp-update-mask", /(?<=<rim:ExtrinsicObject[\s\S]*)CR de consultation/, "Compte rendu"),
    },
  ],
  defects: [
    { defect: "dmp-mask-hides-from-patient", message: "codes", scenarios: ["dmp-update-mask"] },
    { defect: "dmp-update-version-missing", message: "previous_version", scenarios: ["dmp-update-mask"] },
    { defect: "dmp-update-logical-id-missing", message: "logical_id", scenarios: ["dmp-update-mask"] },
    { defect: "dmp-update-loses-metadata", message: "lost", scenarios: ["dmp-update-mask"] },
  ],
});
