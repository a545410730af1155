import { defineBroken } from "../../../core/model/index.js";
import { changeUpload, identifierValue } from "../helpers/edits.js";

const SOURCE_ID = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832";
const CONTENT_TYPE = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500";
const SET_AUTHOR = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d";
const inSetAuthor = (rest: string): RegExp => new RegExp(`(?<=${SET_AUTHOR}"[\\s\\S]{0,400}?)${rest}`);

export default defineBroken({
  check: "dmp/submission-set",
  mutations: [
    {
      id: "no kind of activity",
      message: "missing",
      edit: changeUpload(CONTENT_TYPE, "urn:uuid:aa543740-bdda-424e-8c96-000000000000"),
    },
    { id: "no sending system", message: "missing", edit: changeUpload(identifierValue(SOURCE_ID), "") },
    {
      id: "no author",
      message: "missing",
      edit: changeUpload(SET_AUTHOR, "urn:uuid:a7058bb9-0000-4307-ba5b-e3f0ab85e12d"),
    },
    {
      id: "two authors",
      message: "several_authors",
      edit: changeUpload(
        /(?=<rim:Classification [^>]*a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d)/,
        `<rim:Classification id="second" classificationScheme="${SET_AUTHOR}" classifiedObject="SubmissionSet01" nodeRepresentation=""><rim:Slot name="authorPerson"><rim:ValueList><rim:Value>^AUTRE</rim:Value></rim:ValueList></rim:Slot></rim:Classification>`,
      ),
    },
    {
      id: "author without a person",
      message: "missing",
      edit: changeUpload(inSetAuthor('name="authorPerson"'), 'name="authorTelecommunication"'),
    },
    {
      id: "name of the software as sending system",
      message: "source_not_oid",
      edit: changeUpload(identifierValue(SOURCE_ID), "CABINET-01"),
    },
    {
      id: "OID with a leading zero",
      message: "source_not_oid",
      edit: changeUpload(identifierValue(SOURCE_ID), "1.2.250.01.5"),
    },
    {
      id: "activity outside the value set",
      message: "content_type_unknown",
      edit: changeUpload(new RegExp(`(?<=${CONTENT_TYPE}"[^>]*nodeRepresentation=")[^"]*`), "SA99"),
    },
    {
      id: "a recipient",
      message: "not_used",
      edit: changeUpload(
        /(?=<rim:Slot name="submissionTime">)/,
        '<rim:Slot name="intendedRecipient"><rim:ValueList><rim:Value>|899900000011^EXEMPLE</rim:Value></rim:ValueList></rim:Slot>',
      ),
    },
    {
      id: "another sender than the user",
      message: "sender_differs",
      edit: changeUpload(inSetAuthor("899900000011(?=\\^)"), "899900000099"),
    },
    {
      id: "author without a structure",
      message: "institution_absent",
      edit: changeUpload(inSetAuthor('name="authorInstitution"'), 'name="authorOrganisation"'),
    },
  ],
  defects: [{ defect: "dmp-set-source-id", message: "source_not_oid", scenarios: ["dmp-submit"] }],
});
