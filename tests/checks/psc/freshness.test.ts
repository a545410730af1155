import { expect } from "chai";
import { ENOUGH_BITS, mostBits } from "../../../checks/psc/helpers/freshness.js";

describe("psc checks: how random a value can be", () => {
  it("never says less than what the value can hold", () => {
    expect(mostBits("0123456789abcdef".repeat(4))).to.equal(256);
    expect(mostBits("Zx_0-".repeat(5))).to.be.at.least(ENOUGH_BITS);
    expect(mostBits("d41d8cd98f00b204e9800998ecf8427e")).to.equal(128);
  });

  it("says too little of short values and of UUIDs", () => {
    expect(mostBits("12345678")).to.equal(26);
    expect(mostBits("0b6f6c1e")).to.equal(32);
    expect(mostBits("0b6f6c1e-0000-4000-8000-000000000001")).to.equal(122);
    expect(mostBits("")).to.equal(0);
  });
});
