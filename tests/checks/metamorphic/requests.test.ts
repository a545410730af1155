/**
 * A good run of the reference vendor, its requests written otherwise: other prefixes, other order where the standards give none, other
 * SOAP and MIME layouts. No verdict of the DMP checks may change. And what breaks a request by its writing is caught.
 */
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { openSuite } from "../../../bin/suite.js";
import { cdaChecks } from "../../../checks/cda/index.js";
import { dmpDocumentChecks } from "../../../checks/dmp/document/index.js";
import { dmpChecks } from "../../../checks/dmp/index.js";
import { dmpLifecycleChecks } from "../../../checks/dmp/lifecycle/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { Exchange, RecordingEditor, RecordingView } from "../../../core/model/index.js";
import { viewOf } from "../../../core/record/reader.js";
import { editRecording } from "../../selftest/editor.js";
import { openStage, type PlayedStage, type Stage } from "../../selftest/stage.js";
import { CANONICAL_REWRITINGS, REWRITINGS } from "../../support/xml-rewrite.js";
import { BREAKING } from "./breaking.js";
import { LAYOUTS, ORDERS } from "./forms.js";

const SCENARIOS = [
  "dmp-submit",
  "dmp-submit-several",
  "dmp-authorise",
  "dmp-search",
  "dmp-retrieve",
  "dmp-replace",
  "dmp-update-mask",
  "dmp-update-delete",
];
/** Each operation with the scenario and a mark of the request that is broken. */
const BROKEN_IN: Readonly<Record<string, readonly [scenario: string, mark: string]>> = {
  "dmp.exists": ["dmp-submit", "PRPA_IN201307UV02"],
  "dmp.authorise": ["dmp-authorise", "setAuthorization"],
  "dmp.submit": ["dmp-submit", "ProvideAndRegister"],
  "dmp.search": ["dmp-search", "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"],
  "dmp.retrieve": ["dmp-retrieve", "RetrieveDocumentSet"],
  "dmp.update": ["dmp-update-mask", "UpdateDocumentSet"],
};
const OPERATIONS = Object.keys(BROKEN_IN);
const ENVELOPE = /<(?:[\w.-]+:)?Envelope\b[\s\S]*<\/(?:[\w.-]+:)?Envelope\s*>/;
const ASSERTION = /<(?:[\w.-]+:)?Assertion\b[\s\S]*?<\/(?:[\w.-]+:)?Assertion\s*>/;

const PLANNED = [...dmpChecks, ...dmpDocumentChecks, ...dmpLifecycleChecks, ...cdaChecks].map((check) => ({
  check,
  planned: true,
}));

/** Outcome and messages of every check, without places. */
function verdicts(view: RecordingView): string[] {
  const results = evaluate(view, PLANNED, (_id, error) => {
    throw error instanceof Error ? error : new Error(String(error));
  });
  return results.map((r) => `${r.id} ${r.outcome} ${r.findings.map((f) => `${f.weight} ${f.message}`).join(", ")}`);
}

function breaches(view: RecordingView): string[] {
  return evaluate(view, PLANNED).flatMap((r) =>
    r.findings.filter((f) => f.weight === "breach").map((f) => `${f.check} ${f.message}`),
  );
}

