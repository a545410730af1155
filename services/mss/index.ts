/**
 * MSSanté operator: SMTP submission with STARTTLS and XOAUTH2 (mssante.md sections 1 and 6). It answers and records; what
 * it refuses, and where scenarios may script faults, is in README.md.
 */
import path from "node:path";
import type { TLSSocket, TlsOptions } from "node:tls";
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerAuthentication,
  type SMTPServerAuthenticationResponse,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from "smtp-server";
import type { MockService, ProfessionalFixture, RunningService, ServiceContext } from "../../core/model/index.js";
import { SuiteError } from "../../core/model/index.js";
import { makeVariant, type VariantKind } from "../pki/variants.js";
import { type ListenerOptions, openPlainListener, secureContextOptions } from "../shared/listener.js";
import { OperatorConnection } from "./connection.js";
import {
  CITIZEN_DOMAIN,
  holderOf,
  mayUse,
  OWN_DOMAIN,
  REFUSALS,
  type Refusal,
  recipientRefusal,
  refusalOf,
  SIZE_LIMIT,
  TOKEN_REFUSED,
} from "./policy.js";
import { MailStore } from "./store.js";

/** Milliseconds a `slow-data` fault waits when it names none. */
const SLOW_REPLY = 1500;

export const mssService: MockService = {
  name: "mss",
  async start(context) {
    return new Operator(context).start();
  },
};

type Done = (error?: Error | null) => void;

class Operator {
  private readonly context: ServiceContext;
  private readonly store: MailStore;
  private readonly variants = new Map<VariantKind, Promise<SMTPServer>>();
  private readonly connections = new WeakMap<SMTPServerSession, OperatorConnection>();

  constructor(context: ServiceContext) {
    this.context = context;
    this.store = new MailStore(path.join(context.stateFolder, "mails"));
  }

  async start(): Promise<RunningService> {
    const options: ListenerOptions = {
      name: "mss-smtp",
      service: "mss",
      context: this.context,
      clientCertificate: "none",
    };
    const server = this.server(secureContextOptions(options));
    const listener = await openPlainListener(options, (plain) => {
      const connection = new OperatorConnection(server, plain, this.context, (kind) => this.serverWith(kind, options));
      this.connections.set(connection.session, connection);
      server.connections.add(connection);
      connection.on("error", () => undefined);
      connection.init();
    });
    return {
      name: "mss",
      listeners: [{ name: listener.name, address: listener.address, port: listener.port, url: listener.url }],
      endpoints: {
        smtpHost: new URL(listener.url).hostname,
        smtpPort: Number(new URL(listener.url).port) || listener.port,
        domain: OWN_DOMAIN,
        citizenDomain: CITIZEN_DOMAIN,
      },
      control: (command, args) => this.control(command, args ?? {}),
      stop: () => listener.close(),
    };
  }

  /** The server under a certificate that should be refused; made once, keys are slow. */
  private serverWith(kind: VariantKind, options: ListenerOptions): Promise<SMTPServer> {
    const { pki, settings } = this.context;
    const known = this.variants.get(kind);
    if (known) return known;
    const made = makeVariant(pki.folder, kind, { use: "tls-server", names: settings.names }).then((variant) =>
      this.server({ ...secureContextOptions(options), key: variant.keyPem, cert: variant.certPem }),
    );
    this.variants.set(kind, made);
    return made;
  }

  private server(secure: TlsOptions): SMTPServer {
    const server = new SMTPServer({
      ...secure,
      name: `smtp.${OWN_DOMAIN}`,
      authMethods: ["XOAUTH2"],
      size: SIZE_LIMIT,
      rejectOversized: true,
      hideDSN: false,
      hideENHANCEDSTATUSCODES: false,
      hideSMTPUTF8: true,
      disableReverseLookup: true,
      maxAllowedUnauthenticatedCommands: false,
      logger: false,
      onAuth: (auth, session, done) => this.authenticate(auth, session, done),
      onSecure: (socket, session, done) => {
        this.of(session).secured(socket as TLSSocket);
        done();
      },
      onMailFrom: (address, session, done) => this.sender(address, session, done),
      onRcptTo: (address, session, done) => this.recipient(address, session, done),
      onData: (stream, session, done) => this.message(stream, session, done),
    });
    // A client that goes away or breaks the handshake is in the recording; it is no error of the operator.
    server.on("error", () => undefined);
    return server;
  }

