import { defineBroken } from "../../../core/model/index.js";
import { changeUpload } from "../helpers/edits.js";

/** The first value of an author's slot, in the bytes. */
const value = (slot: string, rest: string): RegExp =>
  new RegExp(`(?<=name="${slot}">[\\s\\S]{0,60}<[^>]*Value>[^<]*)${rest}`);

export default defineBroken({
  check: "dmp/author-form",
  mutations: [
    {
      id: "person without an assigning authority",
      message: "person_incomplete",
      edit: changeUpload(value("authorPerson", "&amp;1\\.2\\.250\\.1\\.71\\.4\\.2\\.1&amp;ISO"), ""),
    },
    {
      id: "legal authenticator without a type of identifier",
      message: "person_incomplete",
      edit: changeUpload(value("legalAuthenticator", "\\^\\^\\^(IDNPS|EI)"), ""),
    },
    {
      id: "person without a given name",
      message: "person_incomplete",
      edit: changeUpload(/(?<=name="authorPerson">[\s\S]{0,60}<[^>]*Value>[^^<]*\^[^^<]*\^)[^^<]+/, ""),
    },
    {
      id: "authority that is no OID",
      message: "person_incomplete",
      edit: changeUpload(value("authorPerson", "&amp;ISO"), "&amp;DNS"),
    },
    {
      id: "RPPS number without its prefix",
      message: "person_id",
      edit: changeUpload(/(?<=name="legalAuthenticator">[\s\S]{0,60}<[^>]*Value>)8(?=\d{11}\^)/, ""),
    },
    {
      id: "internal id without its structure",
      message: "person_id",
      edit: changeUpload(/(?<=name="legalAuthenticator">[\s\S]{0,60}<[^>]*Value>)8\d{11}(?=\^)/, "3750100125"),
    },
    {
      id: "legal name instead of a display name",
      message: "name_type",
      edit: changeUpload(value("authorPerson", "\\^D\\^"), "^L^"),
    },
    {
      id: "type of identifier of a driver's licence",
      message: "person_type",
      edit: changeUpload(value("authorPerson", "(IDNPS|EI)"), "DL"),
    },
    {
      id: "structure without a type of identifier",
      message: "structure_incomplete",
      edit: changeUpload(value("authorInstitution", "IDNST"), ""),
    },
    {
      id: "structure with an authority and no number",
      message: "structure_incomplete",
      edit: changeUpload(/(?<=name="authorInstitution">[\s\S]{0,60}<[^>]*Value>[^<]*\^\^\^)[^^<]+(?=<)/, ""),
    },
    {
      id: "structure of another authority",
      message: "structure_authority",
      edit: changeUpload(value("authorInstitution", "1\\.2\\.250\\.1\\.71\\.4\\.2\\.2"), "1.2.250.1.71.4.2.9"),
    },
    {
      id: "FINESS without its prefix",
      message: "structure_id",
      edit: changeUpload(/(?<=name="authorInstitution">[\s\S]{0,60}<[^>]*Value>[^<]*\^\^\^)[^^<]+(?=<)/, "750100125"),
    },
    {
      id: "specialty as a bare code",
      message: "specialty_form",
      edit: changeUpload(/(?<=name="authorSpecialty">[\s\S]{0,60}<[^>]*Value>[^^<]*)\^[^<]*/, ""),
    },
  ],
  defects: [
    {
      defect: "dmp-author-bare-id",
      message: "person_id",
      scenarios: ["dmp-submit"],
      collateral: [
        { check: "dmp/document-producer", reason: "the number without its prefix is not that of the CDA" },
        { check: "dmp/submission-set", reason: "nor that of the VIHF" },
      ],
    },
  ],
});
