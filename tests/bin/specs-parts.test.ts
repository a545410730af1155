import { expect } from "chai";
import { gather } from "../../bin/specs/gather.js";
import { couloirPrefix, knownRows, withoutCouloir } from "../../bin/specs/known-rows.js";
import { proofKindsOf, verificationOf } from "../../bin/specs/proof-kinds.js";
import { ANOMALY_WORDS, WORKBOOK_REFUSAL_WORDS } from "../../bin/words/workbook.js";
import type { Requirement } from "../../core/model/index.js";
import { REM_ANOMALIES, type RemLine, WORKBOOK_REFUSALS } from "../../protocols/rem/index.js";

describe("kinds of proof in a French sentence", () => {
  const sentences: readonly (readonly [string, readonly string[]])[] = [
    ["Une vidéo de l’écran du poste", ["video-or-screenshot"]],
    ["COPIES D'ÉCRAN du paramétrage", ["video-or-screenshot"]],
    ["Traces de l'appel et attestation signée", ["config-or-log", "attestation"]],
    ["Justificatif de l'homologation CNDA", ["cnda-certificate"]],
    ["Formulaire du test d'intrusion rempli par un auditeur PASSI", ["pentest-form"]],
    ["Lien permanent de l'espace de test vers le rapport", ["test-space-report"]],
    ["La source SMTP et l'archive IHE_XDM", ["document-file", "smtp-source"]],
    ["Procédure de mise à jour", ["documentation"]],
    ["Le contraste des écrivains", []],
    ["", []],
  ];
  for (const [sentence, kinds] of sentences) {
    it(`finds ${kinds.join(", ") || "none"} in “${sentence}”`, () => {
      expect(proofKindsOf(sentence)).to.deep.equal(kinds);
    });
  }

  it("says how a row can be established, and that somebody must look when in doubt", () => {
    expect(verificationOf(["attestation", "pentest-form"])).to.equal("declared");
    expect(verificationOf(["attestation", "config-or-log"])).to.equal("artifact");
    expect(verificationOf(["smtp-source", "video-or-screenshot"])).to.equal("demonstration");
    expect(verificationOf([])).to.equal("demonstration");
  });
});

describe("rows of ours that an id names", () => {
  const row = (id: string, more: Partial<Requirement>): Requirement =>
    ({ id, aliases: [], wave: "2", ...more }) as unknown as Requirement;
  const rows = knownRows(
    [
      row("PSC/va1.01", { wave: "1", legacyIds: { "MDV/LGC": "PSC.01", "HOP/DPI": "PSC.09" } }),
      row("PSC.01", {}),
      row("MSS/CONF.17", { aliases: ["SC.MSS/CONF.17", "MSS/OLD.17"] }),
      row("INS/va1.02", { wave: "1", legacyIds: { "MDV/LGC": "INS.02" } }),
      row("INS/va1.03", { wave: "1", legacyIds: { "MDV/LGC": "INS.02" } }),
    ],
    "MDV/LGC",
  );
  const cases: readonly (readonly [string, "1" | "2", string | null])[] = [
    ["PSC.01", "2", "PSC.01"],
    ["PSC.01", "1", "PSC/va1.01"],
    ["PSC/va1.01", "2", "PSC/va1.01"],
    ["PSC.09", "1", null],
    ["sc.mss/conf.17 ", "2", "MSS/CONF.17"],
    ["LGC.MSS/CONF.17", "2", "MSS/CONF.17"],
    ["DPI.MSS/CONF.17", "2", null],
    ["MSS/OLD.17", "2", "MSS/CONF.17"],
    ["MSS/CONF.17", "1", null],
    ["INS.02", "1", null],
    ["INS.02", "2", null],
  ];
  for (const [id, wave, found] of cases) {
    it(`${id} in wave ${wave}: ${found ?? "none"}`, () => expect(rows.find(id, wave)?.id ?? null).to.equal(found));
  }

  it("takes the prefix of its own couloir alone off an id", () => {
    expect(withoutCouloir("lgc.DMP/UX.10", "MDV/LGC")).to.equal("DMP/UX.10");
    expect(withoutCouloir("SC.DPI.X.1", "MDV/LGC")).to.equal("DPI.X.1");
    expect([couloirPrefix("BIO/SGL"), couloirPrefix("SF")]).to.deep.equal(["SGL", "SF"]);
  });
});

describe("lines of a REM gathered into rows", () => {
  const line = (more: Partial<RemLine>): RemLine => ({
    at: { sheet: "S", row: 2 },
    perimeter: "",
    id: "X.01",
    chapter: "",
    function: "",
    statement: "s",
    comment: "",
    nature: "",
    profile: "",
    scenarioId: "",
    scenario: "",
    proofId: "",
    proof: "",
    historicalProfile: "",
    criticality: "",
    order: "",
    other: {},
    ...more,
  });

  it("reads the wave of Périmètre, and takes the user's where it says none or two", () => {
    const waves = (perimeter: string) => gather([line({ perimeter })], "2").rows.map((row) => row.wave);
    expect(
      ["Vague 1", "VAGUE  1 (LGC)", "va1", "Vague 2", "", "Vagues", "Vague 1 et vague 2"].map((p) => waves(p)[0]),
    ).to.deep.equal(["1", "1", "1", "2", "2", "2", "2"]);
    expect(gather([line({})], null)).to.deep.include({ rows: [] });
    expect(gather([line({})], null).noWave).to.have.length(1);
  });

  it("splits profiles on lines and semicolons, and knows Général by its other names", () => {
    const [row] = gather(
      [line({ profile: "va2 Général\nIE Usagers; BAL PER-ORG" }), line({ profile: "---" })],
      "2",
    ).rows;
    expect(row?.profiles).to.deep.equal(["Général", "IE Usagers", "BAL PER-ORG"]);
  });

  it("takes the sterner nature, and leaves out what every line marks obsolete", () => {
    const old = { "Statut publication": "Obsolète" };
    const lines = [
      line({ nature: "PRECONISATION" }),
      line({ nature: "EXIGENCE", other: old }),
      line({ id: "X.02", other: old }),
    ];
    const found = gather(lines, "2");
    expect(found.rows.map(({ id, nature }) => [id, nature])).to.deep.equal([["X.01", "mandatory"]]);
    expect(found.obsolete.map(({ id }) => id)).to.deep.equal(["X.02"]);
  });
});

describe("words about workbooks", () => {
  it("has both languages of every anomaly and every refusal", () => {
    for (const kind of REM_ANOMALIES) expect(ANOMALY_WORDS[kind], kind).to.include.keys("fr", "en");
    for (const reason of WORKBOOK_REFUSALS) {
      expect(WORKBOOK_REFUSAL_WORDS[reason]?.what.fr, reason).to.be.a("string");
      expect(WORKBOOK_REFUSAL_WORDS[reason]?.mend.fr, reason).to.be.a("string");
    }
  });
});
