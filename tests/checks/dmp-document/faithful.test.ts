/** What a faithful product may well do, and must not be blamed for; and what the reference vendor's defects look like. */
import { expect } from "chai";
import { cdaChecks } from "../../../checks/cda/index.js";
import { dmpDocumentChecks } from "../../../checks/dmp/document/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { CheckDef, PkiMaterial, RecordingEditor } from "../../../core/model/index.js";
import type { DefectId } from "../../../fixtures/vendors/reference/defects.js";
import type { EntryChanges } from "../../../fixtures/vendors/reference/metadata.js";
import { localStamp } from "../../../fixtures/vendors/reference/times.js";
import { editRecording } from "../../selftest/editor.js";
import { type Recorded, recorded, upload } from "./sample.js";

const CHECKS: readonly CheckDef[] = [...dmpDocumentChecks, ...cdaChecks];

/** `check message` of every blocking finding. */
function breaches(view: Recorded["view"]): string[] {
  const results = evaluate(
    view,
    CHECKS.map((check) => ({ check, planned: true })),
  );
  return results.flatMap((r) => r.findings.filter((f) => f.weight === "breach").map((f) => `${f.check} ${f.message}`));
}

function edited(good: Recorded, edit: (r: RecordingEditor) => void): Recorded["view"] {
  const session = editRecording(good.records, good.source, {} as PkiMaterial);
  edit(session.editor);
  return session.view();
}

describe("a faithful product", () => {
  const cases: readonly (readonly [string, (r: RecordingEditor) => void])[] = [
    [
      "adds components to the CX",
      (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=ISO\^NH)(?=")/g, "^^20100907"),
    ],
    [
      "leaves hash and size to the repository",
      (r) => {
        r.replaceInRequest(r.exchange("dmp.submit"), 'name="hash"', 'name="x-hash"');
        r.replaceInRequest(r.exchange("dmp.submit"), 'name="size"', 'name="x-size"');
      },
    ],
    [
      "uses the other official nomenclature of level 1 formats",
      (r) => r.replaceInRequest(r.exchange("dmp.submit"), "1.3.6.1.4.1.19376.1.2.3<", "1.2.250.1.213.1.1.4.12<"),
    ],
    [
      "leaves the optional end of the act out",
      (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="serviceStopTime"', 'name="x-stop"'),
    ],
    [
      "writes names in another case",
      (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=Value>\d{12}\^)EXEMPLE/g, "Exemple"),
    ],
    [
      "gives no institution of the author",
      (r) => r.replaceInRequest(r.exchange("dmp.submit"), /name="authorInstitution"/g, 'name="x-institution"'),
    ],
    [
      "leaves sourcePatientInfo out",
      (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="sourcePatientInfo"', 'name="x-info"'),
    ],
    [
      "puts a visibility code before the level",
      (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?=<rim:Classification [^>]*urn:uuid:f4f85eac)/,
          '<rim:Classification id="v" classificationScheme="urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f" classifiedObject="Document01" nodeRepresentation="INVISIBLE_PATIENT"><rim:Slot name="codingScheme"><rim:ValueList><rim:Value>1.2.250.1.213.1.1.4.13</rim:Value></rim:ValueList></rim:Slot><rim:Name><rim:LocalizedString value="Non visible par le patient"/></rim:Name></rim:Classification>',
        ),
    ],
    ["writes the language in another case", (r) => r.replaceInRequest(r.exchange("dmp.submit"), ">fr-FR<", ">fr-fr<")],
    [
      "writes the birth name of sourcePatientInfo in another case",
      (r) => r.replaceInRequest(r.exchange("dmp.submit"), "PID-5|ADRTROIS", "PID-5|Adrtrois"),
    ],
    [
      "writes the body on lines of 76 characters",
      (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<nonXMLBody>\s*<text [^>]*>JVBERi0x)/, "\r\n  "),
    ],
    [
      "sends through a proxy clock five minutes away",
      (r) => {
        const at = r.exchange("dmp.submit");
        r.patchExchange(at, { startedAt: new Date(Date.parse(at.startedAt) + 300_000).toISOString() });
      },
    ],
    ...["1997", "199700", "19970000"].map(
      (written) =>
        [
          `writes ${written} for a day of birth of which the year alone is known`,
          (r: RecordingEditor) => {
            const at = r.exchange("dmp.submit");
            r.replaceInRequest(at, 'birthTime value="19970226"', 'birthTime value="1997"');
            r.replaceInRequest(at, "PID-7|19970226", `PID-7|${written}`);
          },
        ] as const,
    ),
    ...[1, 2, 12].map(
      (hours) =>
        [
          `sends a set ${hours} hours after it was made, from a queue`,
          (r: RecordingEditor) => {
            const at = r.exchange("dmp.submit");
            r.patchExchange(at, { startedAt: new Date(Date.parse(at.startedAt) + hours * 3_600_000).toISOString() });
          },
        ] as const,
    ),
    [
      "is cut in the middle of an upload",
      (r) => {
        const at = r.exchange("dmp.submit");
        r.setRequest(at, at.requestBytes.subarray(0, at.requestBytes.length - 200));
      },
    ],
  ];
  for (const [name, edit] of cases) {
    it(name, async () => {
      const good = recorded(await upload(), await upload({ scenario: "dmp-submit-twice" }));
      const found = breaches(edited(good, edit)).filter(
        (text) => !/document-hash/.test(text) || !/lines of 76|day of birth/.test(name),
      );
      expect(found).to.deep.equal([]);
    });
  }

  it("is not one that uploads something else than a CDA beside a good upload", async () => {
    const good = recorded(await upload(), await upload({ scenario: "dmp-submit-twice" }));
    const bare = edited(good, (r) => {
      const at = r.exchange("dmp.submit");
      r.replaceInRequest(at, 'mimeType="text/xml"', 'mimeType="application/pdf"');
      r.replaceInRequest(at, /(?<=<\/?)ClinicalDocument/g, "ClinicalDocumenx");
    });
    expect(breaches(bare)).to.include("dmp/document-description mime_type");
  });

  it("writes a second INS beside the one it sends, and a local number of the structure first", async () => {
    const good = recorded(await upload(), await upload({ scenario: "dmp-submit-twice" }));
    const other = edited(good, (r) => {
      const at = r.exchange("dmp.submit");
      r.replaceInRequest(
        at,
        /(?=<id [^>]*root="1\.2\.250\.1\.213\.1\.4\.10")/,
        '<id root="1.2.250.1.213.1.4.9" extension="299021306654360"/>',
      );
      r.replaceInRequest(
        at,
        /(?<=<author>[\s\S]*?<representedOrganization>\s*)(?=<id )/,
        '<id root="1.2.250.1.999.7" extension="SITE-1"/>',
      );
    });
    expect(breaches(other).filter((text) => !text.startsWith("dmp/document-hash"))).to.deep.equal([]);
    const wrong = edited(good, (r) =>
      r.replaceInRequest(
        r.exchange("dmp.submit"),
        /(?<=<author>[\s\S]*?<representedOrganization>\s*<id [^>]*extension=")[^"]*/,
        "SITE-1",
      ),
    );
    expect(breaches(wrong)).to.include("dmp/document-producer differs");
  });

  it("writes a long title, cut in the metadata", async () => {
    const title = `Compte rendu ${"de consultation ".repeat(10)}`.trim();
    const good = recorded(await upload({ title, changes: { title: title.slice(0, 128).trim() } }));
    expect(breaches(good.view)).to.deep.equal([]);
  });

  it("gets no verdict from a recording without any upload", () => {
    const results = evaluate(
      recorded().view,
      CHECKS.map((check) => ({ check, planned: true })),
    );
    expect(new Set(results.map(({ outcome }) => outcome))).to.deep.equal(new Set(["unobserved"]));
  });
});

