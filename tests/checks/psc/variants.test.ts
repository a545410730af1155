/** What an honest client may do at PSC and must not be blamed for, on exchanges made by hand. */
import { expect } from "chai";
import { pscChecks } from "../../../checks/psc/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { Exchange, RecordingView, ScenarioFacts, ScenarioRun } from "../../../core/model/index.js";

interface Call {
  readonly operation: string;
  readonly scenario?: string;
  readonly request: string;
  readonly response: string;
}

const time = (seconds: number): string => new Date(Date.UTC(2026, 10, 21, 18, 0, seconds)).toISOString();

function exchangeOf({ operation, scenario, request, response }: Call, index: number): Exchange {
  return {
    id: `x000${index}`,
    connection: "c0001",
    direction: "in",
    service: "psc",
    operation,
    scenario: `${scenario ?? "psc-login"}#1`,
    startedAt: time(index * 2),
    endedAt: time(index * 2 + 1),
    request: { stream: "c0001.in", start: 0, end: request.length },
    response: { stream: "c0001.out", start: 0, end: response.length },
    complete: true,
    faults: [],
    requestBytes: Buffer.from(request),
    responseBytes: Buffer.from(response),
    conn: null,
  };
}

/** Messages of a check over the calls, in order. */
function said(id: string, calls: readonly Call[]): string[] {
  const check = pscChecks.find((one) => one.id === id);
  if (!check) throw new Error(id);
  const exchanges = calls.map(exchangeOf);
  const runs = [...new Set(exchanges.map(({ scenario }) => scenario ?? ""))].map((key): ScenarioRun => ({
    key,
    facts: { id: key.replace("#1", ""), attempt: 1, faults: [], control: null } as unknown as ScenarioFacts,
    openedAt: time(0),
    closedAt: time(3000),
    state: "done",
    steps: [],
    exchanges: exchanges.filter((exchange) => exchange.scenario === key),
    events: [],
    windows: [],
  }));
  const meta = { format: "segur-recording/1", id: "test", startedAt: time(0) } as const;
  const view: RecordingView = { meta, connections: [], exchanges, events: [], runs };
  const [result] = evaluate(view, [{ check, planned: true }]);
  return (result?.findings ?? []).map(({ message }) => message);
}

function token(code: string, status: number, answer: object): Call {
  const [form, body] = [`grant_type=authorization_code&code=${code}`, JSON.stringify(answer)];
  const post = "POST /auth/realms/esante-wallet/protocol/openid-connect/token HTTP/1.1\r\nHost: localhost\r\n";
  return {
    operation: "psc.token",
    request: `${post}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`,
    response: `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  };
}

function authorize(query: string, scenario?: string): Call {
  return {
    operation: "psc.authorize",
    ...(scenario === undefined ? {} : { scenario }),
    request: `GET /auth?response_type=code&acr_values=eidas1&${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    response: "HTTP/1.1 303 See Other\r\nContent-Length: 0\r\n\r\n",
  };
}

describe("psc checks: honest variants", () => {
  const GIVEN = { access_token: "a", token_type: "Bearer" };

  it("code-single-use: takes a second way to authenticate after invalid_client, not a code that was settled", () => {
    const refused = token("c1", 401, { error: "invalid_client" });
    expect(said("psc/code-single-use", [refused, token("c1", 200, GIVEN)])).to.deep.equal([]);
    const settled = token("c1", 400, { error: "invalid_grant" });
    expect(said("psc/code-single-use", [settled, token("c1", 200, GIVEN)])).to.deep.equal(["insisted"]);
    expect(said("psc/code-single-use", [token("c1", 200, GIVEN), token("c1", 200, GIVEN)])).to.deep.equal(["replayed"]);
  });

  it("state-fresh: a state kept in one browser is a remark, the same in two browsers a breach", () => {
    const state = `state=${"0123456789abcdef".repeat(4)}`;
    const again = [authorize(state), token("c1", 200, GIVEN), authorize(state)];
    expect(said("psc/state-fresh", again)).to.deep.equal(["kept-in-session"]);
    expect(said("psc/state-fresh", [authorize(state), authorize(state, "psc-logout")])).to.deep.equal(["reused"]);
  });

  it("nonce and scope_all, known from examples only, are remarks when they are left out", () => {
    const weights = ["psc/nonce-fresh missing", "psc/authorization-request scope-all-missing"].map((name) => {
      const [id, message = ""] = name.split(" ");
      return pscChecks.find((check) => check.id === id)?.messages[message]?.weight;
    });
    expect(weights).to.deep.equal(["remark", "remark"]);
    expect(said("psc/authorization-request", [authorize("scope=openid")])).to.deep.equal(["scope-all-missing"]);
  });
});
