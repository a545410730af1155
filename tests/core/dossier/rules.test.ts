import { expect } from "chai";
import { findingText, findingWords, PROOF_RULE_WORDS } from "../../../bin/words/proof-rules.js";
import {
  blockingFindings,
  judgeProof,
  PROOF_RULES,
  type ProofInput,
  type ProofRuleId,
  sharedFiles,
} from "../../../core/dossier/rules.js";
import { DEFAULT_LIMITS, type MediaFacts, type ProofFacts, type ProofFile } from "../../../core/model/index.js";

const MP4: MediaFacts = { type: "video/mp4", seconds: 42, width: 1280, height: 720, signed: null };
const PNG: MediaFacts = { type: "image/png", seconds: null, width: 1280, height: 720, signed: null };
const PDF: MediaFacts = { type: "application/pdf", seconds: null, width: null, height: null, signed: true };
const TEXT: MediaFacts = { type: "text/plain", seconds: null, width: null, height: null, signed: null };
const MAIL: MediaFacts = { ...TEXT, type: "message/rfc822" };

const PENTEST: Extract<ProofFacts, { kind: "pentest" }> = {
  kind: "pentest",
  on: "2026-10-15",
  auditor: "Audit-Fictif",
  failures: { high: 0, medium: 2 },
  uncommented: 0,
};
const CERTIFICATE: Extract<ProofFacts, { kind: "certificate" }> = {
  kind: "certificate",
  number: "FICTIF-0001",
  version: "1.0",
  issued: "2026-09-01",
  expires: "2029-09-01",
};
const EXECUTION: Extract<ProofFacts, { kind: "execution" }> = {
  kind: "execution",
  reference: "https://interop.referencement.esante.gouv.fr/gazelle/x?id=42",
  testCase: "CI-SIS-VSM-Create_doc-Sc1",
  result: "réussi",
};
const COMMITMENT: Extract<ProofFacts, { kind: "commitment" }> = {
  kind: "commitment",
  signedBy: "Camille Signataire-Fictif",
  on: "2026-10-15",
};

function file(
  name: string,
  media: MediaFacts | null,
  text: string | null = null,
  change: Partial<ProofFile> = {},
): ProofFile {
  return { name, bytes: 50_000, sha256: name.padEnd(64, "0").slice(0, 64), media, text, ...change };
}

function input(kinds: readonly string[], files: readonly ProofFile[], facts: ProofFacts | null = null): ProofInput {
  return {
    id: "SSI/GEN.18.01.01",
    kinds,
    files,
    facts,
    addedOn: "2026-11-01",
    candidate: { product: "Logiciel de référence", version: "1.0" },
    productShown: null,
    asOf: "2026-11-22",
    limits: DEFAULT_LIMITS,
  };
}

const LOG =
  "2026-10-15T09:14:41+02:00 acteur=medecin.demo action=envoi reponse=250\n2026-10-15T09:14:42+02:00 acteur=medecin.demo action=lecture\n2026-10-15T09:15:00+02:00 acteur=medecin.demo action=suppression\n";
const NAME = "SSI-GEN.18.01.01";

/** Good proofs, one of each kind: no rule has a word to say. */
const GOOD = {
  video: input(["video-or-screenshot"], [file(`${NAME}.mp4`, MP4)]),
  screenshot: input(["video-or-screenshot"], [file(`${NAME}.png`, PNG)]),
  documentation: input(["documentation"], [file(`${NAME}.pdf`, PDF, "Manuel d'exploitation")]),
  log: input(["config-or-log"], [file(`${NAME}.log`, TEXT, LOG)]),
  document: input(["document-file"], [file(`${NAME}.xml`, { ...TEXT, type: "application/xml" }, "Compte rendu")]),
  certificate: input(
    ["cnda-certificate"],
    [file(`${NAME}.pdf`, PDF, "Certificat FICTIF-0001 du Logiciel de référence")],
    CERTIFICATE,
  ),
  mail: input(["smtp-source"], [file(`${NAME}.eml`, MAIL, "Bonjour")]),
  mailAsText: input(["smtp-source"], [file(`${NAME}.txt`, TEXT, "C: MAIL FROM:<a@b.example>\nFrom: a@b.example\n")]),
  attestation: input(["attestation"], [file(`${NAME}.pdf`, PDF, "Fait le 15/10/2026")], COMMITMENT),
  pentest: input(["pentest-form"], [file(`${NAME}.pdf`, PDF, "Formulaire du 15 octobre 2026")], PENTEST),
  execution: input(["documentation"], [file(`${NAME}.txt`, TEXT, "Exécution")], EXECUTION),
} as const;

