import { expect } from "chai";
import { mssChecks } from "../../../checks/mss/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { CheckResult, Exchange, RecordingView, ScenarioFacts, ScenarioRun } from "../../../core/model/index.js";

interface Played {
  readonly operation: string;
  readonly request: string;
  readonly response: string;
  /** Seconds after the scenario began. */
  readonly at: number;
  readonly faults?: readonly string[];
}

const RUN = "mss-send-professional#1";
const time = (seconds: number): string => new Date(Date.UTC(2026, 10, 21, 18, 0, seconds)).toISOString();
const crlf = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join("");

function view(played: readonly Played[]): RecordingView {
  const exchanges = played.map(({ operation, request, response, at, faults }, index): Exchange => {
    const id = `x000${index + 1}`;
    return {
      id,
      connection: "c0001",
      direction: "in",
      service: operation.startsWith("psc") ? "psc" : "mss",
      operation,
      scenario: RUN,
      startedAt: time(at),
      endedAt: time(at),
      request: { stream: `${id}.in`, start: 0, end: request.length },
      response: { stream: `${id}.out`, start: 0, end: response.length },
      complete: true,
      faults: faults ?? [],
      requestBytes: Buffer.from(request, "latin1"),
      responseBytes: Buffer.from(response, "latin1"),
      conn: null,
    };
  });
  const facts = {
    id: "mss-send-professional",
    attempt: 1,
    services: ["mss"],
    patient: null,
    faults: [],
    control: null,
  };
  const run: ScenarioRun = {
    key: RUN,
    facts: facts as unknown as ScenarioFacts,
    openedAt: time(0),
    closedAt: time(3000),
    state: "done",
    steps: [],
    exchanges,
    events: [],
    windows: [],
  };
  const meta = { format: "segur-recording/1", id: "test", startedAt: time(0) } as const;
  // Played too, without traffic: a check that names it is then judged by what the first one shows.
  const other = { ...run, key: "mss-token-expired#1", facts: { ...run.facts, id: "mss-token-expired" }, exchanges: [] };
  return { meta, connections: [], exchanges, events: [], runs: [run, other] };
}

function judge(id: string, played: readonly Played[]): { outcome: CheckResult["outcome"]; said: string[] } {
  const check = mssChecks.find((one) => one.id === id);
  if (!check) throw new Error(id);
  const [result] = evaluate(view(played), [{ check, planned: true }]);
  if (!result) throw new Error("no result");
  return { outcome: result.outcome, said: result.findings.map((finding) => finding.message) };
}

/** A token PSC gives at `at`, alive for two minutes. */
const psc = (token: string, at: number): Played => {
  const body = JSON.stringify({ access_token: token, expires_in: 120 });
  const response =
    crlf(["HTTP/1.1 200 OK", "Content-Type: application/json", `Content-Length: ${body.length}`, ""]) + body;
  return { operation: "psc.token", request: "", response, at };
};

const auth = (token: string, at: number, answers: readonly string[], faults: readonly string[] = []): Played => ({
  operation: "mss.session",
  request: crlf([
    "EHLO a",
    "STARTTLS",
    "EHLO a",
    `AUTH XOAUTH2 ${Buffer.from(`user=a@b.example\x01auth=Bearer ${token}\x01\x01`).toString("base64")}`,
    ...(answers.length > 1 ? [""] : []),
  ]),
  response: crlf(["220 hi", "250-hi", "250 STARTTLS", "220 go", "250 AUTH XOAUTH2", ...answers]),
  at,
  faults,
});

const ACCEPTED = ["235 ok"];
const REFUSED = ["334 eyJzdGF0dXMiOiI0MDEifQ==", "535 5.7.8 no"];

describe("checks/mss on sessions", () => {
  it("token-live: a live token, and one the operator took although its issue was not attributed", () => {
    expect(judge("mss/token-live", [psc("t", 0), auth("t", 100, ACCEPTED)])).to.deep.equal({
      outcome: "met",
      said: [],
    });
    expect(judge("mss/token-live", [auth("t", 100, ACCEPTED)])).to.deep.equal({ outcome: "met", said: [] });
    expect(judge("mss/token-live", []).outcome).to.equal("unobserved");
  });

  it("token-live: an expired token is a breach, a remark when a live one follows", () => {
    const stale = [psc("t", 0), auth("t", 1000, REFUSED)];
    expect(judge("mss/token-live", stale).said).to.deep.equal(["expired"]);
    const renewed = [...stale, psc("u", 1001), auth("u", 1002, ACCEPTED)];
    expect(judge("mss/token-live", renewed)).to.deep.equal({ outcome: "met", said: ["expired-then-renewed"] });
    expect(judge("mss/token-live", [psc("t", 0), auth("t", 123, ACCEPTED)]).said).to.deep.equal([]);
  });

  it("token-live: a token refused before its time is held against nobody who then renews it", () => {
    const refused = [psc("t", 0), auth("t", 10, REFUSED)];
    expect(judge("mss/token-live", refused).said).to.deep.equal(["not-reopened"]);
    expect(judge("mss/token-live", [...refused, psc("u", 11), auth("u", 12, ACCEPTED)]).said).to.deep.equal([]);
    expect(judge("mss/token-live", [psc("t", 0), auth("t", 10, REFUSED, ["e0001"])]).said).to.deep.equal([]);
    expect(judge("mss/token-live", [auth("t", 10, REFUSED)]).said).to.deep.equal(["unknown"]);
  });

  it("token-live: a mailbox that is not open to the person is no fault of the token", () => {
    expect(judge("mss/token-live", [psc("t", 0), auth("t", 10, ["535 5.7.8 Mailbox"])]).said).to.deep.equal([]);
  });

  it("starttls-first and xoauth2 say nothing of a session that only looked", () => {
    const looked: Played = {
      operation: "mss.session",
      request: crlf(["EHLO a", "QUIT"]),
      response: crlf(["220 hi", "250-hi", "250 STARTTLS", "221 bye"]),
      at: 0,
    };
    for (const id of ["mss/starttls-first", "mss/xoauth2", "mss/tls-version"]) {
      expect(judge(id, [looked]), id).to.deep.equal({ outcome: "unobserved", said: [] });
    }
  });

  it("xoauth2 leaves an application mailbox, which shows a certificate, to others", () => {
    const external: Played = {
      operation: "mss.session",
      request: crlf(["EHLO a", "STARTTLS", "EHLO a", "AUTH EXTERNAL =", "MAIL FROM:<a@b.example>"]),
      response: crlf(["220 hi", "250-hi", "250 STARTTLS", "220 go", "250 AUTH EXTERNAL", "235 ok", "250 ok"]),
      at: 0,
    };
    expect(judge("mss/xoauth2", [external])).to.deep.equal({ outcome: "inapplicable", said: [] });
  });

  it("xoauth2 accepts the response after an empty challenge, and a cut before the response", () => {
    const late = auth("t", 0, ACCEPTED);
    const blob = /AUTH XOAUTH2 (\S+)/.exec(late.request)?.[1] ?? "";
    const asked = { ...late, request: late.request.replace(` ${blob}`, `\r\n${blob}`) };
    const challenged = { ...asked, response: asked.response.replace("235 ok", "334 \r\n235 ok") };
    expect(judge("mss/xoauth2", [challenged])).to.deep.equal({ outcome: "met", said: [] });
    const cut = {
      ...asked,
      request: asked.request.replace(`${blob}\r\n`, ""),
      response: asked.response.replace("235 ok", "334 "),
    };
    expect(judge("mss/xoauth2", [cut])).to.deep.equal({ outcome: "met", said: [] });
  });
});
