import { expect } from "chai";
import fc from "fast-check";
import { agrees, instantOf, readHl7Time, toUtc, utcSeconds } from "../../protocols/hl7-time.js";

describe("protocols/hl7-time", () => {
  it("converts to UTC over borrow, month, year and leap day", () => {
    expect(toUtc("20261121193000+0100")).to.equal("20261121183000");
    expect(toUtc("20240101003000+0100")).to.equal("20231231233000");
    expect(toUtc("20240229235900-0230")).to.equal("20240301022900");
    expect(toUtc("20230228235900-0230")).to.equal("20230301022900");
    expect(toUtc("20260701000500+0200")).to.equal("20260630220500");
  });

  it("keeps the precision that was written", () => {
    expect(toUtc("202101040735+0100")).to.equal("202101040635");
    expect(toUtc("2021010407+0100")).to.equal("2021010406");
    expect(toUtc("20210104")).to.equal("20210104");
    expect(toUtc("20210104073500.1234+0100")).to.equal("20210104063500");
  });

  it("does not guess an instant", () => {
    expect(toUtc("20210104073500")).to.equal(null);
    expect(toUtc("demain")).to.equal(null);
    expect(instantOf("20210104")).to.equal(null);
  });

  it("tells what is wrong", () => {
    expect(readHl7Time("20230229").problem).to.equal("date");
    expect(readHl7Time("20231301").problem).to.equal("date");
    expect(readHl7Time("2023010124").problem).to.equal("time");
    expect(readHl7Time("20230101126000").problem).to.equal("time");
    // Two official examples carry this offset.
    expect(readHl7Time("20240106113623+100").problem).to.equal("offset");
    expect(readHl7Time("20240106113623+1500").problem).to.equal("offset");
    for (const value of ["", "202", "2024-01-06", "20240106T113623", "20240106113623Z", " 20240106"]) {
      expect(readHl7Time(value).problem, value).to.equal("shape");
    }
    expect(readHl7Time("20240229").problem).to.equal(null);
    expect(readHl7Time("19000229").problem).to.equal("date");
  });

  it("compares a UTC time with a document's time at the precision of the shorter", () => {
    expect(agrees("20210104063500", "202101040735+0100")).to.equal("same");
    expect(agrees("20210104", "20210104073512+0100")).to.equal("same");
    expect(agrees("20210104073500", "20210104073500+0100")).to.equal("different");
    expect(agrees("20210104073500", "20210104073500")).to.equal("unknown");
    expect(agrees("20210104073500", "20210104")).to.equal("unknown");
  });

  it("agrees with the platform's own calendar on any instant and offset", () => {
    const digits = (ms: number): string => new Date(ms).toISOString().replace(/\D/g, "").slice(0, 14);
    fc.assert(
      fc.property(fc.integer({ min: -2e12, max: 4e12 }), fc.integer({ min: -840, max: 840 }), (ms, offset) => {
        const size = Math.abs(offset);
        const two = (value: number): string => String(value).padStart(2, "0");
        const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${two(size % 60)}`;
        expect(toUtc(`${digits(ms + offset * 60_000)}${zone}`)).to.equal(digits(ms));
        expect(utcSeconds(digits(ms))).to.equal(Math.floor(ms / 1000));
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        readHl7Time(value);
        toUtc(value);
        agrees(value, value);
      }),
    );
  });
});
