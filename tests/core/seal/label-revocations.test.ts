import { expect } from "chai";
import { SuiteError, type SuiteErrorCode } from "../../../core/model/index.js";
import { parseEnvelope, payloadJson, signedBy } from "../../../core/seal/envelope.js";
import { type NextList, nextRevocations, readRevocations } from "../../../core/seal/revocations.js";
import { AGENCY, KEYS, LABEL, LIST, sealed } from "./label-cases.js";

const request: NextList = {
  old: null,
  where: "list.json",
  key: KEYS.first,
  agencyKeys: [KEYS.first],
  issuer: AGENCY,
  now: "2026-05-01T08:00:00Z",
  nextUpdate: "2026-05-08T08:00:00Z",
  revoke: { id: LABEL.id, reason: "Version retirée" },
};

function refused(change: Partial<NextList>, code: SuiteErrorCode, what: RegExp): void {
  try {
    nextRevocations({ ...request, ...change });
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    expect(error.code).to.equal(code);
    expect(error.message).to.match(what);
    expect(error.mend).to.be.a("string");
    return;
  }
  throw new Error("nothing was refused");
}

describe("label revocations", () => {
  it("begins a list, signed and readable", () => {
    const { list, text } = nextRevocations(request);
    expect(list.number).to.equal(1);
    expect(list.entries).to.deep.equal([{ id: LABEL.id, on: request.now, reason: "Version retirée" }]);
    const envelope = parseEnvelope(Buffer.from(text), "revocations", "");
    expect(signedBy(envelope, [KEYS.first])).to.equal(KEYS.first);
    expect(readRevocations(payloadJson(envelope, ""))).to.deep.equal(list);
  });

  it("extends a list: a greater number, every entry kept, the new one last", () => {
    const { list } = nextRevocations({ ...request, old: Buffer.from(sealed("revocations", LIST, KEYS.first)) });
    expect(list.number).to.equal(LIST.number + 1);
    expect(list.entries.slice(0, -1)).to.deep.equal(LIST.entries);
    expect(list.entries.at(-1)?.id).to.equal(LABEL.id);
  });

  it("issues a list again without an entry", () => {
    const old = Buffer.from(sealed("revocations", LIST, KEYS.first));
    const { list } = nextRevocations({ ...request, old, revoke: null });
    expect(list).to.deep.equal({
      ...LIST,
      number: LIST.number + 1,
      thisUpdate: request.now,
      nextUpdate: request.nextUpdate,
    });
  });

  it("goes on under a new key when the old one is known as the agency's", () => {
    const old = Buffer.from(sealed("revocations", LIST, KEYS.first));
    const { text } = nextRevocations({ ...request, old, key: KEYS.second, agencyKeys: [KEYS.first, KEYS.second] });
    expect(signedBy(parseEnvelope(Buffer.from(text), "revocations", ""), [KEYS.second])).to.equal(KEYS.second);
  });

  const foreign = /not signed by this key, or was altered/;
  const cases: readonly (readonly [string, Partial<NextList>, SuiteErrorCode, RegExp])[] = [
    ["a list of a stranger", { old: Buffer.from(sealed("revocations", LIST, KEYS.stranger)) }, "ERR_SEAL", foreign],
    ["a label in its place", { old: Buffer.from(sealed("label", LABEL, KEYS.first)) }, "ERR_SEAL", foreign],
    ["garbage", { old: Buffer.from("{}") }, "ERR_SEAL", foreign],
    [
      "an altered list",
      { old: Buffer.from(sealed("revocations", LIST, KEYS.first).replace(/"payload":"(.)/, '"payload":"Z')) },
      "ERR_SEAL",
      foreign,
    ],
    [
      "a genuine list of a format to come",
      { old: Buffer.from(sealed("revocations", { ...LIST, format: "segur-revocations/2" }, KEYS.first)) },
      "ERR_SEAL",
      foreign,
    ],
    [
      "a list of another agency",
      { old: Buffer.from(sealed("revocations", { ...LIST, issuer: "Autre" }, KEYS.first)) },
      "ERR_SEAL",
      /that of "Autre"/,
    ],
    [
      "a list of tomorrow",
      { old: Buffer.from(sealed("revocations", LIST, KEYS.first)), now: "2026-03-31T00:00:00Z" },
      "ERR_SEAL",
      /later than now/,
    ],
    [
      "a label twice",
      {
        old: Buffer.from(sealed("revocations", LIST, KEYS.first)),
        revoke: { id: LIST.entries[0]?.id ?? "", reason: "again" },
      },
      "ERR_USAGE",
      /already revoked/,
    ],
    ["an endless reason", { revoke: { id: LABEL.id, reason: "x".repeat(501) } }, "ERR_SEAL", /not be readable/],
    ["an empty reason", { revoke: { id: LABEL.id, reason: "" } }, "ERR_SEAL", /not be readable/],
    ["an id that is none", { revoke: { id: "no", reason: "x" } }, "ERR_SEAL", /not be readable/],
    ["a next list before this one", { nextUpdate: "2026-04-30T08:00:00Z" }, "ERR_SEAL", /not be readable/],
  ];
  for (const [name, change, code, what] of cases) {
    it(`refuses ${name}`, () => refused(change, code, what));
  }
});
