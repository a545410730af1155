import { createHash } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { packageRoot } from "../../../core/model/index.js";
import { openSchemas } from "../../../core/plan/index.js";
import { signEnvelope } from "../../../core/seal/envelope.js";
import { generateKeyPem, readSigningKey, type SigningKey } from "../../../core/seal/keys.js";
import { Refusal, REFUSAL_REASONS } from "../../../core/seal/refusal.js";
import {
  NO_REVIEWS,
  readReviews,
  REVIEW_LIMITS,
  type ReviewEntry,
  reviewLine,
  type ReviewLog,
  type ReviewSubject,
  trustedReviewers,
} from "../../../core/seal/review.js";
import type { AgencyRole, Trust } from "../../../core/seal/trust.js";

const fresh = (): SigningKey => readSigningKey(generateKeyPem("ecdsa-p256").privatePem, "key");
const key = fresh();
const second = fresh();
const stranger = fresh();
const ROLE: readonly AgencyRole[] = ["review"];
const TRUST: Trust = {
  candidates: [],
  agencies: [
    { name: "Agence A", key, roles: ROLE, from: "2026-11-01", until: "2026-11-30" },
    { name: "Agence B", key: second, roles: ROLE },
    { name: "Agence C", key: stranger, roles: ["label"] },
  ],
};
const SUBJECT: ReviewSubject = { bundle: "ab".repeat(32), candidate: { vendor: "V", product: "P", version: "1" } };
const DAY = "2026-11-21T10:00:00Z";
const LATER = "2026-11-22T10:00:00Z";

const entry = (facts: Partial<ReviewEntry> = {}): ReviewEntry => ({
  row: "INS.01",
  proof: "p",
  state: "accepted",
  reason: "",
  reviewer: "Dominique Essai",
  ...facts,
});

const read = (text: string, subject = SUBJECT, trust = TRUST): ReviewLog =>
  readReviews(Buffer.from(text), subject, trustedReviewers(trust), "reviews");

/** The file after one line more. */
function add(text: string, entries: readonly ReviewEntry[], on = DAY, signer = key, subject = SUBJECT): string {
  return text + reviewLine(text === "" ? NO_REVIEWS : read(text), subject, entries, on, signer);
}

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  return "accepted";
}

const ONE = add("", [entry(), entry({ proof: "q", state: "complement", reason: "illisible" })]);
const TWO = add(ONE, [entry({ proof: "q" })], LATER, second);
const THREE = add(TWO, [entry({ state: "refused", reason: "autre logiciel" })], LATER);

