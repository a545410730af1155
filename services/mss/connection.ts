/**
 * One SMTP submission connection: the protocol is smtp-server's, what is added here is the recording of sessions and
 * transactions, the order STARTTLS before everything, and the scripted faults.
 */
import type net from "node:net";
import type { Duplex } from "node:stream";
import type { SMTPServer } from "smtp-server";
import { SMTPConnection } from "smtp-server/lib/smtp-connection.js";
import type { ExchangeRecorder, FaultSpec, ServiceContext } from "../../core/model/index.js";
import { endOfData, readSmtp } from "../../protocols/smtp.js";
import type { VariantKind } from "../pki/variants.js";
import { alertOf, type PlainConnection } from "../shared/listener.js";
import { REFUSALS, type Refusal } from "./policy.js";

/** Points of a connection where a scenario may script a fault. */
export type FaultPoint = "greeting" | "starttls" | "auth" | "mail" | "rcpt" | "data";

/** Known commands that wait for TLS; NOOP, EHLO, STARTTLS and QUIT do not (RFC 3207 section 4). */
const AFTER_TLS = new Set(["HELO", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "VRFY", "HELP"]);
/** Faults at STARTTLS that present another certificate. */
const SERVER_VARIANTS: Readonly<Record<string, VariantKind>> = {
  "certificate-expired": "expired",
  "certificate-foreign": "foreign-authority",
};
/** Commands that end an open transaction without a message. */
const ENDS_TRANSACTION = new Set(["EHLO", "HELO", "RSET", "QUIT", "MAIL"]);

interface OpenTransaction {
  readonly recorder: ExchangeRecorder;
  /** `mail`: its reply is due; `open`: recipients are being told; `data`: the reply to the final dot is due. */
  state: "mail" | "open" | "data";
  /** Offset in the client bytes where the message text starts. */
  dataStart: number;
}

export class OperatorConnection extends SMTPConnection {
  private readonly plain: PlainConnection;
  private readonly context: ServiceContext;
  private readonly serverWith: (certificate: VariantKind) => Promise<SMTPServer>;
  private readonly sessionExchange: ExchangeRecorder;
  private transaction: OpenTransaction | null = null;
  /** Offset in the client bytes of the next line to come. */
  private cursor = 0;
  private lineStart = 0;
  private starttlsHidden = false;
  private starttlsDecided = false;
  private answeringEhlo = false;
  private cutAfter: number | null = null;
  private alertTold = false;
  private finished = false;

  /** `serverWith` makes the same server under another certificate. */
  constructor(
    server: SMTPServer,
    plain: PlainConnection,
    context: ServiceContext,
    serverWith: (certificate: VariantKind) => Promise<SMTPServer>,
  ) {
    super(server, socketOf(plain.stream));
    this.serverWith = serverWith;
    this.plain = plain;
    this.context = context;
    this.sessionExchange = plain.recorder.openExchange("mss.session", 0, 0);
    plain.stream.once("close", () => this.finish());
  }