  private of(session: SMTPServerSession): OperatorConnection {
    const connection = this.connections.get(session);
    if (!connection) throw new Error("a session without its connection");
    return connection;
  }

  private authenticate(
    auth: SMTPServerAuthentication,
    session: SMTPServerSession,
    done: (error: Error | null, response?: SMTPServerAuthenticationResponse) => void,
  ): void {
    const connection = this.of(session);
    const fault = connection.fault("auth");
    const refusal = fault ? refusalOf(fault) : null;
    const person = holderOf(auth.accessToken ?? "", this.context.tokens, this.context.professionals);
    if (fault?.kind === "token-refused-334-cut") connection.cutAfterReply(334);
    const refusedByFault = fault?.kind === "token-refused-334-cut" || fault?.kind === "token-refused-535";
    if (refusal) done(asError(refusal));
    else if (refusedByFault || !person) done(null, { data: TOKEN_REFUSED });
    // Told apart from a bad token: nothing is wrong with this one.
    else if (!mayUse(person, auth.username ?? "")) done(asError(REFUSALS.mailboxNotTheirs));
    else done(null, { user: person });
  }

  private sender(address: SMTPServerAddress, session: SMTPServerSession, done: Done): void {
    const fault = this.of(session).fault("mail");
    const person = session.user as ProfessionalFixture | undefined;
    const owned = person !== undefined && mayUse(person, address.address);
    const refusal = (fault ? refusalOf(fault) : null) ?? (owned ? null : REFUSALS.notEntitled);
    done(refusal ? asError(refusal) : null);
  }

  private recipient(address: SMTPServerAddress, session: SMTPServerSession, done: Done): void {
    // `args.recipient` narrows a fault to one address.
    const fault = this.of(session).fault("rcpt", ({ args }) => {
      return args?.recipient === undefined || args.recipient === address.address;
    });
    const refusal = (fault ? refusalOf(fault) : null) ?? recipientRefusal(address.address, this.context.professionals);
    done(refusal ? asError(refusal) : null);
  }

  private message(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (error?: Error | null, message?: string) => void,
  ): void {
    const connection = this.of(session);
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on("data", (chunk: Buffer) => {
      length += chunk.length;
      // An oversized message is refused after its final dot; keeping its bytes would only fill memory.
      if (length <= SIZE_LIMIT) chunks.push(chunk);
    });
    stream.on("error", () => undefined);
    stream.on("end", () => {
      const fault = length > SIZE_LIMIT ? null : connection.fault("data");
      const refusal = length > SIZE_LIMIT ? REFUSALS.tooBig : fault && refusalOf(fault);
      if (refusal) {
        done(asError(refusal));
        return;
      }
      const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      const mail = this.store.deliver(from, to, Buffer.concat(chunks));
      const accept = (): void => done(null, `2.6.0 Accepted as ${mail.id}`);
      if (fault?.kind === "cut-after-dot") connection.cut();
      else if (fault?.kind === "slow-data") setTimeout(accept, Number(fault.args?.ms ?? SLOW_REPLY)).unref();
      else accept();
    });
  }

  private async control(command: string, args: Record<string, unknown>): Promise<unknown> {
    this.context.recorder.event("control", { service: "mss", command, args });
    switch (command) {
      case "reset":
        return { removed: this.store.clear() };
      case "mailbox":
        return this.store
          .mailbox(String(args.address ?? ""))
          .map(({ id, from, recipients, size }) => ({ id, from, recipients, size }));
      default:
        throw new SuiteError("ERR_SPEC", `the MSSanté operator has no control command "${command}"`, {
          where: "services.mss",
          mend: "commands: reset, mailbox",
        });
    }
  }
}

/** The form in which the protocol library takes a refusal. */
function asError({ code, text }: Refusal): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
