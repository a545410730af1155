import { expect } from "chai";
import { dateTime, number, percent } from "../../reports/format.js";

describe("reports/format", () => {
  it("groups thousands as each language does", () => {
    expect(number(1234567, "fr")).to.equal("1\u202f234\u202f567");
    expect(number(1234567, "en")).to.equal("1,234,567");
    expect(number(999, "fr")).to.equal("999");
    expect(number(-1500, "en")).to.equal("-1,500");
  });

  it("never rounds up to all or down to nothing", () => {
    expect(percent(999, 1000, "fr")).to.equal("99,9\u202f%");
    expect(percent(9999, 10000, "en")).to.equal("99.9%");
    expect(percent(1, 100000, "en")).to.equal("0.1%");
    expect(percent(0, 10, "en")).to.equal("0%");
    expect(percent(10, 10, "fr")).to.equal("100\u202f%");
    expect(percent(0, 0, "fr")).to.equal(null);
  });

  it("writes dates in words and leaves what is no date", () => {
    expect(dateTime("2026-11-01", "fr")).to.equal("1er novembre 2026");
    expect(dateTime("2026-11-21T18:25:07.500Z", "fr")).to.equal("21 novembre 2026 à 18:25:07 UTC");
    expect(dateTime("2026-11-21T18:25Z", "en")).to.equal("21 November 2026 at 18:25 UTC");
    expect(dateTime("2026-13-01", "en")).to.equal("2026-13-01");
    expect(dateTime("soon", "en")).to.equal("soon");
  });
});
