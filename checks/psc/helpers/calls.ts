/** PSC exchanges as checks read them: parsed once, with the pointers they need. */
import {
  derive,
  type Exchange,
  type Pointer,
  type ScenarioRun,
  type Seen,
  type Step,
} from "../../../core/model/index.js";
import {
  type OidcAnswer,
  type OidcRequest,
  readOidcAnswer,
  readOidcRequest,
  textMember,
} from "../../../protocols/oidc.js";

export function asked(exchange: Exchange): OidcRequest | null {
  return derive(exchange, readRequest);
}

export function answered(exchange: Exchange): OidcAnswer | null {
  return derive(exchange, readAnswer);
}

// Named, so that `derive` remembers one result per exchange for all checks.
const readRequest = (exchange: Exchange): OidcRequest | null => readOidcRequest(exchange.requestBytes);
const readAnswer = (exchange: Exchange): OidcAnswer | null => readOidcAnswer(exchange.responseBytes);

export function inRequest(exchange: Exchange, where?: string): Pointer {
  return { exchange: exchange.id, side: "request", ...(where === undefined ? {} : { where }) };
}

export function inResponse(exchange: Exchange, where?: string): Pointer {
  return { exchange: exchange.id, side: "response", ...(where === undefined ? {} : { where }) };
}

export function named(exchanges: readonly Exchange[], operation: string): readonly Exchange[] {
  return exchanges.filter((exchange) => exchange.operation === operation);
}

/** An authorization request that reached PSC. */
export interface Authorization {
  readonly exchange: Exchange;
  readonly params: URLSearchParams;
  /**
   * Which login it belongs to: the same request may arrive twice in one (a page loaded again), a new login is a new
   * step of the driver, or comes after a code was exchanged.
   */
  readonly login: string;
}

export function authorizations(seen: Seen): Authorization[] {
  return seen.runs.flatMap((run) =>
    named(run.exchanges, "psc.authorize").flatMap((exchange) => {
      const request = asked(exchange);
      if (!request) return [];
      const steps = run.steps.filter((s) => s.operation === "login" && s.beganAt <= exchange.startedAt).length;
      const codes = named(run.exchanges, "psc.token").filter((x) => x.startedAt < exchange.startedAt).length;
      return [{ exchange, params: request.params, login: `${run.key}/${steps}/${codes}` }];
    }),
  );
}

/** Tokens that PSC handed out in one answer. */
export interface Grant {
  readonly exchange: Exchange;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** Seconds announced for the access token. */
  readonly expiresIn: number | null;
  /** A fault touched the answer. */
  readonly faulted: boolean;
}

export function grants(exchanges: readonly Exchange[]): Grant[] {
  return named(exchanges, "psc.token").flatMap((exchange) => {
    const answer = answered(exchange);
    const accessToken = textMember(answer, "access_token");
    if (answer?.status !== 200 || accessToken === null || !exchange.complete) return [];
    const { expires_in: expiresIn } = answer.json ?? {};
    return [
      {
        exchange,
        accessToken,
        refreshToken: textMember(answer, "refresh_token"),
        idToken: textMember(answer, "id_token"),
        expiresIn: typeof expiresIn === "number" ? expiresIn : null,
        faulted: exchange.faults.length > 0,
      },
    ];
  });
}

/** What the software said of its session: true, false, or null when it did not tell. */
export function authenticated(step: Step): boolean | null {
  if (step.operation !== "session.get" || step.status !== "done") return null;
  const { authenticated: said } = (step.answer ?? {}) as { authenticated?: unknown };
  return typeof said === "boolean" ? said : null;
}

/** The last `session.get` that ended before the instant, null when there is none. */
export function sessionBefore(run: ScenarioRun, instant: string): Step | null {
  const before = run.steps.filter((s) => s.operation === "session.get" && s.endedAt !== null && s.endedAt <= instant);
  return before[before.length - 1] ?? null;
}