const withFile = (good: ProofInput, change: Partial<ProofFile>): ProofInput => ({
  ...good,
  files: good.files.map((one) => ({ ...one, ...change })),
});
const withMedia = (good: ProofInput, change: Partial<MediaFacts>): ProofInput => ({
  ...good,
  files: good.files.map((one) => ({ ...one, media: one.media && { ...one.media, ...change } })),
});
const { video, screenshot, documentation, log, certificate, mail, attestation, pentest, execution } = GOOD;

/** Each rule broken alone. `file-shared` looks across proofs and has its own test. */
const BROKEN: readonly (readonly [Exclude<ProofRuleId, "file-shared">, string, ProofInput])[] = [
  ["no-file", "no file", { ...video, files: [] }],
  ["file-empty", "0 byte", withFile(video, { bytes: 0, media: null })],
  ["file-blank", "white space", withFile(log, { text: " \n\t" })],
  ["file-unrecognised", "unknown bytes", withFile(documentation, { media: null, text: null })],
  ["file-format", "a mail as a video", withFile(video, { name: `${NAME}.eml`, media: MAIL })],
  [
    "file-format",
    "a log as a certificate",
    { ...certificate, files: [file(`${NAME}.txt`, TEXT, "FICTIF-0001 Logiciel de référence")] },
  ],
  ["file-extension", "a PNG named .mp4", withFile(video, { media: PNG })],
  ["file-size", "beyond the limit", withFile(video, { bytes: 100_000_001 })],
  ["file-age", "a year and a day old", { ...video, addedOn: "2025-11-21" }],
  ["file-name", "another name", withFile(video, { name: "demo.mp4" })],
  ["file-name", "the id of a neighbour", withFile(video, { name: "SSI-GEN.18.01.012.mp4" })],
  [
    "file-twice",
    "the same bytes twice",
    { ...video, files: [...video.files, { ...file(`${NAME}-b.mp4`, MP4), sha256: video.files[0]?.sha256 ?? "" }] },
  ],
  ["video-unreadable", "cut short", withMedia(video, { seconds: null })],
  [
    "video-unmeasured",
    "an AVI",
    withFile(video, { name: `${NAME}.avi`, media: { ...MP4, type: "video/vnd.avi", seconds: null } }),
  ],
  ["video-short", "no length", withMedia(video, { seconds: 0 })],
  ["video-short", "under three seconds", withMedia(video, { seconds: 2.96 })],
  ["picture-small", "a thumbnail", withMedia(screenshot, { width: 160, height: 120 })],
  ["picture-small", "a line", withMedia(screenshot, { width: 4000, height: 60 })],
  ["picture-small", "a tiny video", withMedia(video, { width: 176, height: 144 })],
  ["mail-without-headers", "a mere text", withFile(mail, { name: `${NAME}.txt`, media: TEXT, text: "Bonjour" })],
  ["log-without-time", "no time", withFile(log, { text: "acteur=medecin.demo action=envoi" })],
  ["log-without-actor", "no actor", withFile(log, { text: "2026-10-15T09:14:41 action=envoi" })],
  ["placeholder", "in an attestation", withFile(attestation, { text: "Je soussigné <NOM> atteste" })],
  ["placeholder", "in a manual", withFile(documentation, { text: "Logiciel vXXXX" })],
  ["signature-unseen", "not signed", withMedia(attestation, { signed: false })],
  ["other-version", "another version", { ...video, productShown: "0.9" }],
  ["pentest-facts-missing", "nothing declared", { ...pentest, facts: null }],
  [
    "pentest-too-old",
    "a year and a day",
    withFile({ ...pentest, facts: { ...PENTEST, on: "2025-11-21" } }, { text: "21/11/2025" }),
  ],
  [
    "pentest-date-future",
    "in two days",
    withFile({ ...pentest, facts: { ...PENTEST, on: "2026-11-24" } }, { text: "24/11/2026" }),
  ],
  ["pentest-date-unreadable", "30 February", { ...pentest, facts: { ...PENTEST, on: "2026-02-30" } }],
  [
    "pentest-last-day",
    "a year to the day",
    withFile({ ...pentest, facts: { ...PENTEST, on: "2025-11-22" } }, { text: "22.11.2025" }),
  ],
  ["pentest-high", "one", { ...pentest, facts: { ...PENTEST, failures: { high: 1, medium: 0 } } }],
  ["pentest-medium", "ten", { ...pentest, facts: { ...PENTEST, failures: { high: 0, medium: 10 } } }],
  ["pentest-medium", "a lower limit", { ...pentest, limits: { ...DEFAULT_LIMITS, pentestMedium: 2 } }],
  ["pentest-uncommented", "one", { ...pentest, facts: { ...PENTEST, uncommented: 1 } }],
  ["pentest-unsigned", "not signed", withMedia(pentest, { signed: false })],
  ["pentest-date-unseen", "another date in the form", withFile(pentest, { text: "Formulaire du 14 octobre 2026" })],
  ["pentest-auditor", "no name", { ...pentest, facts: { ...PENTEST, auditor: " " } }],
  ["certificate-facts-missing", "nothing declared", { ...certificate, facts: null }],
  ["certificate-number", "empty", { ...certificate, facts: { ...CERTIFICATE, number: " " } }],
  ["certificate-number-unseen", "another number", { ...certificate, facts: { ...CERTIFICATE, number: "FICTIF-0002" } }],
  ["certificate-version", "another version", { ...certificate, facts: { ...CERTIFICATE, version: "1.1" } }],
  [
    "certificate-product-unseen",
    "another product",
    { ...certificate, candidate: { product: "Autre logiciel", version: "1.0" } },
  ],
  ["certificate-expired", "yesterday", { ...certificate, facts: { ...CERTIFICATE, expires: "2026-11-21" } }],
  [
    "certificate-dates",
    "expires before it is issued",
    { ...certificate, facts: { ...CERTIFICATE, issued: "2026-11-23", expires: "2026-11-22" } },
  ],
  ["execution-reference", "words", { ...execution, facts: { ...EXECUTION, reference: "voir le portail" } }],
  [
    "execution-reference",
    "plain http",
    { ...execution, facts: { ...EXECUTION, reference: "http://interop.esante.gouv.fr/x" } },
  ],
  [
    "execution-host",
    "elsewhere",
    { ...execution, facts: { ...EXECUTION, reference: "https://interop.esante.gouv.fr.example.org/x" } },
  ],
  ["execution-test-case", "another case", { ...execution, facts: { ...EXECUTION, testCase: "CI-SIS-INVENTE-Sc1" } }],
  ["execution-failed", "failed", { ...execution, facts: { ...EXECUTION, result: "FAILED" } }],
  ["commitment-signatory", "nobody", { ...attestation, facts: { ...COMMITMENT, signedBy: "" } }],
  ["commitment-date", "in the future", { ...attestation, facts: { ...COMMITMENT, on: "2027-01-01" } }],
];

