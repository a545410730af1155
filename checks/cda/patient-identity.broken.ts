import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "cda/patient-identity",
  mutations: [
    {
      id: "birth name without its qualifier",
      message: "ins_trait",
      also: ["qualifier"],
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), '<family qualifier="BR">', "<family>"),
    },
    {
      id: "used name under a qualifier of HL7 that is not admitted",
      message: "qualifier",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          '<family qualifier="BR">',
          '<family qualifier="AD">EXEMPLE</family><family qualifier="BR">',
        ),
    },
    {
      id: "used name as spouse's name",
      message: "qualifier_sp",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          '<family qualifier="BR">',
          '<family qualifier="SP">EXEMPLE</family><family qualifier="BR">',
        ),
    },
    {
      id: "birth place left empty",
      message: "ins_trait",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /<county>[^<]*<\/county>/, "<county></county>"),
    },
    {
      id: "gender removed",
      message: "patient_part",
      also: ["ins_trait"],
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /<administrativeGenderCode [^>]*\/>/, ""),
    },
    {
      id: "matricule without its key",
      message: "ins_form",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<id root="1\.2\.250\.1\.213\.1\.4\.(?:8|9|10|11)" extension="[0-9AB]{13})\d\d/,
          "",
        ),
    },
    {
      id: "matricule with a wrong key",
      message: "ins_key",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<id root="1\.2\.250\.1\.213\.1\.4\.(?:8|9|10|11)" extension="[0-9AB]{13})\d\d/,
          "98",
        ),
    },
    {
      id: "an INS-C beside the INS",
      message: "obsolete_root",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "<patientRole>",
          '<patientRole><id root="1.2.250.1.213.1.4.2" extension="1"/>',
        ),
    },
    {
      id: "birth place as a postal name",
      message: "birthplace_form",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /<county>[^<]*<\/county>/, "<county>AJACCIO</county>"),
    },
  ],
  defects: [{ defect: "dmp-cda-no-birthplace", message: "ins_trait", scenarios: ["dmp-submit"] }],
});
