import { defineBroken } from "../../../core/model/index.js";
import { changeUpload } from "../helpers/edits.js";

const OBJECT = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject";
const OLD = "urn:uuid:7f0b2d3a-5b1c-4c39-9b3a-0d6f2d7c1e55";

/** A further association at the end of the list. */
const association = (type: string, source: string, target: string): string =>
  `<rim:Association id="urn:uuid:0d1f6c1e-9d53-4a6f-8a55-1f6a2b3c4d5e" objectType="${OBJECT}:Association" associationType="${type}" sourceObject="${source}" targetObject="${target}"/>`;
const END = /(?=<\/rim:RegistryObjectList>)/;
const RPLC = "urn:ihe:iti:2007:AssociationType:RPLC";

export default defineBroken({
  check: "dmp/registry-objects",
  mutations: [
    { id: "association without an id", message: "no_id", edit: changeUpload(/(?<=<rim:Association) id="[^"]*"/, "") },
    {
      id: "association that bears the id of the set",
      message: "id_repeated",
      edit: changeUpload(/(?<=<rim:Association id=")[^"]*/, "SubmissionSet01"),
    },
    {
      id: "UUID cut short",
      message: "uuid_form",
      edit: changeUpload(/(?<=<rim:Association id="urn:uuid:)[^"]*/, "0d1f6c1e-9d53-4a6f-8a55"),
    },
    {
      id: "identifier of another object",
      message: "owner",
      edit: changeUpload(/registryObject="Document01"/, 'registryObject="Document02"'),
    },
    {
      id: "classification that names no object",
      message: "owner_absent",
      edit: changeUpload(/(?<=<rim:Classification [^>]*classificationScheme="[^>]*) classifiedObject="[^"]*"/, ""),
    },
    {
      id: "on-demand document",
      message: "object_type",
      edit: changeUpload(
        "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1",
        "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248",
      ),
    },
    {
      id: "member that is not in the message",
      message: "dangling",
      edit: changeUpload(
        END,
        association("urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember", "SubmissionSet01", "Document77"),
      ),
    },
    {
      id: "replacement made by a document of the registry",
      message: "relation_source",
      edit: changeUpload(END, association(RPLC, "urn:uuid:11111111-1111-4111-8111-111111111111", OLD)),
    },
    {
      id: "replacement of a document of the same message",
      message: "replaced_target",
      edit: changeUpload(END, association(RPLC, "Document01", "Document01")),
    },
    {
      id: "replacement of a uniqueId",
      message: "dangling",
      edit: changeUpload(END, association(RPLC, "Document01", "1.2.250.1.999.1")),
    },
    {
      id: "relation of another profile",
      message: "type_unknown",
      edit: changeUpload(END, association("urn:ihe:iti:2010:AssociationType:IsSnapshotOf", "Document01", OLD)),
    },
  ],
  defects: [{ defect: "dmp-dangling-object", message: "owner", scenarios: ["dmp-submit"] }],
});
