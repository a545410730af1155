/** Mail the operator took: one immutable file per mail under the state folder, an index in memory. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface StoredMail {
  readonly id: string;
  readonly from: string;
  readonly recipients: readonly string[];
  /** Whole mail as received, dots unstuffed. */
  readonly file: string;
  readonly size: number;
}

export class MailStore {
  private readonly folder: string;
  private mails: StoredMail[] = [];
  private count = 0;

  /** `folder` is made when the first mail comes. */
  constructor(folder: string) {
    this.folder = folder;
  }

  deliver(from: string, recipients: readonly string[], bytes: Uint8Array): StoredMail {
    mkdirSync(this.folder, { recursive: true });
    this.count += 1;
    const id = `m${String(this.count).padStart(4, "0")}`;
    const file = path.join(this.folder, `${id}.eml`);
    writeFileSync(file, bytes);
    const mail: StoredMail = { id, from, recipients, file, size: bytes.length };
    this.mails.push(mail);
    return mail;
  }

  /** Mails in the mailbox, oldest first. */
  mailbox(address: string): readonly StoredMail[] {
    const wanted = address.toLowerCase();
    return this.mails.filter((mail) => mail.recipients.some((r) => r.toLowerCase() === wanted));
  }

  clear(): number {
    const removed = this.mails.length;
    for (const mail of this.mails) rmSync(mail.file, { force: true });
    this.mails = [];
    return removed;
  }
}