  /** Greets at once: the pause that catches early talkers has no use on a submission port. */
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }

  /** Takes the scripted fault of this point, marks the exchange it touches, and gives it; null when there is none. */
  fault(at: FaultPoint, wanted: (fault: FaultSpec) => boolean = () => true): FaultSpec | null {
    const peeked = this.context.faults.peek("mss", at);
    if (!peeked || !wanted(peeked)) return null;
    const fault = this.context.faults.next("mss", at);
    if (fault) (this.transaction?.recorder ?? this.sessionExchange).fault(fault);
    return fault;
  }

  /** Sends a refusal as it is written in the table. */
  refuse(refusal: Refusal): void {
    this.send(refusal.code, refusal.text, false);
  }

  /** The connection ends as soon as the next reply with this code is written. */
  cutAfterReply(code: number): void {
    this.cutAfter = code;
  }

  /** Ends the connection now, without a word. */
  cut(): void {
    this._socket.destroy();
    this.plain.stream.destroy();
  }

  /** Called once the handshake is done, before any decrypted byte is read. */
  secured(socket: Parameters<PlainConnection["secured"]>[0]): void {
    this.plain.secured(socket);
    this.cursor = this.plain.recorder.lengthIn;
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    // A text that brings its enhanced status code gets no second one.
    const own = typeof data === "string" && /^[245]\.\d{1,3}\.\d{1,3} /.test(data);
    super.send(code, data, own ? false : context);
    this.afterReply(code);
    if (this.cutAfter === code) {
      this.cutAfter = null;
      this.close();
    }
  }

  override _sendGreeting(): void {
    const fault = this.fault("greeting");
    if (fault?.kind === "busy-421") this.refuse(REFUSALS.busy);
    else if (fault?.kind === "cut") this.cut();
    else super._sendGreeting();
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    const line = command.toString("latin1");
    this.lineStart = this.cursor;
    this.cursor += command.length;
    const end = Buffer.from(this.plain.recorder.readIn(this.cursor, this.cursor + 2)).toString("latin1");
    this.cursor += end === "\r\n" ? 2 : 1;
    const verb = (line.split(" ")[0] ?? "").toUpperCase();
    if (!this._nextHandler) {
      if (ENDS_TRANSACTION.has(verb)) this.closeTransaction(this.lineStart, true);
      if (this._ready && !this.secure && !this._upgrading && !this.starttlsHidden && AFTER_TLS.has(verb)) {
        this.refuse(REFUSALS.starttlsFirst);
        if (callback) setImmediate(callback);
        return;
      }
    }
    super._onCommand(command, callback);
  }

  override handler_EHLO(command: Buffer, callback: () => void): void {
    if (!this.secure && !this.starttlsDecided) {
      this.starttlsDecided = true;
      this.starttlsHidden = this.fault("starttls", (fault) => fault.kind === "starttls-missing") !== null;
    }
    this.answeringEhlo = true;
    super.handler_EHLO(command, callback);
    this.answeringEhlo = false;
  }

  override _isSupported(command: string): boolean {
    if (command === "STARTTLS" && this.starttlsHidden) return false;
    // AUTH is announced under TLS only, as operators that demand TLS do; a stripped STARTTLS leaves AUTH in clear open.
    if (command === "AUTH" && this.answeringEhlo && !this.secure && !this.starttlsHidden) return false;
    return super._isSupported(command);
  }

  override handler_STARTTLS(command: Buffer, callback: () => void): void {
    if (!this.secure && this.fault("starttls", (fault) => fault.kind === "starttls-refused")) {
      this.refuse(REFUSALS.starttlsRefused);
      callback();
      return;
    }
    const fault = this.secure ? null : this.fault("starttls", (one) => one.kind in SERVER_VARIANTS);
    if (!fault) {
      super.handler_STARTTLS(command, callback);
      return;
    }
    // Made before the reply to STARTTLS goes out: once it has, the next bytes are the client's handshake.
    void this.serverWith(SERVER_VARIANTS[fault.kind] ?? "expired").then((server) => {
      // The certificate belongs to the server: this connection goes on under one that differs in nothing else.
      this._server = server;
      super.handler_STARTTLS(command, callback);
    });
  }

  override upgrade(callback: () => void, secureCallback?: () => void): void {
    // The reply to STARTTLS must be on its way, and recorded in clear, before the stream changes hands.
    if (this.plain.stream.writableLength > 0) {
      setImmediate(() => this.upgrade(callback, secureCallback));
      return;
    }
    this.plain.startTls();
    super.upgrade(callback, secureCallback);
    // The upgrade takes every listener off the stream.
    this.plain.stream.once("close", () => this.finish());
  }

  override _onError(error: Error & { code?: string | undefined; remoteAddress?: string | undefined }): void {
    if (this._upgrading) {
      const closed = error.code === "SocketError";
      this.alertTold = true;
      this.plain.recorder.alert(closed ? { from: "client", code: "connection_reset" } : alertOf(error));
    }
    super._onError(error);
  }

  override handler_MAIL(command: Buffer, callback: () => void): void {
    const { recorder } = this.plain;
    this.transaction = {
      recorder: recorder.openExchange("mss.submit", this.lineStart, recorder.lengthOut),
      state: "mail",
      dataStart: 0,
    };
    super.handler_MAIL(command, callback);
  }

  override handler_DATA(command: Buffer, callback: () => void): void {
    if (this.transaction) this.transaction.dataStart = this.cursor;
    super.handler_DATA(command, callback);
  }

  private afterReply(code: number): void {
    const { transaction } = this;
    if (!transaction) return;
    if (transaction.state === "data" || code === 421 || (transaction.state === "mail" && code >= 400)) {
      if (transaction.state === "data") this.skipMessage(transaction);
      this.closeTransaction(this.cursor, true);
    } else if (transaction.state === "mail") transaction.state = "open";
    else if (code === 354) transaction.state = "data";
  }

  /** Moves the cursor behind the final dot. */
  private skipMessage(transaction: OpenTransaction): void {
    const text = this.plain.recorder.readIn(transaction.dataStart);
    this.cursor = transaction.dataStart + endOfData(text, 0).next;
  }

  private closeTransaction(requestEnd: number, complete: boolean): void {
    this.transaction?.recorder.close({ requestEnd, responseEnd: this.plain.recorder.lengthOut, complete });
    this.transaction = null;
  }

  private finish(): void {
    if (this.finished) return;
    this.finished = true;
    const { recorder } = this.plain;
    if (this._upgrading && !this.secure && !this.alertTold) {
      recorder.alert({ from: "client", code: "connection_reset" });
    }
    this.closeTransaction(recorder.lengthIn, false);
    const { lengthIn, lengthOut } = recorder;
    // Every command answered: the session is whole, whoever hung up.
    const session = readSmtp(recorder.readIn(0), recorder.readOut(0));
    const answered = session.greeting !== null && session.commands.every((command) => command.reply !== null);
    const delivered = session.transactions.every((t) => t.message === null || t.final !== null);
    this.sessionExchange.close({ requestEnd: lengthIn, responseEnd: lengthOut, complete: answered && delivered });
  }
}

/** The relay stream with the member a server looks at before it writes. */
function socketOf(stream: Duplex): net.Socket {
  Object.defineProperty(stream, "readyState", {
    get: () => (stream.destroyed ? "closed" : stream.writable ? "open" : "readOnly"),
  });
  return stream as net.Socket;
}