describe("metamorphic: requests of a good run written otherwise", function () {
  const pkiFolder = mkdtempSync(path.join(tmpdir(), "segur-metamorphic-pki-"));
  let stage: Stage;
  let good: PlayedStage;
  let goodView: RecordingView;
  let expected: string[];
  let requests: readonly Exchange[];

  before(async () => {
    const suite = openSuite();
    stage = await openStage(suite, pkiFolder);
    good = await stage.play(
      null,
      suite.specs.scenarios.filter(({ id }) => SCENARIOS.includes(id)),
    );
    goodView = viewOf(good.records, good.source);
    const { view } = open();
    requests = view.exchanges.filter((x) => OPERATIONS.includes(x.operation) && x.scenario !== null);
    expected = verdicts(view);
  });
  after(async () => {
    await stage?.close();
    rmSync(pkiFolder, { recursive: true, force: true });
  });

  /** The recording, or the part of it that belongs to one scenario. */
  const open = (scenario: string | null = null): { editor: RecordingEditor; readonly view: RecordingView } => {
    const ofIt = (record: { readonly scenario: string | null }): boolean =>
      scenario === null || record.scenario === scenario;
    const { exchanges, events } = good.records;
    const records = { ...good.records, exchanges: exchanges.filter(ofIt), events: events.filter(ofIt) };
    const session = editRecording(records, good.source, stage.pki, goodView);
    return {
      editor: session.editor,
      get view() {
        return session.view();
      },
    };
  };
  /** Every request with its SOAP envelope rewritten; the VIHF stays as it is, byte for byte. */
  const rewritten = (change: (xml: string) => string, only: Exchange | null = null): RecordingView => {
    const session = open(only?.scenario ?? null);
    for (const exchange of only ? [only] : requests) {
      const raw = ENVELOPE.exec(Buffer.from(exchange.requestBytes).toString("latin1"))?.[0];
      if (raw === undefined) throw new Error(`${exchange.id} has no envelope`);
      const after = change(Buffer.from(raw, "latin1").toString("utf8"));
      if (Buffer.from(after).toString("latin1") !== raw) session.editor.replaceInRequest(exchange, ENVELOPE, after);
    }
    return session.view;
  };
  const around = (change: (xml: string) => string) => (xml: string) => {
    const assertion = ASSERTION.exec(xml)?.[0] ?? "";
    return change(xml.replace(ASSERTION, "<?vihf here?>")).replace(/<\?vihf here\?>/, () => assertion);
  };

  it("starts from a run without a breach, with all the transactions", () => {
    expect(expected.filter((line) => line.includes("breach"))).to.deep.equal([]);
    expect(new Set(requests.map(({ operation }) => operation))).to.deep.equal(new Set(OPERATIONS));
    expect([...good.states.values()].filter((state) => state !== "done")).to.deep.equal([]);
  });

  for (const [name, write] of REWRITINGS) {
    // A byte order mark and a declaration stand at the head of the bytes, which is not the place of the envelope here.
    if (name.includes("standalone")) continue;
    it(`gives the same verdicts with ${name}`, () => {
      const view = rewritten(around(write));
      expect(verdicts(view)).to.deep.equal(expected);
    });
  }

  for (const [name, write] of CANONICAL_REWRITINGS) {
    it(`verifies the VIHF all the same with ${name}`, () => {
      const view = rewritten((xml) => xml.replace(ASSERTION, (assertion) => write(assertion)));
      expect(verdicts(view)).to.deep.equal(expected);
    });
  }

  it("knows who signed the VIHF when KeyInfo shows another certificate before", () => {
    const other = new X509Certificate(stage.pki.roles.insi.certPem).raw.toString("base64");
    const shown = `<ds:X509Certificate xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${other}</ds:X509Certificate>`;
    const first = /(?=<(?:[\w.-]+:)?X509Certificate>)/;
    const view = rewritten((xml) => xml.replace(ASSERTION, (assertion) => assertion.replace(first, shown)));
    expect(verdicts(view)).to.deep.equal(expected);
  });

  for (const [name, write] of ORDERS) {
    it(`gives the same verdicts with ${name}`, () => {
      expect(verdicts(rewritten(around(write)))).to.deep.equal(expected);
    });
  }

  for (const [name, write] of LAYOUTS) {
    it(`gives the same verdicts with ${name}`, () => {
      const session = open();
      let changed = 0;
      for (const exchange of requests) {
        const bytes = write(Buffer.from(exchange.requestBytes));
        if (!bytes) continue;
        changed += 1;
        session.editor.setRequest(exchange, bytes);
      }
      expect(changed, "requests in this layout").to.be.greaterThan(3);
      expect(verdicts(session.view)).to.deep.equal(expected);
    });
  }

  /** The request of that operation that the broken cases are made of. */
  const subject = (operation: string): Exchange => {
    const [scenario = "", mark = ""] = BROKEN_IN[operation] ?? [];
    const found = requests.find(
      (x) =>
        x.operation === operation &&
        x.scenario?.startsWith(`${scenario}#`) &&
        Buffer.from(x.requestBytes).includes(mark),
    );
    if (!found) throw new Error(`no ${operation} in ${scenario}`);
    return found;
  };

  it("holds no breach in the scenarios whose requests are broken below", () => {
    for (const operation of OPERATIONS) expect(breaches(open(subject(operation).scenario).view)).to.deep.equal([]);
  });

  for (const [operation, name, change] of BREAKING) {
    it(`is a breach in ${operation}: ${name}`, () => {
      const view = rewritten((xml) => {
        const after = change(xml);
        if (after === xml) throw new Error("nothing was broken");
        return after;
      }, subject(operation));
      expect(breaches(view)).to.not.deep.equal([]);
    });
  }
});
