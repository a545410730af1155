/**
 * SMTP as recorded: commands and replies of one connection, or of one mail transaction, paired in order (RFC 5321).
 *
 * A server answers once per command, so commands and replies are read in lock step: the reply tells whether the next
 * client bytes are a command, the continuation of an AUTH exchange (334) or message text (354). Bytes are latin1 one to
 * one; offsets are those of the byte arrays given. Pure and bounded: a transcript that leaves the grammar ends in
 * `problem`, never in a throw.
 */

export interface SmtpReply {
  readonly code: number;
  /** Text of each line, code and separator removed. */
  readonly lines: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface SmtpCommand {
  /** Upper case; `MAIL`, `RCPT`, `AUTH`, `STARTTLS`… */
  readonly verb: string;
  /** What follows the verb and one space, as sent. */
  readonly argument: string;
  readonly phase: SmtpPhase;
  readonly start: number;
  readonly end: number;
  /** Null when the transcript ends before an answer. For DATA: the answer to the command (354 or a refusal). */
  readonly reply: SmtpReply | null;
}

export type SmtpPhase = "plain" | "tls";

/** One AUTH command with its challenges. */
export interface SmtpAuth {
  readonly command: SmtpCommand;
  /** Upper case. */
  readonly mechanism: string;
  /** True when the first response came in the AUTH command itself (RFC 4954 section 4). */
  readonly initialResponse: boolean;
  /** The client's responses, base64 as sent, `=` (empty initial response) included. */
  readonly responses: readonly string[];
  /** The challenges, base64 as sent. */
  readonly challenges: readonly string[];
  /** Last reply; null when the connection ended before one (a refusal by cutting after 334 shows as code 334). */
  readonly outcome: SmtpReply | null;
  readonly accepted: boolean;
}

export interface SmtpRecipient {
  readonly address: string;
  readonly parameters: SmtpParameters;
  readonly command: SmtpCommand;
  readonly accepted: boolean;
}

/** ESMTP parameters, keys upper case, value null for a bare keyword. */
export type SmtpParameters = Readonly<Record<string, string | null>>;

export interface SmtpTransaction {
  readonly phase: SmtpPhase;
  readonly mail: SmtpCommand;
  readonly from: string;
  readonly parameters: SmtpParameters;
  readonly recipients: readonly SmtpRecipient[];
  /** Message text with the dots unstuffed, final dot removed; null when DATA was not reached or not accepted. */
  readonly message: Uint8Array | null;
  /** Where the message text stands in the client bytes, dots stuffed, final dot excluded. */
  readonly dataStart: number | null;
  readonly dataEnd: number | null;
  /** False when the client bytes stop before the final dot. */
  readonly dataComplete: boolean;
  /** Reply to the final dot; null when none came. */
  readonly final: SmtpReply | null;
}

export interface SmtpSession {
  readonly greeting: SmtpReply | null;
  readonly commands: readonly SmtpCommand[];
  /** EHLO keywords of the last greeting of each phase, as sent by the server. */
  readonly extensions: Readonly<Record<SmtpPhase, readonly string[]>>;
  readonly startTls: SmtpCommand | null;
  readonly auths: readonly SmtpAuth[];
  readonly transactions: readonly SmtpTransaction[];
  readonly problem: SmtpProblem | null;
}

export type SmtpProblem = "not_smtp" | "reply_garbled" | "line_too_long" | "too_many_commands";

export interface SmtpReadOptions {
  /** `session` starts with the server's greeting; `transaction` starts at MAIL FROM. Default `session`. */
  readonly part?: "session" | "transaction";
  /** Phase at the start of the bytes; default `plain`. */
  readonly phase?: SmtpPhase;
  /**
   * Offset in the client bytes where the decrypted stream starts, when known. Plain bytes between the STARTTLS line and
   * it were buffered before the handshake: a server drops them (RFC 3207 section 6), and so does this reader.
   */
  readonly tlsStart?: number | null;
}

const MAX_LINE = 64 * 1024;
const MAX_COMMANDS = 20_000;

/** Reads client and server bytes of one session or transaction. Never throws. */
export function readSmtp(client: Uint8Array, server: Uint8Array, options: SmtpReadOptions = {}): SmtpSession {
  return new Reader(client, server, options).read();
}

class Reader {
  private readonly client: Buffer;
  private readonly server: Buffer;
  private readonly options: SmtpReadOptions;
  private phase: SmtpPhase;
  private at = 0;
  private replyAt = 0;
  private problem: SmtpProblem | null = null;
  private readonly commands: SmtpCommand[] = [];
  private readonly auths: SmtpAuth[] = [];
  private readonly transactions: SmtpTransaction[] = [];
  private readonly extensions: Record<SmtpPhase, readonly string[]> = { plain: [], tls: [] };
  private startTls: SmtpCommand | null = null;
  private open: { -readonly [K in keyof SmtpTransaction]: SmtpTransaction[K] } | null = null;
  private recipients: SmtpRecipient[] = [];

