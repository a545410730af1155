import { defineCheck, type Exchange, type Pointer, type ScenarioRun } from "../../core/model/index.js";
import { judgeSilence, struckExchanges, type Trigger } from "../helpers/silence.js";
import { answered, asked, inRequest, named } from "./helpers/calls.js";

const FAULTS = ["state-wrong", "state-missing"];

export default defineCheck({
  id: "psc/state-verified",
  title: { fr: "Retour de connexion avec un mauvais state : refusé", en: "Callback with a wrong state: refused" },
  reads: ["psc.authorize", "psc.interaction", "psc.token", "vendor.agent"],
  scenarios: ["psc-login-state-wrong"],
  expects: "silence",
  messages: {
    accepted: {
      weight: "breach",
      source:
        "RFC 6749 §4.1.2 and §10.12, OpenID Connect Core 1.0 §3.1.2.7; state is mandatory in PSC's callback (psc.md §4, S4; §10 point 1)",
      mark: "standard",
      witness: "openid-client refuses such a callback before any token call",
      fr: "Le code reçu avec un state qui n'est pas celui de la demande ({fault}) a été échangé contre des jetons, et la demande ne porte ni PKCE S256 ni nonce.",
      en: "The code received with a state that is not the request's ({fault}) was exchanged for tokens, and the request carries neither PKCE S256 nor a nonce.",
    },
    "accepted-otherwise-protected": {
      weight: "remark",
      source:
        "RFC 9700 §2.1: PKCE, or the nonce of OpenID Connect, may protect the callback in place of state; PSC's checklist asks for state all the same (psc.md §10 point 1)",
      mark: "unconfirmed",
      witness: "none",
      fr: "Le code reçu avec un state qui n'est pas celui de la demande ({fault}) a été échangé contre des jetons ; PKCE ou le nonce protègent encore ce retour.",
      en: "The code received with a state that is not the request's ({fault}) was exchanged for tokens; PKCE or the nonce still protect this callback.",
    },
  },
  evaluate(seen, report) {
    for (const kind of FAULTS) {
      for (const run of seen.runs.filter(({ facts }) => facts.faults.some((fault) => fault.kind === kind))) {
        const struck = struckExchanges(run, kind);
        if (struck.length === 0) report.silence({ trigger: null, control: null, window: null });
        for (const exchange of struck) {
          const code = codeOf(exchange);
          const came = judgeSilence(seen, report, {
            run,
            trigger: delivered(run, exchange),
            happened: (where, trigger) => exchanged(where, trigger ? code : null),
          });
          const message = otherwiseProtected(run) ? "accepted-otherwise-protected" : "accepted";
          if (came) report.finding(message, came, { fault: kind });
        }
      }
    }
  },
});

/** PKCE S256 or a nonce in every request of the run: a client may lean on them against a forged callback. */
function otherwiseProtected(run: ScenarioRun): boolean {
  const requests = named(run.exchanges, "psc.authorize").flatMap((exchange) => asked(exchange)?.params ?? []);
  return (
    requests.length > 0 &&
    requests.every(
      (params) =>
        Boolean(params.get("nonce")) ||
        (Boolean(params.get("code_challenge")) && params.get("code_challenge_method") === "S256"),
    )
  );
}

function codeOf(redirect: Exchange): string {
  const location = answered(redirect)?.location ?? "";
  return new URLSearchParams(location.split("?")[1] ?? "").get("code") ?? "";
}

/**
 * The callback in the vendor's hands. Our own browser's calls to the vendor are recorded: one must carry this very
 * address. A person's browser is not recorded; it follows the redirect it was fully given.
 */
function delivered(run: ScenarioRun, redirect: Exchange): Trigger | null {
  if (!redirect.complete || redirect.endedAt === null) return null;
  const visits = named(run.exchanges, "vendor.agent");
  if (visits.length === 0) return { at: { exchange: redirect.id, side: "response" }, endedAt: redirect.endedAt };
  const address = answered(redirect)?.location ?? "";
  const location = URL.canParse(address) ? new URL(address) : null;
  const target = location && `${location.pathname}${location.search}`;
  const visit = visits.find((exchange) => asked(exchange)?.target === target);
  return visit ? { at: inRequest(visit), endedAt: redirect.endedAt } : null;
}

/** A token call with this code; with any code when none is given. */
function exchanged(run: ScenarioRun, code: string | null): Pointer | null {
  const call = named(run.exchanges, "psc.token").find((exchange) => {
    const given = asked(exchange)?.form.get("code") ?? null;
    return code === null ? given !== null : given === code;
  });
  return call ? inRequest(call, "code") : null;
}