describe("rules on proofs", () => {
  for (const [name, good] of Object.entries(GOOD)) {
    it(`have nothing to say of a good one: ${name}`, () => {
      expect(judgeProof(good)).to.deep.equal([]);
    });
  }

  for (const [rule, how, broken] of BROKEN) {
    it(`${rule}: ${how}, and nothing else`, () => {
      const found = judgeProof(broken);
      expect(found.map((one) => one.rule)).to.deep.equal([rule]);
      expect(found[0]?.weight).to.equal(PROOF_RULES[rule].weight);
    });
  }

  it("are each broken once above", () => {
    const tested = new Set<string>([...BROKEN.map(([rule]) => rule), "file-shared"]);
    expect(Object.keys(PROOF_RULES).filter((rule) => !tested.has(rule))).to.deep.equal([]);
  });

  it("let pass what only looks wrong", () => {
    const fine: readonly (readonly [string, ProofInput])[] = [
      [
        "a signature beside the form",
        {
          ...withMedia(pentest, { signed: false }),
          files: [
            ...withMedia(pentest, { signed: false }).files,
            file(`${NAME}.p7s`, { ...TEXT, type: "application/pkcs7-signature" }),
          ],
        },
      ],
      [
        "a configuration has neither time nor actor",
        withFile(log, { name: `${NAME}.txt`, text: "tls_min_version = 1.2\nttl = 15" }),
      ],
      ["masks in a log", withFile(log, { text: `${LOG}2026-10-15T09:14:41 acteur=a token=XXXX \${HOME} {{x}}\n` })],
      [
        "the name of a file that serves several proofs",
        { ...withFile(video, { name: "demo.mp4" }), servesToo: ["PSC.01.01.01"] },
      ],
      ["a name without signs", withFile(video, { name: "ssigen180101.mp4" })],
      ["version with a v", { ...certificate, facts: { ...CERTIFICATE, version: "v1.0" } }],
      [
        "a number that the PDF breaks in pieces",
        withFile(certificate, { text: "Certificat FIC TIF - 0001, LOGICIEL DE\nREFERENCE" }),
      ],
      [
        "a ligature of a PDF",
        withFile(certificate, { text: "Certi\ufb01cat \ufb01ctif-0001 Logiciel de re\u0301fe\u0301rence" }),
      ],
      ["expires today", { ...certificate, facts: { ...CERTIFICATE, expires: "2026-11-22" } }],
      ["nine of medium severity", { ...pentest, facts: { ...PENTEST, failures: { high: 0, medium: 9 } } }],
      [
        "a form dated tomorrow, elsewhere it is today",
        withFile({ ...pentest, facts: { ...PENTEST, on: "2026-11-23" } }, { text: "23/11/2026" }),
      ],
      ["a scan has no text to look the date up in", withFile(pentest, { text: null })],
      ["an execution id", { ...execution, facts: { ...EXECUTION, reference: "1.3.6.1.4.1.99999.42" } }],
      [
        "a documentation where an attestation would do too",
        withMedia({ ...documentation, kinds: ["attestation", "documentation"] }, { signed: false }),
      ],
      ["added a year ago to the day", { ...video, addedOn: "2025-11-22" }],
      ["an execution without errors", { ...execution, facts: { ...EXECUTION, result: "Réussi, 0 erreur" } }],
      [
        "a file too large to be looked into",
        {
          ...withFile(video, { bytes: 300_000_000, media: null }),
          limits: { ...DEFAULT_LIMITS, fileBytes: 500_000_000 },
        },
      ],
      ["three seconds", withMedia(video, { seconds: 3 })],
    ];
    for (const [why, one] of fine) expect(judgeProof(one), why).to.deep.equal([]);
  });

  it("cost little on hostile texts and names, and take names of object members for what they are", () => {
    for (const piece of ["a.", "a@", "1", "acteur", "2026-", "12/12/2026 ", "par ", "\ufdfa", "XXX\n", "<nom "]) {
      const text = piece.repeat(1_000_000 / piece.length);
      for (const good of [log, attestation, certificate, pentest]) judgeProof(withFile(good, { text }));
    }
    expect(judgeProof({ ...video, kinds: ["__proto__", "constructor"] })).to.deep.equal([]);
    expect(judgeProof(withFile(video, { name: `${NAME}.constructor` })).map(({ rule }) => rule)).to.deep.equal([]);
    judgeProof(withFile(video, { name: "a.".repeat(100_000) }));
  });

  it("block by declared facts alone, for the form of a penetration test alone, from a verified source alone", () => {
    const bad = { ...PENTEST, on: "2024-01-01", failures: { high: 2, medium: 40 } };
    expect(blockingFindings(bad, ["pentest-form"], "2026-11-22")).to.deep.equal([
      {
        rule: "pentest-too-old",
        weight: "blocks",
        slots: { on: "2024-01-01", last: "2025-01-01", asOf: "2026-11-22" },
      },
      { rule: "pentest-high", weight: "blocks", slots: { count: 2 } },
    ]);
    expect(blockingFindings(bad, ["documentation"], "2026-11-22")).to.deep.equal([]);
    expect(
      blockingFindings({ ...CERTIFICATE, expires: "2000-01-01" }, ["pentest-form", "cnda-certificate"], "2026-11-22"),
    ).to.deep.equal([]);
    expect(blockingFindings(null, ["pentest-form"], "2026-11-22")).to.deep.equal([]);
    const blocking = Object.entries(PROOF_RULES).filter(([, rule]) => rule.weight === "blocks");
    expect(blocking.map(([id]) => id)).to.have.members([
      "pentest-too-old",
      "pentest-date-future",
      "pentest-date-unreadable",
      "pentest-high",
    ]);
    for (const [id, { mark, source }] of blocking) {
      expect(mark, id).to.equal("verified");
      expect(source, id).to.match(/^https:/);
    }
  });

  it("judge and block alike", () => {
    for (const [, , one] of BROKEN) {
      const blocks = judgeProof(one).filter(({ weight }) => weight === "blocks");
      expect(blocks).to.deep.equal(blockingFindings(one.facts, one.kinds, one.asOf));
    }
  });

  it("count a year to its last day, leap days too", () => {
    const on = (day: string, asOf: string): string[] =>
      blockingFindings({ ...PENTEST, on: day }, ["pentest-form"], asOf).map(({ rule }) => rule);
    expect(on("2025-11-22", "2026-11-22"), "the anniversary").to.deep.equal([]);
    expect(on("2025-11-22", "2026-11-23"), "the day after").to.deep.equal(["pentest-too-old"]);
    expect(on("2024-02-29", "2025-02-28"), "a leap day: the last of February").to.deep.equal([]);
    expect(on("2024-02-29", "2025-03-01"), "a leap day: the day after").to.deep.equal(["pentest-too-old"]);
    expect(on("2027-03-01", "2028-02-29"), "a leap day inside").to.deep.equal([]);
    expect(on("2027-02-28", "2028-02-29"), "a leap day after the anniversary").to.deep.equal(["pentest-too-old"]);
    expect(on("2027-01-01", "2026-12-31"), "tomorrow, at the turn of the year").to.deep.equal([]);
    expect(on("2027-01-02", "2026-12-31"), "in two days").to.deep.equal(["pentest-date-future"]);
    expect(on("2100-02-29", "2026-12-31"), "2100 has no leap day").to.deep.equal(["pentest-date-unreadable"]);
    for (const odd of ["", "15/10/2026", "2026-10-15T00:00:00Z", "2026-13-01", "9999999-01-01", "__proto__"]) {
      expect(on(odd, "2026-11-22"), odd).to.deep.equal(["pentest-date-unreadable"]);
    }
  });

  it("remark the same bytes given for proofs that have nothing in common", () => {
    const same = (id: string, kinds: readonly string[]): ProofInput => ({
      ...input(kinds, [file("scan.pdf", PDF)]),
      id,
    });
    const found = sharedFiles([
      same("A.01", ["cnda-certificate"]),
      same("B.01", ["video-or-screenshot"]),
      same("C.01", ["cnda-certificate", "documentation"]),
    ]);
    expect(found).to.deep.equal([
      {
        id: "A.01",
        finding: { rule: "file-shared", weight: "remark", slots: { file: "scan.pdf", ids: "B.01", count: 1 } },
      },
      {
        id: "B.01",
        finding: { rule: "file-shared", weight: "remark", slots: { file: "scan.pdf", ids: "A.01, C.01", count: 2 } },
      },
      {
        id: "C.01",
        finding: { rule: "file-shared", weight: "remark", slots: { file: "scan.pdf", ids: "B.01", count: 1 } },
      },
    ]);
    expect(
      sharedFiles([same("A.01", ["documentation"]), same("B.01", ["documentation", "attestation"])]),
    ).to.deep.equal([]);
    expect(sharedFiles([same("A.01", []), same("B.01", ["attestation"])]), "no kind named").to.deep.equal([]);
    const empty = (id: string, kinds: readonly string[]): ProofInput => withFile(same(id, kinds), { bytes: 0 });
    expect(
      sharedFiles([empty("A.01", ["documentation"]), empty("B.01", ["attestation"])]),
      "empty files",
    ).to.deep.equal([]);
  });

  it("have their words in both languages, with every slot filled", () => {
    for (const lang of ["fr", "en"] as const) {
      expect(Object.keys(PROOF_RULE_WORDS[lang])).to.have.members(Object.keys(PROOF_RULES));
      const all = [...BROKEN.map(([, , one]) => judgeProof(one)[0]), sharedFinding()];
      for (const one of all) {
        if (!one) throw new Error("no finding");
        const words = findingWords(one, lang);
        for (const part of [words.expected, words.found, words.mend, words.source]) {
          expect(part, `${one.rule} ${lang}`).to.match(/\S/);
          expect(part, `${one.rule} ${lang}`).not.to.match(/\bundefined\b|\bnull\b|\bNaN\b|\[object/);
        }
      }
    }
    expect(findingText({ rule: "pentest-high", slots: { count: 1 } }, "fr")).to.include("gravité haute");
    expect(findingText({ rule: "constructor", slots: {} }, "fr")).to.include("constructor");
  });
});

function sharedFinding() {
  const of = (id: string, kinds: readonly string[]): ProofInput => ({ ...input(kinds, [file("scan.pdf", PDF)]), id });
  return sharedFiles([of("A.01", ["cnda-certificate"]), of("B.01", ["documentation"])])[0]?.finding;
}