  constructor(client: Uint8Array, server: Uint8Array, options: SmtpReadOptions) {
    this.client = view(client);
    this.server = view(server);
    this.options = options;
    this.phase = options.phase ?? "plain";
  }

  read(): SmtpSession {
    const greeting = this.options.part === "transaction" ? null : this.reply();
    while (this.problem === null) {
      const line = this.line();
      if (!line) break;
      if (this.commands.length >= MAX_COMMANDS) {
        this.problem = "too_many_commands";
        break;
      }
      this.command(line);
    }
    this.closeTransaction();
    return {
      greeting,
      commands: this.commands,
      extensions: this.extensions,
      startTls: this.startTls,
      auths: this.auths,
      transactions: this.transactions,
      problem: this.problem,
    };
  }

  private command(line: Line): void {
    const parsed = /^([A-Za-z0-9]{1,32})(?:[ \t]+([\s\S]*))?$/.exec(line.text);
    if (!parsed) {
      this.problem = "not_smtp";
      return;
    }
    const command: SmtpCommand = {
      verb: (parsed[1] ?? "").toUpperCase(),
      argument: parsed[2] ?? "",
      phase: this.phase,
      start: line.start,
      end: line.end,
      reply: this.reply(),
    };
    this.commands.push(command);
    const code = command.reply?.code ?? 0;
    switch (command.verb) {
      case "EHLO":
        if (code === 250) this.extensions[this.phase] = command.reply?.lines.slice(1) ?? [];
        this.closeTransaction();
        break;
      case "HELO":
      case "RSET":
        if (code >= 200 && code < 300) this.closeTransaction();
        break;
      case "STARTTLS":
        this.startTls ??= command;
        if (code === 220) {
          this.phase = "tls";
          const tlsStart = this.options.tlsStart ?? null;
          if (tlsStart !== null && tlsStart > this.at) this.at = tlsStart;
        }
        break;
      case "AUTH":
        this.auth(command);
        break;
      case "MAIL":
        this.mail(command);
        break;
      case "RCPT":
        this.rcpt(command);
        break;
      case "DATA":
        if (code === 354) this.data();
        break;
      default:
        break;
    }
  }

  private auth(command: SmtpCommand): void {
    const [mechanism = "", initial] = command.argument.trim().split(/\s+/);
    const responses: string[] = initial === undefined ? [] : [initial];
    const challenges: string[] = [];
    let outcome = command.reply;
    while (outcome?.code === 334) {
      challenges.push(outcome.lines.join("").trim());
      const line = this.line();
      if (!line) break;
      responses.push(line.text);
      const next = this.reply();
      if (!next) break;
      outcome = next;
    }
    this.auths.push({
      command,
      mechanism: mechanism.toUpperCase(),
      initialResponse: initial !== undefined,
      responses,
      challenges,
      outcome,
      accepted: outcome?.code === 235,
    });
  }

  private mail(command: SmtpCommand): void {
    this.closeTransaction();
    const path = readPath(command.argument, "FROM");
    this.recipients = [];
    this.open = {
      phase: command.phase,
      mail: command,
      from: path?.address ?? "",
      parameters: path?.parameters ?? {},
      recipients: this.recipients,
      message: null,
      dataStart: null,
      dataEnd: null,
      dataComplete: false,
      final: null,
    };
  }

  private rcpt(command: SmtpCommand): void {
    const path = readPath(command.argument, "TO");
    const code = command.reply?.code ?? 0;
    this.recipients.push({
      address: path?.address ?? "",
      parameters: path?.parameters ?? {},
      command,
      accepted: code >= 250 && code < 260,
    });
  }

  private data(): void {
    const start = this.at;
    const end = endOfData(this.client, start);
    this.at = end.next;
    const final = end.complete ? this.reply() : null;
    if (!this.open) return;
    this.open.message = unstuff(this.client.subarray(start, end.textEnd));
    this.open.dataStart = start;
    this.open.dataEnd = end.textEnd;
    this.open.dataComplete = end.complete;
    this.open.final = final;
    this.closeTransaction();
  }

  private closeTransaction(): void {
    if (this.open) this.transactions.push(this.open);
    this.open = null;
  }

