/** Plays scenarios at a real PSC mock with openid-client as the software, then judges the recording with the checks of PSC. */
import * as client from "openid-client";
import { pscChecks } from "../../../checks/psc/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { CheckResult, FaultSpec } from "../../../core/model/index.js";
import { type Bench, pscFault } from "../../services/psc/support.js";

export interface Played {
  readonly id: string;
  readonly faults?: readonly FaultSpec[];
  readonly control?: string;
  /** Milliseconds of the window of observation at the end; none when left out. */
  readonly observe?: number;
}

/** Opens the scenario, lets `act` play the software, records the window, closes. */
export async function play(b: Bench, played: Played, act: (steps: Steps) => Promise<void>): Promise<void> {
  const close = b.context.scenario(played.id, ["psc"], played.faults ?? [], { control: played.control ?? null });
  let index = 0;
  const step: Steps = async (operation, answer) => {
    const number = index;
    index += 1;
    b.context.recorder.event("step.begin", { step: number, operation, input: {} });
    const given = await answer();
    b.context.recorder.event("step.end", { step: number, status: "done", answer: { status: "done", ...given } });
  };
  await act(step);
  if (played.observe !== undefined) {
    const from = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, played.observe));
    b.context.recorder.event("window", { from, to: new Date().toISOString() });
  }
  close();
}

export type Steps = (operation: string, answer: () => Promise<Record<string, unknown>>) => Promise<void>;

/** A login that verifies everything; false when it was refused. */
export async function carefulLogin(b: Bench, config: client.Configuration): Promise<boolean> {
  return b.login(config).then(
    async ({ tokens }) => {
      await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? "");
      return true;
    },
    () => false,
  );
}

/** Exchanges whatever code comes back and reads userinfo, without looking at anything. */
export async function carelessLogin(b: Bench, config: client.Configuration): Promise<boolean> {
  const start = client.buildAuthorizationUrl(config, {
    redirect_uri: b.redirectUri,
    scope: "openid scope_all",
    acr_values: "eidas1",
    state: client.randomState(),
    nonce: client.randomNonce(),
  });
  const callback = await b.browse(start);
  const answer = await b.token({
    grant_type: "authorization_code",
    code: callback.searchParams.get("code") ?? "",
    redirect_uri: b.redirectUri,
  });
  await b.userinfo(String(answer.json.access_token));
  return true;
}

export function judge(b: Bench, id: string): CheckResult {
  const check = pscChecks.find((known) => known.id === id);
  if (!check) throw new Error(`no check ${id}`);
  const [result] = evaluate(b.context.view(), [{ check, planned: true }]);
  if (!result) throw new Error("no result");
  return result;
}

export function judgeAll(b: Bench): CheckResult[] {
  return evaluate(
    b.context.view(),
    pscChecks.map((check) => ({ check, planned: true })),
  );
}

export { pscFault };
