import { expect } from "chai";
import { canonicalJson } from "../../../core/model/index.js";
import { parseEnvelope, payloadJson, signedBy } from "../../../core/seal/envelope.js";
import { generateKeyPem, readSigningKey, type SigningKey } from "../../../core/seal/keys.js";
import {
  type GroundPerimeter,
  issueLabel,
  type LabelGround,
  type LabelRequest,
  type Obstacle,
  readLabel,
} from "../../../core/seal/label.js";
import type { Trust } from "../../../core/seal/trust.js";
import { AGENCY, KEYS, LABEL } from "./label-cases.js";

const perimeter: GroundPerimeter = {
  ...LABEL.perimeter,
  decision: "referencable",
  toReview: [],
  complement: [],
  owed: [],
};

const ground: LabelGround = {
  candidate: LABEL.candidate,
  ruleSet: LABEL.ruleSet,
  bundle: LABEL.bundle,
  verify: {
    status: "equal",
    reason: null,
    signerTrusted: true,
    mode: "homologation",
    challenge: "agency",
    tracesFound: true,
    repeated: [],
  },
  reviews: "c".repeat(64),
  perimeters: [perimeter],
};

const trust: Trust = {
  candidates: [],
  agencies: [{ name: AGENCY, key: KEYS.first, roles: ["label"], from: "2026-01-01", until: "2026-06-30" }],
};

const request: LabelRequest = {
  perimeter: LABEL.perimeter.id,
  key: KEYS.first,
  trust,
  repeatedExamined: false,
  id: LABEL.id,
  issuedAt: LABEL.issuedAt,
  validUntil: LABEL.validUntil,
};

function obstacles(change: Partial<LabelGround>, asked: Partial<LabelRequest> = {}): readonly Obstacle[] {
  const issued = issueLabel({ ...ground, ...change }, { ...request, ...asked });
  expect(issued.text === null).to.equal(issued.obstacles.length > 0);
  return issued.obstacles;
}

const verify = (change: Partial<LabelGround["verify"]>): Partial<LabelGround> => ({
  verify: { ...ground.verify, ...change },
});

const rows = (change: Partial<GroundPerimeter>): Partial<LabelGround> => ({
  perimeters: [{ ...perimeter, ...change }],
});

function ed25519(): SigningKey {
  return readSigningKey(generateKeyPem("ed25519").privatePem, "test");
}

