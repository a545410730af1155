import { expect } from "chai";
import { reportView } from "../../reports/html/view-model.js";
import { renderReport } from "../../reports/index.js";
import type { ReportInput } from "../../reports/model.js";
import { dossierSample } from "./dossier-sample.js";
import { HOSTILE, sample } from "./sample.js";

/** Tags the template itself writes. Anything else in the page came from a value. */
const OWN_TAGS = new Set(
  "html head meta title style body a aside strong span div header h1 h2 h3 h4 dl dt dd bdi nav p ol li main section article svg rect ul details summary table caption thead tbody tfoot tr th td code figure figcaption pre br footer".split(
    " ",
  ),
);

interface Case {
  readonly name: string;
  readonly input: ReportInput;
  readonly again: ReportInput;
  readonly html: string;
}

function pages(): Case[] {
  return (["fr", "en"] as const).flatMap((lang) =>
    [
      { name: "a run", make: sample },
      { name: "a run with its dossier", make: dossierSample },
    ].map(({ name, make }) => {
      const input = make({ lang });
      return { name: `${name}, ${lang}`, input, again: make({ lang }), html: renderReport("html", input) };
    }),
  );
}

describe("reports/html", () => {
  for (const { name, input, again, html } of pages()) {
    const { lang } = input;
    describe(`page of ${name}`, () => {
      it("holds no tag but the template's, no handler, no script, nothing to fetch", () => {
        const tags = new Set([...html.matchAll(/<\/?([a-zA-Z][a-zA-Z0-9]*)/g)].map((found) => found[1] ?? ""));
        expect([...tags].filter((tag) => !OWN_TAGS.has(tag))).to.deep.equal([]);
        for (const [tag] of html.matchAll(/<[a-z][^>]*>/g)) {
          expect(tag).not.to.match(/\s(on\w+|src|srcset|action|formaction|style)\s*=/i);
          expect(/\shref="([^"]*)"/.exec(tag)?.[1] ?? "#").to.match(/^#/);
        }
        expect(html).to.contain(`default-src 'none'`);
        expect(/<style>([\s\S]*?)<\/style>/.exec(html)?.[1]).not.to.match(/url\(|@import/);
      });

      it("shows hostile values as text, with nothing invisible in the page", () => {
        expect(html).to.contain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
        expect(html).to.contain("FIN[U+202E][U+2066]rovne[U+2069] DEBUT");
        expect(html).to.contain("a[NUL]b[ESC][31mrouge[ESC]]0;titre[BEL][CR][LF][U+0085][U+2028]suite");
        expect(html).not.to.match(
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/,
        );
        expect(/\p{Cs}/u.test(html)).to.equal(false);
      });

      it("stays small under a value of one megabyte", () => {
        expect(html.length).to.be.lessThan(600_000);
        expect(html).not.to.contain("A".repeat(400));
      });

      it("has unique anchors, and no link to nowhere", () => {
        const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((found) => found[1]);
        expect(new Set(ids).size).to.equal(ids.length);
        const targets = [...html.matchAll(/\shref="#([^"]+)"/g)].map((found) => found[1]);
        expect(targets.filter((target) => !ids.includes(target))).to.deep.equal([]);
        expect(targets.length).to.be.greaterThan(100);
      });

      it("prints basis and known gap with every decision, and the notice first", () => {
        const gap = input.catalogue.perimeters["mdv-lgc-wave-2"]?.knownGap[input.lang] ?? "?";
        expect(html.split(gap).length - 1).to.equal(4);
        expect(html.split("working-draft-2023-02").length - 1).to.equal(4);
        expect(html.indexOf('class="notice"')).to.be.lessThan(html.indexOf("<h1"));
      });

      it("never skips a heading level", () => {
        let before = 0;
        for (const found of html.matchAll(/<h([1-6])[ >]/g)) {
          const level = Number(found[1]);
          expect(level).to.be.at.most(before + 1);
          before = level;
        }
      });

      it("sets every percentage beside its counts", () => {
        const text = html.replace(/<style>[\s\S]*?<\/style>/, "").replace(/<[^>]+>/g, " ");
        const counted = input.lang === "fr" ? /\d \(\d+(,\d)?\u202f%\)/g : /\d \(\d+(\.\d)?%\)/g;
        const shares = text.match(/\d\u202f?%/g) ?? [];
        expect(shares.length).to.be.greaterThan(40);
        expect(text.match(counted)?.length).to.equal(shares.length);
      });

      it("is the same twice", () => {
        expect(renderReport("html", again)).to.equal(html);
      });

      it("speaks one language", () => {
        expect(html).to.contain(`<html lang="${lang}">`);
        const foreign = input.lang === "fr" ? "What was not tested" : "Ce qui n'a pas été testé";
        expect(html).not.to.contain(foreign);
      });
    });
  }

  describe("view", () => {
    const view = reportView(sample({ lang: "en" }));

    it("shows breaches with message, expected and observed, excerpt, ground, cause and next step", () => {
      const card = view.breaches.find((one) => one.id === "dmp/patient-identifier");
      const finding = card?.messages[0]?.findings[0];
      expect(card?.cause).to.equal("software");
      expect(card?.nextStep.map((part) => part.text).join("")).to.equal(
        "Build sourcePatientId from the qualified INS and its OID, never from the local id.",
      );
      expect(finding?.parts.filter((part) => part.foreign)).to.have.length(2);
      expect(finding?.compared?.expected).to.equal("299129941234512");
      expect(finding?.slots).to.deep.equal([
        { name: "oid", value: "(absent)" },
        { name: "autorite", value: "(empty)" },
      ]);
      expect(finding?.pointer).to.equal("exchange e0012, request, ExtrinsicObject/Slot[@name='sourcePatientId']");
      expect(finding?.excerpt?.text).to.contain("299129941234512");
      expect(card?.messages[0]?.ground).to.include({ mark: "kit", witness: "exemple officiel de soumission" });
      expect(card?.messages[1]?.findings[0]?.excerpt).to.equal(null);
    });

    it("puts breaches before errors of the suite, the widest first", () => {
      expect(view.toFix.map((line) => line.id)).to.deep.equal(["dmp/patient-identifier", "mss/subject", "ins/retries"]);
      expect(view.breaches[2]?.nextStep[0]?.text).to.contain("not at fault");
    });

    it("says that breached checks stand beside the decisions when they decide no requirement", () => {
      expect(view.breachesBeside).to.match(/^1 breached check decides no requirement alone/);
    });

    it("keeps remarks apart", () => {
      expect(view.remarks.map((card) => card.id)).to.deep.equal(["mss/message-id"]);
      expect(view.breaches.map((card) => card.id)).not.to.contain("mss/message-id");
      expect(view.remarks[0]?.outcome).to.equal("met");
    });

    it("tells what was not tested and why", () => {
      expect(
        view.untested.checks.map(({ checks, reason }) => [checks.map((check) => check.id).join(), reason]),
      ).to.deep.equal([
        ["psc/nonce", "no positive control: the scenario without the fault did not show the expected action"],
        ["psc/logout", "the driver cannot trigger this operation"],
      ]);
      expect(view.untested.unplanned.map((check) => check.id)).to.deep.equal(["cda/header"]);
      expect(view.untested.scenarios.map((scenario) => scenario.state)).to.deep.equal([
        "a step failed",
        "interrupted",
        "not played",
      ]);
      const reasons = view.untested.perimeters[1]?.reasons.map((reason) => reason.label) ?? [];
      expect(reasons).to.include.members([
        "a check did not observe what it needs",
        "only a proof can support it, and it is missing",
      ]);
      expect(view.untested.notApplicable[0]?.justification).to.contain("<script>");
    });

    it("counts each row of a perimeter once, group by group", () => {
      const perimeter = view.perimeters[1];
      const rows = perimeter?.groups.flatMap((group) => group.domains.flatMap((domain) => domain.rows)) ?? [];
      expect(rows).to.have.length(80);
      expect(perimeter?.rowCount).to.equal("80 requirements");
      expect(perimeter?.verdicts.map((verdict) => Number.parseInt(verdict.count, 10)).reduce((a, b) => a + b)).to.equal(
        80,
      );
      expect(new Set(rows.map((row) => row.anchor)).size).to.equal(80);
    });

    it("draws bars whose parts fill the width", () => {
      for (const bar of view.perimeters.flatMap((perimeter) => [
        perimeter.bar,
        ...perimeter.score.map((line) => line.bar),
      ])) {
        const last = bar.segments.at(-1);
        expect((last?.x ?? 0) + (last?.width ?? 0)).to.be.closeTo(100, 0.05);
        expect(bar.title).to.match(/\d/);
      }
    });

    it("flags levels nobody knows", () => {
      expect(view.perimeters[0]?.unknownLevels).to.match(/^\d+ requirements of unknown level/);
      const rows = view.perimeters[0]?.groups.flatMap((group) => group.domains.flatMap((domain) => domain.rows)) ?? [];
      expect(rows.some((row) => row.flagged)).to.equal(true);
    });

    it("survives a catalogue that knows nothing of the result", () => {
      const input = sample({ lang: "fr" });
      const empty = { ...input, catalogue: { checks: {}, requirements: {}, perimeters: {}, scenarios: {} } };
      const html = renderReport("html", empty);
      expect(html).to.contain("dmp/patient-identifier");
      expect(html).to.contain("working-draft-2023-02");
    });

    it("shows a result where nothing ran", () => {
      const input = sample({ lang: "en" });
      const nothing = {
        ...input,
        result: { ...input.result, checks: [], perimeters: [], scenarios: [], unattributed: [], unexpected: [] },
      };
      expect(renderReport("html", nothing)).to.contain("No check is breached");
      expect(reportView(nothing).gate[2]?.value).to.equal("not passed");
    });
  });

  it("masks identifiers, tokens and names in slots and excerpts, and says so", () => {
    const plain = renderReport("html", sample({ mask: false }));
    const masked = renderReport("html", sample({ mask: true }));
    for (const secret of ["299129941234512", "eyJhbGciOiJSUzI1NiJ9", "899700000001", "Élodie"]) {
      expect(plain, secret).to.contain(secret);
      expect(masked, secret).not.to.contain(secret);
    }
    expect(masked).to.contain("Rendu masqué");
    expect(plain).not.to.contain("Rendu masqué");
  });

  it("bounds what one check or one list can take", () => {
    const input = sample({ lang: "en" });
    const findings = Array.from({ length: 500 }, (_, n) => ({
      check: "mss/subject",
      message: "other-subject",
      weight: "breach" as const,
      slots: { observed: `value ${n} ${HOSTILE.script}` },
      at: { exchange: `e${n}` },
    }));
    const unexpected = Array.from({ length: 5000 }, (_, n) => ({ exchange: `e${n}`, operation: "dmp.unexpected" }));
    const view = reportView({
      ...input,
      result: {
        ...input.result,
        checks: input.result.checks.map((check) => (check.id === "mss/subject" ? { ...check, findings } : check)),
        unexpected,
      },
    });
    const card = view.breaches.find((one) => one.id === "mss/subject");
    const [group] = card?.messages ?? [];
    expect(card?.count).to.equal("500 findings");
    expect(group?.findings).to.have.length(3);
    expect(group?.othersLabel).to.equal("497 more findings of the same message");
    expect(group?.others).to.have.length(50);
    expect(group?.more).to.equal("and 447 more, in result.json");
    expect(view.unexpected.entries).to.have.length(100);
    expect(view.unexpected.more).to.equal("and 4,900 more");
  });
});