describe("the reviews beside a bundle", () => {
  it("come back line by line, and the latest word on each proof counts", () => {
    const log = read(THREE);
    expect(log.lines.map(({ number, agency, on }) => [number, agency, on])).to.deep.equal([
      [1, "Agence A", DAY],
      [2, "Agence B", LATER],
      [3, "Agence A", LATER],
    ]);
    expect(log.entries).to.deep.equal([
      { ...entry({ state: "refused", reason: "autre logiciel" }), number: 3, on: LATER, agency: "Agence A" },
      { ...entry({ proof: "q" }), number: 2, on: LATER, agency: "Agence B" },
    ]);
    expect(log.sha256).to.equal(createHash("sha256").update(THREE).digest("hex"));
  });

  it("each line names the one before by its SHA-256, and fits the schema", () => {
    const validate = openSchemas(`${packageRoot()}/specs/schemas`).validator("review", "statement");
    const lines = THREE.trimEnd().split("\n");
    for (const [index, line] of lines.entries()) {
      const { payload } = JSON.parse(line) as { payload: string };
      const statement = JSON.parse(Buffer.from(payload, "base64").toString("utf8")) as Record<string, unknown>;
      expect(validate(statement), JSON.stringify(validate.errors)).to.equal(true);
      const before = lines[index - 1];
      const expected = before === undefined ? null : createHash("sha256").update(before).digest("hex");
      expect(statement.previous).to.equal(expected);
    }
  });

  it("of a file cut after a whole line nothing can be told: only its SHA-256 is another", () => {
    expect(read(TWO).lines).to.have.length(2);
    expect(read(TWO).sha256).not.to.equal(read(THREE).sha256);
  });

  const lines = THREE.match(/.*\n/g) ?? [];
  const forged = (payload: unknown, signer = key): string =>
    signEnvelope("review", Buffer.from(JSON.stringify(payload)), signer);
  const statement = {
    format: "segur-review/1",
    number: 1,
    previous: null,
    ...SUBJECT,
    on: DAY,
    entries: [entry()],
  };
  const cases: readonly (readonly [string, string, string])[] = [
    ["the first line gone", lines.slice(1).join(""), "review_chain"],
    ["a line in the middle gone", `${lines[0]}${lines[2]}`, "review_chain"],
    ["two lines swapped", `${lines[0]}${lines[2]}${lines[1]}`, "review_chain"],
    ["a line twice", `${lines[0]}${lines[0]}`, "review_chain"],
    ["a line put in", add(ONE, [entry()]) + lines[1], "review_chain"],
    ["a first line with a number of its own", forged({ ...statement, number: 7 }), "review_chain"],
    ["a first line that follows something", forged({ ...statement, previous: "0".repeat(64) }), "review_chain"],
    ["a last line cut short", THREE.slice(0, -20), "review_unreadable"],
    ["a last line without its end", THREE.slice(0, -1), "review_unreadable"],
    ["an empty file", "", "review_unreadable"],
    ["an empty line", `${ONE}\n`, "envelope_unreadable"],
    ["no envelope", "{}\n", "envelope_unreadable"],
    ["a label", signEnvelope("label", Buffer.from(JSON.stringify(statement)), key), "envelope_type"],
    ["a payload that is no JSON", signEnvelope("review", Buffer.from("{"), key), "envelope_payload"],
    ["a stranger's line", add("", [entry()], DAY, fresh()), "review_agency"],
    ["a key of another role", add("", [entry()], DAY, stranger), "review_agency"],
    ["a key before its day", add("", [entry()], "2026-10-31T23:59:59Z"), "review_agency"],
    ["a key after its day", add("", [entry()], "2026-12-01T00:00:00Z"), "review_agency"],
    [
      "a key that comes back with an old date",
      ONE + reviewLine(read(ONE), SUBJECT, [entry()], "2026-11-20T00:00:00Z", key),
      "review_order",
    ],
    ["another bundle", add("", [entry()], DAY, key, { ...SUBJECT, bundle: "cd".repeat(32) }), "review_bundle"],
    ...(["vendor", "product", "version"] as const).map((member): readonly [string, string, string] => [
      `another ${member}`,
      add("", [entry()], DAY, key, { ...SUBJECT, candidate: { ...SUBJECT.candidate, [member]: "X" } }),
      "review_candidate",
    ]),
    ["another format", forged({ ...statement, format: "segur-review/2" }), "review_unreadable"],
    ["no entry", forged({ ...statement, entries: [] }), "review_unreadable"],
    ["an unknown state", forged({ ...statement, entries: [{ ...entry(), state: "conform" }] }), "review_unreadable"],
    ["an entry that is none", forged({ ...statement, entries: [null] }), "review_unreadable"],
    ["a row of two lines", forged({ ...statement, entries: [entry({ row: "a\nb" })] }), "review_unreadable"],
    ["a day the calendar lacks", forged({ ...statement, on: "2026-02-30T00:00:00Z" }), "review_unreadable"],
    ["a time that is no time", forged({ ...statement, on: "2026-11-21" }), "review_unreadable"],
    ["a number that is none", forged({ ...statement, number: "1" }), "review_unreadable"],
    [
      "a reason without end",
      forged({ ...statement, entries: [entry({ reason: "x".repeat(REVIEW_LIMITS.reason + 1) })] }),
      "review_unreadable",
    ],
  ];
  for (const [name, text, reason] of cases) {
    it(`${name}: ${reason}`, () => expect(refusal(() => read(text))).to.equal(reason));
  }

  it("a byte changed anywhere is refused, and never is a crash", () => {
    const bytes = Buffer.from(TWO);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ by;
        const reason = refusal(() => readReviews(changed, SUBJECT, trustedReviewers(TRUST), "reviews"));
        // The key id is an unsigned hint; in the first line it is held by the chain.
        return reason === "accepted" ? at > ONE.length : (REFUSAL_REASONS as readonly string[]).includes(reason);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
