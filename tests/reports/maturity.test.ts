import { expect } from "chai";
import { type MaturityAnswer, MATURITY_ANSWERS, type RowResult } from "../../core/model/index.js";
import { maturityView } from "../../reports/html/maturity-view.js";
import { Facts } from "../../reports/facts.js";
import { renderReport } from "../../reports/index.js";
import { DECLARED, maturity } from "../../reports/maturity.js";
import { dossierSample } from "./dossier-sample.js";
import { perimeterOf, row } from "./rows.js";
import { sample } from "./sample.js";

const domainOf = (id: string): string => id.split("/")[0] ?? id;
const conform = (id: string, strength: RowResult["strength"]): RowResult => row(id, { strength });
const lacks = (id: string): RowResult => row(id, { verdict: "not_tested", strength: null, dossier: "owed" });

function only(rows: readonly RowResult[], declared: Readonly<Record<string, MaturityAnswer>> = {}) {
  return maturity([perimeterOf("w", { rows })], domainOf, declared)[0]?.domains ?? [];
}

describe("reports/maturity", () => {
  it("measures conform over applicable mandatory rows, by what they rest on", () => {
    const [ins] = only([
      conform("INS/1", "witnessed"),
      conform("INS/2", "produced"),
      conform("INS/3", "answered"),
      conform("INS/4", "reviewed"),
      lacks("INS/5"),
      row("INS/6", { verdict: "not_conform" }),
      row("INS/7", { verdict: "to_review", strength: null }),
      row("INS/8", { verdict: "not_applicable", strength: null }),
      row("INS/9", { level: "optional" }),
      row("INS/10", { level: "unknown", verdict: "undetermined", strength: null }),
    ]);
    expect(ins?.measures).to.have.length(1);
    expect(ins?.measures[0]).to.deep.include({
      total: 8,
      conform: 4,
      by: { seen: 2, answered: 1, reviewed: 1 },
      gap: null,
    });
  });

  it("stands for 0, 25, 50, 75 and 100 percent", () => {
    expect(MATURITY_ANSWERS.map((answer) => DECLARED[answer])).to.deep.equal([0, 25, 50, 75, 100]);
  });

  it("tells a difference only above 25 points, in both directions", () => {
    const rows = [conform("INS/1", "witnessed"), lacks("INS/2"), lacks("INS/3"), lacks("INS/4")];
    const gaps = MATURITY_ANSWERS.map((answer) => only(rows, { INS: answer })[0]?.measures[0]?.gap);
    expect(gaps).to.deep.equal([null, null, null, 50, 75]);
    const all = [conform("INS/1", "witnessed")];
    expect(only(all, { INS: "none" })[0]?.measures[0]?.gap).to.equal(-100);
    expect(only(all)[0]?.measures[0]?.gap).to.equal(null);
  });

  it("keeps waves and couloirs apart, and a declared domain that nothing asks for", () => {
    const result = maturity(
      [
        perimeterOf("b", { wave: "2", rows: [lacks("INS/1"), lacks("DMP/1")] }),
        perimeterOf("a", { wave: "1", rows: [conform("INS/1", "reviewed")] }),
        perimeterOf("h", { couloir: "HOP/DPI", rows: [lacks("MSS/1")] }),
      ],
      domainOf,
      { INS: "all", ZZZ: "half" },
    );
    expect(
      result.map(({ couloir, domains }) => [
        couloir,
        domains.map(({ domain, measures }) => `${domain}:${measures.map((m) => m.perimeter.wave).join("+")}`),
      ]),
    ).to.deep.equal([
      ["MDV/LGC", ["DMP:2", "INS:1+2", "ZZZ:"]],
      ["HOP/DPI", ["INS:", "MSS:1", "ZZZ:"]],
    ]);
    expect(result[0]?.domains[1]?.measures.map(({ gap }) => gap)).to.deep.equal([null, 100]);
  });

  it("takes no member of a prototype for an answer", () => {
    expect(only([lacks("constructor/1")])[0]).to.deep.include({ domain: "constructor", declared: null });
    const html = renderReport("html", { ...sample(), maturity: Object.fromEntries([["constructor", "all" as const]]) });
    expect(html).to.contain('<span class="domain">constructor</span> <span class="quiet"></span>');
  });

  describe("on the page", () => {
    const view = maturityView(new Facts(dossierSample({ lang: "en" })));

    it("says declared all, measured less, the farthest first", () => {
      const gaps = view?.couloirs[0]?.gaps ?? [];
      expect(gaps.length).to.be.greaterThan(1);
      expect(gaps[0]).to.match(/^DMP, wave 2: declared “all”, measured \d+ of \d+ \([\d.]+%\)\.$/);
    });

    it("draws parts that together are the measured share, and the mark inside the drawing", () => {
      const domains = maturity(dossierSample().result.perimeters, domainOf, {})[0]?.domains ?? [];
      const drawn = view?.couloirs[0]?.bars ?? [];
      expect(drawn.map(({ domain }) => domain)).to.deep.equal(domains.map(({ domain }) => domain));
      for (const [index, { bars }] of drawn.entries()) {
        for (const [wave, { parts, mark }] of bars.entries()) {
          const measure = domains[index]?.measures[wave];
          const last = parts.at(-1);
          const share = ((measure?.conform ?? 0) * 100) / (measure?.total ?? 1);
          expect((last?.x ?? 0) + (last?.width ?? 0)).to.be.closeTo(share, 0.05);
          if (mark) expect(mark.at).to.be.within(0, 100 - mark.width);
        }
      }
      expect(drawn[0]?.bars[0]?.mark).not.to.equal(null);
    });

    it("has every drawn figure in the table too", () => {
      const rows = view?.couloirs[0]?.rows ?? [];
      const bars = view?.couloirs[0]?.bars.flatMap(({ bars: waves }) => waves) ?? [];
      expect(rows.filter(({ wave }) => wave !== "–").map(({ measured }) => measured.split(" (")[0])).to.deep.equal(
        bars.map(({ figure }) => figure.replace("/", " of ")),
      );
      expect(rows.at(-1)).to.include({ domain: "ZZZ", measured: "no applicable mandatory requirement" });
    });

    it("is shown without answers, and without sentences then", () => {
      const alone = maturityView(new Facts(sample({ lang: "fr" })));
      expect(alone?.declares).to.equal(false);
      expect(alone?.couloirs[0]?.gaps).to.deep.equal([]);
      expect(alone?.couloirs[0]?.rows[0]?.declared).to.equal("–");
      expect(renderReport("html", sample({ lang: "fr" }))).to.contain("Le candidat n&#x27;a rien déclaré");
    });
  });

  it("is a small table in Markdown, lines in the terminal when the candidate declared something", () => {
    const md = renderReport("markdown", dossierSample({ lang: "en" }));
    expect(md).to.contain("| DMP | all (100) | wave 1 |");
    expect(renderReport("text", dossierSample({ lang: "en" }))).to.match(
      /DMP {6}Declared: all \(100\) {2}Measured: wave 1 \d/,
    );
    expect(renderReport("text", sample({ lang: "en" }))).not.to.contain("Maturity");
  });
});
