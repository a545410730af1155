/**
 * Refusals to prove: PSC gave an answer that a client must refuse (a fault of the scenario), and the software is watched.
 * It accepted when it used the access token that came with it, or says that the professional is logged in although no
 * good answer followed.
 */
import type { Exchange, Pointer, Report, ScenarioRun, Seen } from "../../../core/model/index.js";
import { type Jwt, readJwt } from "../../../protocols/jwt.js";
import { after, deliveredTrigger, judgeSilence, struckExchanges, type Trigger } from "../../helpers/silence.js";
import { answered, asked, authenticated, grants, inRequest, named, sessionBefore } from "./calls.js";

/** Operations such a check must read, so that it sees poison, use and cure. */
export const POISON_READS = ["psc.authorize", "psc.token", "psc.userinfo", "psc.introspect"] as const;

export interface Poison {
  /** Kind of the fault. */
  readonly kind: string;
  /** Exchange it strikes: the token answer (an ID token inside) or the userinfo answer. */
  readonly operation: "psc.token" | "psc.userinfo";
  /** Message to fire when it was accepted. */
  readonly message: string;
  /**
   * Whether the ID token really handed over has the defect the fault is about. The bytes decide: a fault that left no
   * trace in them provoked nothing. `good`: the ID tokens of this recording that no fault touched. `at`: when it was handed over.
   */
  readonly shows?: (
    idToken: Jwt,
    about: { readonly params: URLSearchParams; readonly good: readonly Jwt[]; readonly at: string },
  ) => boolean;
  /** Left out when given and false for the login that was struck: the rule does not bear on it. */
  readonly applies?: (authorization: URLSearchParams) => boolean;
  /** Reason told when `applies` says no. */
  readonly otherwise?: string;
}

export function judgePoison(seen: Seen, report: Report, poison: Poison): void {
  for (const run of seen.runs.filter((r) => r.facts.faults.some((fault) => fault.kind === poison.kind))) {
    const struck = struckExchanges(run, poison.kind).filter((exchange) => exchange.operation === poison.operation);
    if (struck.length === 0) report.silence({ trigger: null, control: null, window: null });
    for (const exchange of struck) judgeOne(seen, report, poison, run, exchange);
  }
}

function judgeOne(seen: Seen, report: Report, poison: Poison, run: ScenarioRun, struck: Exchange): void {
  const request = named(run.exchanges, "psc.authorize")
    .filter((x) => x.startedAt <= struck.startedAt)
    .at(-1);
  const params = request && asked(request)?.params;
  if (poison.applies && params && !poison.applies(params)) {
    report.inapplicable(inRequest(request), poison.otherwise ?? "not_concerned");
    return;
  }
  const came = judgeSilence(seen, report, {
    run,
    trigger: visible(seen, poison, struck, params) ? deliveredTrigger(struck) : null,
    happened: (where, trigger) => (trigger ? accepted(where, struck, trigger) : success(where)),
  });
  if (came) report.finding(poison.message, came, { fault: poison.kind });
}

function visible(seen: Seen, poison: Poison, struck: Exchange, params: URLSearchParams | undefined): boolean {
  if (!poison.shows) return true;
  const idToken = idTokens([struck])[0];
  const good = idTokens(seen.exchanges.filter((exchange) => exchange.faults.length === 0));
  const about = { params: params ?? new URLSearchParams(), good, at: struck.startedAt };
  return idToken !== undefined && poison.shows(idToken, about);
}

function idTokens(exchanges: readonly Exchange[]): Jwt[] {
  return grants(exchanges).flatMap(({ idToken }) => readJwt(idToken ?? "") ?? []);
}

/** In the control: a token was used, or the professional counts as logged in. */
function success(run: ScenarioRun): Pointer | null {
  const used = named(run.exchanges, "psc.userinfo").find((x) => answered(x)?.status === 200);
  if (used) return inRequest(used);
  const open = run.steps.find((step) => authenticated(step) === true);
  return open?.endEvent ? { event: open.endEvent } : null;
}

function accepted(run: ScenarioRun, struck: Exchange, trigger: Trigger): Pointer | null {
  const poisoned = struck.operation === "psc.token" ? grants([struck])[0]?.accessToken : undefined;
  const used = run.exchanges.find(
    (x) =>
      poisoned !== undefined &&
      ((x.operation === "psc.userinfo" && asked(x)?.bearer?.token === poisoned) ||
        (x.operation === "psc.introspect" && asked(x)?.form.get("token") === poisoned)),
  );
  if (used) return inRequest(used);
  // A session that was open before proves nothing; nor does one opened by a later, good answer.
  const before = sessionBefore(run, struck.startedAt);
  if (!before || authenticated(before) !== false) return null;
  const open = run.steps.find((s) => s.endedAt !== null && s.endedAt >= trigger.endedAt && authenticated(s) === true);
  if (!open?.endEvent || open.endedAt === null) return null;
  return cured(run, struck, trigger, open.endedAt) ? null : { event: open.endEvent };
}

/** A good answer came before the instant: tokens of a new login, or userinfo read again within the same login. */
function cured(run: ScenarioRun, struck: Exchange, trigger: Trigger, instant: string): boolean {
  const login = run.steps.filter((s) => s.operation === "login" && s.beganAt <= struck.startedAt).at(-1);
  return after(run, trigger).some((x) => {
    if (x.faults.length > 0 || answered(x)?.status !== 200) return false;
    const newLogin = x.operation === "psc.token" && asked(x)?.form.get("grant_type") !== "refresh_token";
    const readAgain = x.operation === struck.operation && x.operation === "psc.userinfo";
    return (newLogin && x.startedAt < instant) || (readAgain && x.startedAt < (login?.endedAt ?? instant));
  });
}
