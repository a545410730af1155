/** Every counter-example of the document checks, played on uploads of the reference vendor. */
import { expect } from "chai";
import { cdaChecks } from "../../../checks/cda/index.js";
import { dmpDocumentChecks } from "../../../checks/dmp/document/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { CheckDef, PkiMaterial } from "../../../core/model/index.js";
import { brokenOf } from "../../selftest/broken-cases.js";
import { editRecording } from "../../selftest/editor.js";
import { judge, said } from "../cda/support.js";
import { type Recorded, recorded, upload } from "./sample.js";

const CHECKS: readonly CheckDef[] = [...dmpDocumentChecks, ...cdaChecks];

/** Checks without a subject in a bare level 1 document, or in a submission without a signature. */
const NOT_FOR_LEVEL_1 = ["cda/volet", "cda/self-contained", "dmp/submission-signature"];
/** Their mutations need the VIHF of a real call, or keys to sign with: played in the generic suite. */
const NEED_A_CALL = ["dmp/submission-set", "dmp/submission-signature"];

describe("document checks on the reference vendor's uploads", () => {
  let good: Recorded;
  before(async () => {
    good = recorded(await upload(), await upload({ scenario: "dmp-submit-twice", title: "Ordonnance" }));
  });

  it("find no fault in the faithful vendor, and look at each upload", () => {
    for (const check of CHECKS) {
      const result = judge(check, good.view);
      const elsewhere = NOT_FOR_LEVEL_1.includes(check.id);
      expect(result.outcome, `${check.id}: ${said(result).join(" ")}`).to.equal(elsewhere ? "inapplicable" : "met");
      expect(result.observed.count, check.id).to.equal(elsewhere ? 0 : 2);
    }
  });

  it("make no remark on the faithful vendor but that its PDF declares no PDF/A-1", () => {
    const remarks = evaluate(
      good.view,
      CHECKS.map((check) => ({ check, planned: true })),
    ).flatMap(said);
    expect(new Set(remarks.map((text) => text.split("@")[0]))).to.deep.equal(new Set(["pdf_a"]));
  });

  for (const check of CHECKS) {
    describe(check.id, () => {
      it("has a mutation for each of its messages that can block", async () => {
        const covered = new Set((await brokenOf(check.id)).mutations.map(({ message }) => message));
        const blocking = Object.entries(check.messages).filter(([, { weight }]) => weight === "breach");
        expect(blocking.map(([id]) => id).filter((id) => !covered.has(id))).to.deep.equal([]);
      });

      if (NEED_A_CALL.includes(check.id)) return;
      it("fires the message each mutation names", async () => {
        for (const { id, message, edit } of (await brokenOf(check.id)).mutations) {
          const session = editRecording(good.records, good.source, {} as PkiMaterial);
          await edit(session.editor);
          const result = judge(check, session.view());
          const fired = result.findings.map((finding) => finding.message);
          expect(fired, `${id}: ${said(result).join(" ")}`).to.include(message);
          const { weight, undecided } = check.messages[message] ?? {};
          const met = undecided ? "unobserved" : "met";
          expect(result.outcome, id).to.equal(weight === "breach" ? "breached" : met);
        }
      });
    });
  }
});
