import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { attr, children, parseXml, select } from "../../protocols/xml.js";
import { EXAMPLES, openWorkshop, type PlayedJob, STATES, type Workshop } from "../ci-examples/play.js";
import { segur } from "../support/cli.js";

/** The steps of docs/ci with a real bash: green, red on a defect, green with a baseline, red when the baseline is stale. */
for (const example of EXAMPLES) {
  describe(`CI example ${example}`, function () {
    this.timeout(240_000);
    const jobs: PlayedJob[] = [];
    let workshop: Workshop;
    before(async () => {
      workshop = openWorkshop();
      for (const state of STATES) {
        const job = await workshop.play(example, state);
        jobs.push(job);
        if (state.baseline === "empty" && job.colour === "red") workshop.writeDown(job);
      }
    });
    after(() => workshop.close());

    const outputOf = (job: PlayedJob | undefined): string => job?.steps.map((step) => step.output).join("\n") ?? "";
    const failing = (job: PlayedJob | undefined): string[] =>
      select(parseXml(readFileSync(job?.junit[0] ?? "", "utf8")), "testsuite/testcase")
        .filter((one) => children(one, "failure").length > 0)
        .map((one) => `${attr(one, "classname")} ${attr(one, "name")}`);

    STATES.forEach((state, index) => {
      it(`is ${state.colour}: ${state.id}`, () => {
        expect(jobs[index]?.colour, outputOf(jobs[index])).to.equal(state.colour);
      });
    });

    it("plays every step but those of the server and the installation, and the gate alone is red", () => {
      for (const job of jobs) {
        const played = job.steps.filter((step) => step.code !== null);
        expect(played.length).to.be.greaterThan(1);
        expect(job.steps.filter((step) => step.why === "skipped")).to.deep.equal([]);
        const red = played.filter((step) => step.code !== 0);
        expect(red.map((step) => step.code)).to.deep.equal(job.colour === "red" ? [1] : []);
      }
    });

    it("leaves JUnit, summary and a bundle behind, whatever the colour", () => {
      for (const job of jobs) {
        expect(job.missing).to.deep.equal([]);
        expect(job.junit).to.have.length(1);
        expect(job.summary).to.include("# Rapport d'auto-évaluation Ségur");
        expect(existsSync(path.join(job.folder, "segur.segur.zip"))).to.equal(true);
      }
    });

    it("names in JUnit and in the summary what is red", () => {
      expect(failing(jobs[0])).to.deep.equal([]);
      expect(failing(jobs[1])).to.include("segur.ins ins/addressing");
      expect(failing(jobs[2])).to.deep.equal([]);
      expect(failing(jobs[3])).to.include("segur.baseline ins/addressing");
      expect(jobs[2]?.summary).to.include("mended in the next version");
      expect(jobs[3]?.summary).to.include("le contrôle n'échoue plus");
    });

    it("makes a bundle that verifies", async () => {
      const verified = await segur(["verify", "segur.segur.zip"], { cwd: jobs[1]?.folder ?? "" });
      expect(verified.code, verified.stdout + verified.stderr).to.equal(0);
    });
  });
}