describe("label issue", () => {
  it("signs exactly what was found, as canonical JSON", () => {
    const { text } = issueLabel(ground, request);
    const envelope = parseEnvelope(Buffer.from(text ?? ""), "label", "");
    expect(signedBy(envelope, [KEYS.first])).to.equal(KEYS.first);
    const expected = { ...LABEL, reviews: "c".repeat(64) };
    expect(Buffer.from(envelope.payload).toString()).to.equal(canonicalJson(expected));
    expect(readLabel(payloadJson(envelope, ""))).to.deep.equal(expected);
  });

  const cases: readonly (readonly [
    string,
    Partial<LabelGround>,
    Partial<LabelRequest>,
    string,
    (readonly string[])?,
  ])[] = [
    ["a key of another kind", {}, { key: ed25519() }, "key_algorithm", ["ed25519"]],
    ["a key that is nobody's", {}, { key: KEYS.stranger }, "key_not_trusted", [KEYS.stranger.keyid]],
    [
      "an agency's key without the role",
      {},
      { trust: { ...trust, agencies: [{ name: AGENCY, key: KEYS.first, roles: ["review", "challenge"] }] } },
      "key_not_trusted",
    ],
    [
      "a candidate's key",
      {},
      { trust: { agencies: [], candidates: [{ vendor: "x", key: KEYS.first }] } },
      "key_not_trusted",
    ],
    ["a key out of its dates", {}, { issuedAt: "2026-07-01T00:00:00Z" }, "key_dates", ["2026-07-01"]],
    ["another result", verify({ status: "different" }), {}, "verify_not_equal", ["different"]],
    [
      "another rule set",
      { ...verify({ status: "cannot_recompute", tracesFound: null, challenge: null }), perimeters: null },
      {},
      "verify_not_equal",
      ["cannot_recompute"],
    ],
    [
      "a refused bundle, of which nothing is known",
      {
        candidate: null,
        perimeters: null,
        verify: {
          status: "refused",
          reason: "archive_bomb",
          signerTrusted: null,
          mode: null,
          challenge: null,
          tracesFound: null,
          repeated: null,
        },
      },
      {},
      "verify_not_equal",
      ["refused", "archive_bomb"],
    ],
    ["an unknown signer", verify({ signerTrusted: false }), {}, "signer_not_trusted"],
    ["a signer nobody asked about", verify({ signerTrusted: null }), {}, "signer_not_trusted"],
    ["a rehearsal", verify({ mode: "rehearsal" }), {}, "not_homologation", ["rehearsal"]],
    ["a sandbox", verify({ mode: "sandbox" }), {}, "not_homologation", ["sandbox"]],
    ["no challenge", verify({ challenge: "none", tracesFound: null }), {}, "challenge_missing"],
    ["a challenge of nobody", verify({ challenge: "other" }), {}, "challenge_not_agency"],
    ["traces that are not there", verify({ tracesFound: false }), {}, "traces_missing"],
    ["traces nobody looked for", verify({ tracesFound: null }), {}, "traces_missing"],
    [
      "scenarios played again that nobody looked at",
      verify({ repeated: ["ins-a", "mss-b"] }),
      {},
      "repeated",
      ["ins-a", "mss-b"],
    ],
    ["attempts that nobody counted", verify({ repeated: null }), {}, "repeated"],
    ["attempts that nobody counted, looked at", verify({ repeated: null }), { repeatedExamined: true }, "repeated"],
    ["another perimeter", {}, { perimeter: "mdv-lgc-wave-2" }, "perimeter_unknown", ["mdv-lgc-wave-1"]],
    ["a row that awaits review", rows({ toReview: ["MSS/CONF.16"] }), {}, "to_review", ["MSS/CONF.16"]],
    ["a complement asked for", rows({ complement: ["INS/1"] }), {}, "complement_asked", ["INS/1"]],
    ["a proof owed", rows({ owed: ["INS/1", "INS/2"] }), {}, "owed", ["INS/1", "INS/2"]],
    ["not referencable", rows({ decision: "not_referencable" }), {}, "not_referencable", ["not_referencable"]],
    ["undetermined", rows({ decision: "undetermined" }), {}, "not_referencable", ["undetermined"]],
    ["an end before the issue", {}, { validUntil: LABEL.issuedAt }, "dates"],
    ["a text nobody could read", { candidate: { ...LABEL.candidate, vendor: "x".repeat(1001) } }, {}, "unsayable"],
    ["an id that is none", {}, { id: "1" }, "unsayable"],
    ["a day that no calendar has", {}, { validUntil: "2027-02-30T23:59:59Z" }, "unsayable"],
  ];
  for (const [name, change, asked, reason, detail] of cases) {
    it(`refuses ${name}: ${reason}`, () => {
      const found = obstacles(change, asked);
      expect(found.map((one) => one.reason)).to.deep.equal([reason]);
      if (detail) expect(found[0]?.detail).to.deep.equal(detail);
    });
  }

  it("signs over repeated scenarios once a person looked at them, and nothing else is lifted by that", () => {
    const twice = verify({ repeated: ["ins-a"] });
    expect(obstacles(twice, { repeatedExamined: true })).to.deep.equal([]);
    const sandbox = verify({ repeated: ["ins-a"], mode: "sandbox" });
    expect(obstacles(sandbox, { repeatedExamined: true }).map((one) => one.reason)).to.deep.equal(["not_homologation"]);
  });

  it("names every obstacle at once", () => {
    const bad: Partial<LabelGround> = {
      ...verify({
        status: "different",
        signerTrusted: false,
        mode: "sandbox",
        challenge: "other",
        tracesFound: false,
        repeated: ["ins-a"],
      }),
      ...rows({ toReview: ["A"], complement: ["B"], owed: ["C"], decision: "not_referencable" }),
    };
    const found = obstacles(bad, { key: KEYS.stranger, validUntil: "2020-01-01T00:00:00Z" });
    expect(found.map((one) => one.reason)).to.deep.equal([
      "key_not_trusted",
      "verify_not_equal",
      "signer_not_trusted",
      "not_homologation",
      "challenge_not_agency",
      "traces_missing",
      "repeated",
      "to_review",
      "complement_asked",
      "owed",
      "not_referencable",
      "dates",
    ]);
  });
});