describe("the reference vendor's defects", () => {
  const documents: readonly (readonly [DefectId, string])[] = [
    ["dmp-cda-no-set-id", "cda/identification missing"],
    ["dmp-cda-template-missing", "cda/templates header_template"],
    ["dmp-cda-no-legal-authenticator", "cda/actors missing"],
    ["dmp-cda-no-custodian", "cda/actors missing"],
    ["dmp-cda-no-encounter", "cda/actors missing"],
    ["dmp-cda-no-birthplace", "cda/patient-identity ins_trait"],
    ["dmp-cda-signer-no-family", "cda/structure absent"],
    ["dmp-cda-sex-code", "cda/codes outside"],
    ["dmp-cda-title-spelling", "cda/names misspelt"],
    ["dmp-cda-telephone-bare", "cda/telecom form"],
    ["dmp-cda-town-empty", "cda/addresses empty"],
    ["dmp-cda-volet-code", "cda/volet code_differs"],
    ["dmp-representation-missing", "cda/body representation"],
    ["dmp-pdf-fake", "cda/body-content not_pdf"],
  ];
  for (const [defect, expected] of documents) {
    it(`${defect} is seen by one check`, async () => {
      const found = new Set(breaches(recorded(await upload({ defect })).view));
      // A document without the CI-SIS template has two templates: the same check says both.
      found.delete("cda/templates level1_count");
      expect([...found]).to.deep.equal([expected]);
    });
  }

  const CLASS = { code: "42", display: "Prescription", system: "1.2.250.1.213.1.1.4.1" };
  const TEXT = { code: "urn:ihe:iti:xds-sd:text:2008", display: "texte", system: "1.3.6.1.4.1.19376.1.2.3" };
  const metadata: readonly (readonly [DefectId, EntryChanges, string])[] = [
    ["dmp-hash-wrong", { hash: "0".repeat(40) }, "dmp/document-hash hash_differs"],
    ["dmp-size-wrong", { size: 1 }, "dmp/document-hash size_differs"],
    ["dmp-class-code-wrong", { classCode: CLASS }, "dmp/class-code differs"],
    ["dmp-format-code-wrong", { format: TEXT }, "dmp/format-code level1_differs"],
    ["dmp-title-differs", { title: "Autre titre" }, "dmp/document-description differs"],
    ["dmp-unique-id-differs", { uniqueId: "1.2.3.4" }, "dmp/document-description differs"],
    [
      "dmp-wrong-patient-id",
      { patientId: "110086322083060^^^&1.2.250.1.213.1.4.10&ISO^NH" },
      "dmp/document-patient differs",
    ],
  ];
  for (const [defect, changes, expected] of metadata) {
    it(`${defect} is seen by one check`, async () => {
      expect(breaches(recorded(await upload({ changes })).view)).to.deep.equal([expected]);
    });
  }

  it("dmp-local-time is seen in the times of the document and of the submission", async () => {
    const found = new Set(breaches(recorded(await upload({ stamp: localStamp })).view));
    expect([...found]).to.deep.equal(["dmp/document-times differs", "dmp/submission-time not_utc"]);
  });
});
