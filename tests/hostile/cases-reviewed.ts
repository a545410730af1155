/** What a candidate says of its own proofs and claims in run.json: that somebody accepted them, that they are fresh. */
import { createHash } from "node:crypto";
import { type HostileCase, refused } from "./case.js";
import { countersigned, supply } from "./cases-proofs.js";
import { Forgery } from "./forge.js";

const PROOF = "ANN/va1.02.01.01";
const ROW = "ANN/va1.02";
/** A row of which the source wants the form of a penetration test, and nothing else. */
const FORM = "SSI/GEN.13.01.01";
const FORM_ROW = "SSI/GEN.13";
const ACCEPTED = { state: "accepted", by: "R. Fictive", on: "2026-11-20" } as const;

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
const of = (text: string): string[] => [digest(text)];
const form = (on: string, high = 0) => ({
  kind: "pentest",
  on,
  auditor: "Audit-Fictif SAS",
  failures: { high, medium: 0 },
});
const waits = (id: string) => ({ status: "equal", row: { id, verdict: "to_review", dossier: "to_review" } }) as const;
const owes = (id: string) => ({ status: "equal", row: { id, verdict: "not_tested", dossier: "owed" } }) as const;

export const REVIEWED_CASES: readonly HostileCase[] = [
  {
    id: "accepted-on-other-bytes",
    what: "a proof said accepted, for other bytes than those in the bundle: as a review carried over from an older run",
    expected: refused("reviewed_otherwise"),
    build: (stage) =>
      supply(new Forgery(stage), PROOF, "the screen of today", {
        review: { ...ACCEPTED, sha256: of("the screen of the older run") },
      })
        .rejudge()
        .seal(),
  },
  {
    id: "accepted-and-replaced",
    what: "a file accepted by the candidate, replaced, listed and signed again",
    expected: refused("reviewed_otherwise"),
    build: (stage) =>
      supply(new Forgery(stage), PROOF, "looked at", { review: { ...ACCEPTED, sha256: of("looked at") } })
        .rejudge()
        .put("proofs/9999-1.png", "another")
        .seal(),
  },
  {
    id: "shared-file-accepted-otherwise",
    what: "one file that two proofs share, said accepted for one of them on other bytes",
    expected: refused("reviewed_otherwise"),
    build: (stage) => {
      const shared = "a screen";
      const forgery = supply(new Forgery(stage), PROOF, shared, { review: { ...ACCEPTED, sha256: of(shared) } });
      supply(forgery, "ANN/va1.03.01.01", shared, { review: { ...ACCEPTED, sha256: of("another screen") } });
      return forgery.rejudge().seal();
    },
  },
  {
    id: "accepted-for-fewer-files",
    what: "a proof of two files, said accepted for one",
    expected: refused("reviewed_otherwise"),
    build: (stage) => {
      const forgery = supply(new Forgery(stage), PROOF, "one", { review: { ...ACCEPTED, sha256: of("one") } });
      forgery.put("proofs/9999-2.png", "two").run(({ config }) => config.proofs[PROOF].files.push("proofs/9999-2.png"));
      forgery.facts.proofs.push({ id: PROOF, name: "two.png", file: "proofs/9999-2.png" });
      return forgery.rejudge().seal();
    },
  },
  {
    id: "accepted-without-bytes",
    what: "a proof said accepted, without saying on which bytes, as older versions wrote it",
    expected: waits(ROW),
    build: (stage) => supply(new Forgery(stage), PROOF, "a screen", { review: ACCEPTED }).rejudge().seal(),
  },
  {
    id: "acceptance-claimed-without-bytes",
    what: "the same, and a result that counts the acceptance",
    expected: { status: "different", kind: "row", id: ROW },
    build: (stage) =>
      supply(new Forgery(stage), PROOF, "a screen", { review: { ...ACCEPTED, sha256: of("a screen") } })
        .rejudge()
        .run(({ config }) => delete config.proofs[PROOF].review.sha256)
        .seal(),
  },
  {
    id: "form-undeclared",
    what: "the form of a penetration test accepted by the candidate, its date and failures not declared",
    expected: waits(FORM_ROW),
    build: (stage) =>
      supply(new Forgery(stage), FORM, "a form", { review: { ...ACCEPTED, sha256: of("a form") } })
        .rejudge()
        .seal(),
  },
  {
    id: "form-of-the-future",
    what: "a penetration test dated years ahead, and said to have been looked at on that day",
    expected: owes(FORM_ROW),
    build: (stage) =>
      supply(new Forgery(stage), FORM, "a form", {
        review: { ...ACCEPTED, sha256: of("a form") },
        facts: form("2097-05-01"),
        on: "2097-05-02",
      })
        .rejudge()
        .seal(),
  },
  {
    id: "form-looked-at-before-the-run",
    what: "a penetration test of years ago, said to have been looked at when it was fresh",
    expected: owes(FORM_ROW),
    build: (stage) =>
      supply(new Forgery(stage), FORM, "a form", {
        review: { ...ACCEPTED, sha256: of("a form") },
        facts: form("2019-05-01"),
        on: "2019-05-02",
      })
        .rejudge()
        .seal(),
  },
  {
    id: "claim-of-another-text",
    what: "a row said not to apply, accepted by the candidate, with another justification than the one that was read",
    expected: refused("reviewed_otherwise"),
    build: (stage) =>
      new Forgery(stage)
        .run(({ config }) => {
          const review = { ...ACCEPTED, sha256: digest("the product has no such screen") };
          config.notApplicable = { [ROW]: { justification: "no time", review } };
        })
        .rejudge()
        .seal(),
  },
  {
    id: "claim-after-countersignature",
    what: "a row said not to apply, accepted by the candidate on no text, added after the agency countersigned",
    expected: { status: "equal", row: { id: ROW, verdict: "to_review", dossier: "to_review" } },
    build: (stage) =>
      countersigned(stage, stage.agency)
        .run(({ config }) => {
          config.notApplicable = { [ROW]: { justification: "no such screen", review: ACCEPTED } };
        })
        .rejudge()
        .seal(),
  },
  {
    id: "claim-changed-after-countersignature",
    what: "a claim that stood when the agency countersigned, its justification replaced since",
    expected: refused("reviewed_otherwise"),
    build: (stage) => {
      const claim = (justification: string) => ({
        [ROW]: { justification, review: { ...ACCEPTED, sha256: digest("no such screen") } },
      });
      const forgery = new Forgery(stage).run(({ config }) => {
        config.notApplicable = claim("no such screen");
      });
      return countersigned(stage, stage.agency, forgery.rejudge())
        .run(({ config }) => {
          config.notApplicable = claim("no time");
        })
        .seal();
    },
  },
];
