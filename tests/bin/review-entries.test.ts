import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { entriesOf, wantedReviews, type WantedOptions } from "../../bin/review-entries.js";
import { packageRoot, SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { REVIEW_LIMITS } from "../../core/seal/review.js";

const schemas = openSchemas(path.join(packageRoot(), "specs", "schemas"));
const KNOWN = [
  { row: "INS.01", proof: "INS.01.01" },
  { row: "INS.01", proof: "INS.01" },
  { row: "MSS/CONF.16", proof: "MSS/CONF.16.01.01" },
];

describe("what a reviewer asks for", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-entries-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const entries = (options: WantedOptions) =>
    entriesOf(wantedReviews(options, schemas), KNOWN, options).map(
      ({ row, proof, state, reason, reviewer }) => `${row}:${proof} ${state} ${reason} ${reviewer}`,
    );
  const from = (yaml: string): string => {
    const file = path.join(folder, "in.yaml");
    writeFileSync(file, yaml);
    return file;
  };
  function refused(options: WantedOptions): SuiteError {
    try {
      entries({ reviewer: "X", ...options });
    } catch (error) {
      if (error instanceof SuiteError) return error;
      throw error;
    }
    throw new Error("nothing was refused");
  }

  it("is nothing without an action", () => expect(wantedReviews({ reviewer: "X" }, schemas)).to.deep.equal([]));

  it("is one proof of a row, or all that were supplied for it", () => {
    const options = { reviewer: "X", accept: ["INS.01"], refuse: ["MSS/CONF.16:MSS/CONF.16.01.01"], reason: "r" };
    expect(entries(options)).to.deep.equal([
      "INS.01:INS.01.01 accepted r X",
      "INS.01:INS.01 accepted r X",
      "MSS/CONF.16:MSS/CONF.16.01.01 refused r X",
    ]);
    expect(entries({ reviewer: "X", accept: ["INS.01:INS.01"] })).to.deep.equal(["INS.01:INS.01 accepted  X"]);
  });

  it("may stand in a file, whose reviewer goes before that of the options", () => {
    const file = from(
      'reviewer: F\nentries:\n  - { row: MSS/CONF.16, state: accepted, reviewer: E }\n  - { row: INS.01, proof: INS.01, state: complement, reason: "r" }\n',
    );
    expect(entries({ from: file, reviewer: "X" })).to.deep.equal([
      "MSS/CONF.16:MSS/CONF.16.01.01 accepted  E",
      "INS.01:INS.01 complement r F",
    ]);
  });

  const lines: readonly (readonly [string, () => WantedOptions, string])[] = [
    ["a row of which nothing was supplied", () => ({ accept: ["MSS/CONF.17"] }), "no proof was supplied for this row"],
    ["a proof of another row", () => ({ accept: ["MSS/CONF.16:INS.01"] }), "this proof was not supplied for this row"],
    ["a refusal without a reason", () => ({ refuse: ["INS.01"] }), "needs its reason"],
    ["a complement with a blank reason", () => ({ complement: ["INS.01"], reason: " \n" }), "needs its reason"],
    ["a reason too long", () => ({ accept: ["INS.01"], reason: "r".repeat(REVIEW_LIMITS.reason + 1) }), "too long"],
    [
      "a proof twice",
      () => ({ accept: ["INS.01"], refuse: ["INS.01:INS.01"], reason: "r" }),
      "two reviews of one proof",
    ],
    ["a reviewer of two lines", () => ({ accept: ["INS.01"], reviewer: "A\nB" }), "the name of its reviewer"],
    ["a blank reviewer", () => ({ accept: ["INS.01"], reviewer: " " }), "the name of its reviewer"],
    ["options beside a file", () => ({ accept: ["INS.01"], from: "x" }), "in a file and in options"],
    ["a file that is not there", () => ({ from: path.join(folder, "none.yaml") }), "cannot be read"],
    [
      "a file with an unknown state",
      () => ({ from: from("entries: [{ row: X, state: conform }]") }),
      "not one of the known",
    ],
    [
      "a file with an unknown key",
      () => ({ from: from("entries: [{ row: X, state: refused, why: y }]") }),
      'key "why"',
    ],
    ["a file without an entry", () => ({ from: from("entries: []") }), "the list is empty"],
  ];
  for (const [name, options, what] of lines) {
    it(`refuses ${name}`, () => {
      const error = refused(options());
      expect(error.message).to.include(what);
      expect(error.mend).to.be.a("string");
    });
  }

  it("suggests the row that was meant", () =>
    expect(refused({ accept: ["MSS/CONF.17"] }).mend).to.include('"MSS/CONF.16"'));
});
