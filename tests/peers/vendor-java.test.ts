/** A software written in Java, from the domain facts and the standards alone, before the four services and all checks. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { compileJava, faults, messages, met, type Played, playJava } from "./java/run.js";

describe("peers: a software in Java", function () {
  this.timeout(600_000);
  let folder: string;
  let played: Played;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-java-"));
    played = await playJava(folder, await compileJava(folder, "cabinet"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const answersOf = (scenario: string): readonly Readonly<Record<string, unknown>>[] =>
    played.answers.filter((each) => each.scenario.startsWith(`${scenario}#`)).map((each) => each.answer);

  it("plays every scenario to its end", () => {
    expect(played.result.scenarios.length).to.be.greaterThan(80);
    expect(played.result.scenarios.filter((scenario) => scenario.state !== "done")).to.deep.equal([]);
  });

  it("breaks no rule, and leaves none unobserved", () => {
    expect(played.result.checks.filter((check) => check.planned).length).to.be.greaterThan(140);
    expect(faults(played.result)).to.deep.equal([]);
    expect(met(played.result)).to.include.members([
      ...["psc/pkce", "psc/id-token-signature", "psc/state-verified", "psc/token-renewal", "psc/logout-effect"],
      ...["ins/traits-taken-over", "ins/enrichment", "ins/status-qualified", "ins/card-search", "ins/context-headers"],
      ...["dmp/tls-connection", "dmp/soap-envelope", "dmp/vihf-signature", "dmp/vihf-issuer", "dmp/vihf-psc-user"],
      ...["dmp/document-parts", "dmp/document-hash", "dmp/document-description", "dmp/document-producer"],
      ...["dmp/submission-signature", "dmp/replacement", "dmp/search-request", "dmp/retrieved-bytes"],
      ...["dmp/update-visibility", "dmp/queued-once", "cda/structure", "cda/body-content"],
      ...["mss/archive", "mss/metadata", "mss/pdf-copy", "mss/subject", "mss/ins-header", "mss/xoauth2"],
      ...["mss/token-refusal", "mss/resend", "mss/server-certificate", "mss/unqualified-ins", "mss/end-of-exchange"],
    ]);
    expect(played.code, played.output).to.equal(0);
  });

  it("gets one remark, that of the scenario which masks and hides at once", () => {
    expect(messages(played.result)).to.deep.equal(["dmp/document-description: masked_and_invisible"]);
  });

  it("reads the answers of the DMP", () => {
    const [listed, narrowed] = answersOf("dmp-search").slice(-2) as { documents?: { title: string }[] }[];
    expect(listed?.documents?.map((d) => d.title)).to.include.members(["CR d'un confrère", "Ordonnance d'un confrère"]);
    expect(narrowed?.documents?.map((d) => d.title)).to.not.include("Ordonnance d'un confrère");
    const hidden = answersOf("dmp-retrieve").at(-2);
    expect(hidden).to.have.nested.property("documents[0].alert", "Ce document n'est pas visible par le patient");
    expect(answersOf("dmp-closed-motive").at(-1)).to.deep.include({ exists: false, state: "closed" });
    expect(answersOf("dmp-retrieve-cut").at(-1)?.["status"]).to.equal("refused");
    expect(answersOf("dmp-answer-lost").at(-1)).to.deep.include({ documents: [] });
  });

  it("sends no mail over a bad certificate, without TLS, or to a citizen who is not qualified", () => {
    for (const what of ["certificate-expired", "certificate-foreign", "starttls-missing", "citizen-unqualified"]) {
      expect(answersOf(`mss-${what}`).at(-1)?.["status"], what).to.equal("refused");
    }
  });
});
