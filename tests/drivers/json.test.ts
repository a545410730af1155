import { expect } from "chai";
import { readJson } from "../../drivers/json.js";

describe("JSON of a vendor", () => {
  it("is given when it can be written down again, and is nothing when it cannot", () => {
    expect(readJson('{"status":"done","list":[1,null,{"a":[]}]}')).to.deep.equal({
      status: "done",
      list: [1, null, { a: [] }],
    });
    expect(readJson("{")).to.equal(undefined);
    expect(readJson(`{"status":"done","x":${"[".repeat(100)}${"]".repeat(100)}}`)).not.to.equal(undefined);
    const deep = `{"status":"done","x":${"[".repeat(300_000)}${"]".repeat(300_000)}}`;
    expect(readJson(deep)).to.equal(undefined);
  });

  it("pollutes no prototype", () => {
    const value = readJson('{"__proto__":{"polluted":true}}');
    expect(Object.keys(value as object)).to.deep.equal(["__proto__"]);
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });
});
