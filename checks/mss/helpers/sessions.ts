/** SMTP sessions of the recording, read once each. */
import { derive, type Exchange, type Pointer, type ScenarioRun } from "../../../core/model/index.js";
import { readSmtp, type SmtpCommand, type SmtpReply, type SmtpSession } from "../../../protocols/smtp.js";
import { struckExchanges, type Trigger } from "../../helpers/silence.js";

export interface Session {
  readonly exchange: Exchange;
  readonly smtp: SmtpSession;
}

export function sessions(seen: { readonly exchanges: readonly Exchange[] }): readonly Session[] {
  return seen.exchanges.filter((x) => x.operation === "mss.session").map((x) => derive(x, readSession));
}

function readSession(exchange: Exchange): Session {
  return {
    exchange,
    smtp: readSmtp(exchange.requestBytes, exchange.responseBytes ?? new Uint8Array(), {
      tlsStart: tlsStart(exchange),
    }),
  };
}

/** Where the decrypted bytes begin, by the segments; only when these still describe the bytes. */
function tlsStart(exchange: Exchange): number | null {
  const incoming = (exchange.conn?.segments ?? []).filter((segment) => segment.direction === "in");
  const end = incoming.at(-1)?.end ?? 0;
  if (end - exchange.request.start !== exchange.requestBytes.length) return null;
  const first = incoming.find((segment) => segment.phase === "tls");
  return first ? first.start - exchange.request.start : null;
}

/** Commands that must not be seen in clear: they carry the token or the mail. */
export function sensitive(command: SmtpCommand): boolean {
  return command.verb === "AUTH" || command.verb === "MAIL";
}

/** True when the server said in clear that it speaks TLS. */
export function offeredStartTls(session: SmtpSession): boolean {
  return session.extensions.plain.some((line) => /^STARTTLS\b/i.test(line));
}

/** When the first byte of the command came in, ISO time. */
export function timeOf(session: Session, command: SmtpCommand): string {
  const offset = session.exchange.request.start + command.start;
  const segments = session.exchange.conn?.segments ?? [];
  const segment = segments.find((s) => s.direction === "in" && s.start <= offset && offset < s.end);
  return segment?.at ?? session.exchange.startedAt;
}

export function atCommand(session: Session, command: SmtpCommand): Pointer {
  return { exchange: session.exchange.id, side: "request", where: `${command.verb} (${command.phase})` };
}

/**
 * First session of the run that a fault of this kind touched, with the reply that provoked the client. `null` when none was
 * touched, or when the reply was not delivered. A session lasts until its connection closes, hence the reply's own time.
 */
export function provocation(
  run: ScenarioRun,
  kind: string,
  reply: (smtp: SmtpSession) => SmtpReply | null,
): Trigger | null {
  const struck = new Set(struckExchanges(run, kind).map((exchange) => exchange.id));
  for (const session of sessions(run)) {
    const { exchange } = session;
    const answer = struck.has(exchange.id) && exchange.complete ? reply(session.smtp) : null;
    if (!answer || exchange.endedAt === null) continue;
    const offset = (exchange.response?.start ?? 0) + answer.end - 1;
    const segment = exchange.conn?.segments.find((s) => s.direction === "out" && s.start <= offset && offset < s.end);
    return { at: { exchange: exchange.id, side: "response" }, endedAt: segment?.at ?? exchange.endedAt };
  }
  return null;
}

/** First command of a session of the run that carries a token or a mail, among the sessions and phases wanted. */
export function firstSensitive(
  run: ScenarioRun,
  wanted: (session: Session, command: SmtpCommand) => boolean,
): Pointer | null {
  for (const session of sessions(run)) {
    const command = session.smtp.commands.find((one) => sensitive(one) && wanted(session, one));
    if (command) return atCommand(session, command);
  }
  return null;
}
