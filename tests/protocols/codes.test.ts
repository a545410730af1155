import { expect } from "chai";
import * as codes from "../../protocols/codes.js";

describe("protocols/codes", () => {
  it("gives each type one class, and only classes the DMP admits", () => {
    const { values } = codes.CLASS_OF_TYPE;
    expect(values.size).to.equal(109);
    expect([...new Set(values.values())].filter((cls) => !codes.CLASS_CODES.values.includes(cls))).to.deep.equal([]);
  });

  it("holds the rows the domain notes quote", () => {
    const quoted = {
      "11488-4": "10",
      "11490-0": "10",
      "11502-2": "10",
      "34112-3": "10",
      "96349-6": "10",
      "18748-4": "31",
      "IMG-KOS": "31",
      "18761-7": "11",
      "34133-9": "11",
      SYNTH: "11",
      "80820-4": "11",
      "57833-6": "42",
      "55115-0": "42",
      "PRESC-AAT": "42",
      "60593-1": "43",
      "18776-5": "44",
      PROT_ALD: "44",
      "80565-5": "45",
      CERT_DECL: "52",
      "96173-0": "52",
      REMB: "60",
      EXPPAT_1: "90",
      "74465-6": "90",
      "59284-0": "95",
      DOCPAT01: "11",
      DOCPAT02: "42",
      DOCPAT03: "10",
      DOCPAT04: "31",
      DOCPAT05: "10",
      DOCPAT06: "10",
      DOCPAT07: "52",
      DOCPAT08: "11",
      DOCPAT09: "95",
      E1762: codes.DIGITAL_SIGNATURE_CLASS,
    };
    for (const [type, cls] of Object.entries(quoted)) expect(codes.CLASS_OF_TYPE.values.get(type), type).to.equal(cls);
  });

  it("names the source and the date of every table", () => {
    const tables = Object.values(codes).flatMap((value: unknown) =>
      typeof value === "object" && value !== null && "source" in value ? [value as codes.CodeTable<unknown>] : [],
    );
    expect(tables).to.have.length(9);
    for (const { source, date } of tables) {
      expect(source).to.match(/J(DV)?_|ASS_|TRE_/);
      expect(date).to.match(/^20\d\d-\d\d-\d\d$/);
    }
  });

  it("lists no code twice", () => {
    const lists = [
      codes.CLASS_CODES,
      codes.PRACTICE_SETTINGS,
      codes.DOCUMENT_TYPES,
      codes.FACILITY_TYPES,
      codes.CDA_PRACTICE_SETTINGS,
    ];
    for (const { source, values } of lists) expect(new Set(values).size, source).to.equal(values.length);
    expect(codes.DOCUMENT_TYPES.values).to.have.length(114);
    expect(codes.FACILITY_TYPES.values).to.have.length(69);
  });
});