  private line(): Line | null {
    if (this.at >= this.client.length) return null;
    const start = this.at;
    const stop = this.client.indexOf(0x0a, start);
    const end = stop < 0 ? this.client.length : stop + 1;
    if (end - start > MAX_LINE) {
      this.problem = "line_too_long";
      return null;
    }
    this.at = end;
    const text = this.client
      .subarray(start, end)
      .toString("latin1")
      .replace(/\r?\n$/, "");
    return { text, start, end };
  }

  /** Next reply of the server, all its lines; null at the end of what it sent. */
  private reply(): SmtpReply | null {
    const start = this.replyAt;
    const lines: string[] = [];
    let at = start;
    for (;;) {
      const stop = this.server.indexOf(0x0a, at);
      if (stop < 0 || stop - at > MAX_LINE) return null;
      const text = this.server.subarray(at, stop).toString("latin1").replace(/\r$/, "");
      const parsed = /^(\d{3})(?:([ -])(.*))?$/.exec(text);
      if (!parsed) {
        this.problem ??= "reply_garbled";
        return null;
      }
      lines.push(parsed[3] ?? "");
      at = stop + 1;
      if (parsed[2] !== "-") {
        this.replyAt = at;
        return { code: Number(parsed[1]), lines, start, end: at };
      }
    }
  }
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `FROM:<a@b> SIZE=1` → address and parameters; null when it is not a path. */
function readPath(argument: string, keyword: string): { address: string; parameters: SmtpParameters } | null {
  const parsed = new RegExp(`^${keyword}:[ \\t]*<([^<>]*)>`, "i").exec(argument);
  if (!parsed) return null;
  const parameters: Record<string, string | null> = Object.create(null);
  const rest = argument.slice(parsed[0].length);
  for (const word of rest.split(/\s+/).filter((w) => w !== "")) {
    const equals = word.indexOf("=");
    const key = (equals < 0 ? word : word.slice(0, equals)).toUpperCase();
    parameters[key] = equals < 0 ? null : word.slice(equals + 1);
  }
  return { address: parsed[1] ?? "", parameters };
}

/** End of message text: CRLF "." CRLF, where the first CRLF belongs to the text (RFC 5321 section 4.1.1.4). */
export function endOfData(
  client: Uint8Array,
  start: number,
): { readonly textEnd: number; readonly next: number; readonly complete: boolean } {
  const bytes = view(client);
  if (bytes.subarray(start, start + 3).toString("latin1") === ".\r\n") {
    return { textEnd: start, next: start + 3, complete: true };
  }
  const stop = bytes.indexOf("\r\n.\r\n", start, "latin1");
  if (stop < 0) return { textEnd: bytes.length, next: bytes.length, complete: false };
  return { textEnd: stop + 2, next: stop + 5, complete: true };
}

/** Removes the dot a client adds to each line that starts with one (RFC 5321 section 4.5.2). */
export function unstuff(text: Uint8Array): Buffer {
  const bytes = view(text);
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let lineStart = true;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    if (lineStart && byte === 0x2e && i + 1 < bytes.length) {
      lineStart = false;
      continue;
    }
    out[length] = byte;
    length += 1;
    lineStart = byte === 0x0a && bytes[i - 1] === 0x0d;
  }
  return out.subarray(0, length);
}

/** Adds those dots again; the text ends with CRLF. */
export function stuff(message: Uint8Array): Buffer {
  const text = view(message).toString("latin1");
  const closed = text === "" || text.endsWith("\r\n") ? text : `${text}\r\n`;
  return Buffer.from(closed.replace(/(^|\r\n)\./g, "$1.."), "latin1");
}

export type Xoauth2Problem = "not_base64" | "no_user" | "no_bearer" | "bad_grammar";

/** The XOAUTH2 client response: `user=` mailbox ^A `auth=Bearer ` token ^A ^A, in base64. `problem` says what is off. */
export interface Xoauth2 {
  readonly user: string | null;
  readonly token: string | null;
  readonly problem: Xoauth2Problem | null;
}

/** Reads one response as sent. What can be read is given even when the grammar is off. */
export function readXoauth2(response: string): Xoauth2 {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(response) || response === "") {
    return { user: null, token: null, problem: "not_base64" };
  }
  const text = Buffer.from(response, "base64").toString("utf8");
  const user = /(?:^|\x01)user=([^\x01]*)/i.exec(text)?.[1] ?? null;
  const token = /(?:^|\x01)auth=Bearer ([^\x01]*)/i.exec(text)?.[1] ?? null;
  if (!user) return { user, token, problem: "no_user" };
  if (!token) return { user, token, problem: "no_bearer" };
  const exact = /^user=[^\x01]+\x01auth=Bearer [\x21-\x7e]+\x01\x01$/.test(text);
  return { user, token, problem: exact ? null : "bad_grammar" };
}
