import { expect } from "chai";
import type { DossierProof } from "../../core/model/index.js";
import { Facts } from "../../reports/facts.js";
import { awaitsCandidate, byUrgency, findingText, sizeText } from "../../reports/dossier.js";
import { reportView } from "../../reports/html/view-model.js";
import { renderReport } from "../../reports/index.js";
import type { ReportInput } from "../../reports/model.js";
import { dossierSample, PATIENT_FILE, REVIEWER } from "./dossier-sample.js";
import { HOSTILE, sample } from "./sample.js";

function proofs(input: ReportInput): readonly DossierProof[] {
  return input.dossier?.proofs ?? [];
}

describe("reports: the dossier", () => {
  const input = dossierSample({ lang: "en" });
  const section = reportView(input).dossier;

  it("counts every state, and every proof once", () => {
    expect(section?.total).to.equal("42 proofs");
    expect(section?.tally.map(({ state, count }) => [state, count])).to.deep.equal([
      ["owed", "6"],
      ["blocked", "6"],
      ["refused", "6"],
      ["stale", "6"],
      ["to review", "6"],
      ["accepted", "12"],
    ]);
    const shown = section?.chapters.flatMap((chapter) => chapter.proofs.map(({ id }) => id)) ?? [];
    expect(shown).to.have.members(proofs(input).map(({ id }) => id));
    expect(shown).to.have.length(42);
  });

  it("says each state in words and by a sign, not by colour alone", () => {
    const signs = section?.tally.map(({ sign }) => sign) ?? [];
    expect(new Set(signs).size).to.equal(6);
    for (const { sign, state } of section?.chapters.flatMap((chapter) => chapter.proofs) ?? []) {
      expect(sign).to.have.length.greaterThan(0);
      expect(state).to.match(/^[a-z ]+$/);
    }
  });

  it("puts mandatory and owed first", () => {
    const sorted = [...proofs(input)].sort(byUrgency);
    expect(sorted[0]).to.include({ mandatory: true, state: "owed" });
    expect(sorted.at(-1)?.mandatory).to.equal(false);
    const due = proofs(input).filter((proof) => proof.mandatory && awaitsCandidate(proof));
    expect(section?.due?.label).to.equal(`${due.length} mandatory proofs wait for the candidate`);
    expect(section?.due?.proofs.map(({ id }) => id)).to.have.members(due.map(({ id }) => id));
    expect(section?.due?.proofs[0]?.state).to.equal("owed");
  });

  it("shows rows served, kind, files, findings and review of a proof", () => {
    const shown = section?.chapters.flatMap((chapter) => chapter.proofs) ?? [];
    const blocked = shown.find(({ state }) => state === "blocked");
    expect(blocked?.findings).to.deep.equal([
      { weight: "Blocking", blocks: true, text: "The penetration test ended on 2025-01-31, more than a year ago." },
      { weight: "Remark", blocks: false, text: "no-words-for-it, who Elodie, count 3" },
    ]);
    expect(blocked?.files[0]).to.include({ size: "3.2 MB", digest: "SHA-256 333333333333…" });
    const stale = shown.find(({ state }) => state === "stale");
    expect(stale?.stale).to.equal("the file has changed");
    expect(stale?.review).to.match(/^Accepted by Camille Exemple-Relectrice on 20 November 2026/);
    expect(shown.find(({ state }) => state === "refused")?.review).to.match(/^Refused by/);
    expect(blocked?.rows[0]?.href).to.match(/^row-mdv-lgc-wave-1-/);
    expect(blocked?.kinds).to.equal("source of the mail");
  });

  it("shows what the candidate declares not applicable, a row of no perimeter included", () => {
    expect(section?.claims.map(({ row, state, href }) => [row, state, href === null])).to.deep.equal([
      ["DMP/va1.06", "to review", false],
      ["AUTRE.01", "refused", true],
    ]);
    expect(renderReport("html", input)).to.contain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  });

  it("has no section without a dossier, and says so of an empty one", () => {
    expect(renderReport("html", sample())).not.to.contain('id="dossier"');
    expect(renderReport("html", { ...sample(), dossier: null })).not.to.contain('id="dossier"');
    const empty = { ...sample({ lang: "fr" }), dossier: { asOf: "2026-11-22", proofs: [], notApplicable: [] } };
    expect(renderReport("html", empty)).to.contain("Aucune preuve n&#x27;est demandée");
    expect(renderReport("text", empty)).not.to.contain("dossier : preuves");
  });

  it("makes the candidate's own row names harmless", () => {
    const claim = { row: HOSTILE.bidi, justification: HOSTILE.controls, state: "to_review" as const };
    const html = renderReport("html", { ...input, dossier: { asOf: "x", proofs: [], notApplicable: [claim] } });
    expect(html).to.contain("FIN[U+202E]");
    expect(html).not.to.match(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
  });

  it("takes no member of a prototype for the words of a rule", () => {
    const facts = new Facts(input);
    expect(findingText(facts, { rule: "constructor", weight: "remark", slots: {} })).to.equal("constructor");
    expect(findingText(facts, { rule: "__proto__", weight: "remark", slots: {} })).to.equal("__proto__");
  });

  it("writes sizes in the units of the language", () => {
    const fr = new Facts(dossierSample({ lang: "fr" }));
    expect([0, 999, 1000, 1550, 3_214_567, 104_857_600].map((bytes) => sizeText(fr, bytes))).to.deep.equal([
      "0 o",
      "999 o",
      "1 ko",
      "1,6 ko",
      "3,2 Mo",
      "104,9 Mo",
    ]);
  });

  it("is counts and what waits in the terminal and in Markdown", () => {
    const text = renderReport("text", input);
    const md = renderReport("markdown", input);
    const due = proofs(input).filter((proof) => proof.mandatory && awaitsCandidate(proof));
    expect(text).to.contain("42 proofs: 6 owed, 6 blocked, 6 refused, 6 stale, 6 to review, 12 accepted");
    expect(text).to.contain(`${due.length} mandatory proofs wait for the candidate`);
    expect(due.filter(({ id }) => text.includes(`    ${id}  `))).to.have.length(12);
    expect(due.filter(({ id }) => md.includes(`- ${id}`))).to.have.length(due.length);
    expect(text).to.contain(`and ${due.length - 12} more`);
  });

  it("leaves JUnit as it is", () => {
    const { dossier, proofTexts, maturity, ...bare } = input;
    expect(dossier && proofTexts && maturity).to.be.an("object");
    expect(renderReport("junit", input)).to.equal(renderReport("junit", bare));
  });

  for (const format of ["html", "text", "markdown"] as const) {
    it(`hides reviewers, and names in file names, in masked ${format}`, () => {
      const html = renderReport("html", dossierSample());
      expect(html).to.contain(REVIEWER);
      expect(html).to.contain(PATIENT_FILE);
      const masked = renderReport(format, dossierSample({ mask: true }));
      for (const name of [REVIEWER, "Camille", PATIENT_FILE, "DEMONSTRATION_", "Élodie", "Elodie"]) {
        expect(masked, name).not.to.contain(name);
      }
    });
  }

  it("hides a reviewer named in somebody else's words too, and keeps the rest readable", () => {
    const masked = renderReport("html", dossierSample({ mask: true }));
    expect(masked).to.contain("Vu avec ▮▮▮.");
    expect(masked).to.contain("capture ▮▮▮_▮▮▮.png");
    expect(masked).to.contain("Acceptée par ▮▮▮, le 20 novembre 2026");
  });

  it("stays small: ten perimeters of a true size, 400 proofs, under 3 MB", () => {
    const big = dossierSample({ lang: "fr", extraRows: 24, proofs: 400 });
    const [first, second] = big.result.perimeters;
    const couloirs = ["MDV/LGC", "HOP/DPI", "HOP/PFI", "BIO/SGL", "RAD/RIS"] as const;
    const perimeters = couloirs.flatMap((couloir) =>
      [first, second].flatMap((one) => (one ? [{ ...one, couloir, id: `${couloir}-${one.wave}` }] : [])),
    );
    const html = renderReport("html", { ...big, result: { ...big.result, perimeters } });
    expect(perimeters.flatMap(({ groups }) => groups.flatMap(({ rows }) => rows)).length).to.be.greaterThan(1500);
    expect(Buffer.byteLength(html)).to.be.lessThan(3_000_000);
  });

  it("bounds names as long as a page", () => {
    const [one] = proofs(input);
    const long = { name: HOSTILE.long, bytes: 1, sha256: null };
    const dossier = { asOf: "2026-11-22", proofs: one ? [{ ...one, files: [long] }] : [], notApplicable: [] };
    expect(renderReport("html", { ...input, dossier })).not.to.contain("A".repeat(400));
  });
});
