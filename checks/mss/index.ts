/** Checks of the secure mail slice, in the order of a session, then of a mail, then of its archive. */
import type { CheckDef } from "../../core/model/index.js";
import archive from "./archive.js";
import cdaCodeHeader from "./cda-code-header.js";
import citizenAddress from "./citizen-address.js";
import citizenSilence from "./citizen-silence.js";
import endOfExchange from "./end-of-exchange.js";
import fromLabel from "./from-label.js";
import insHeader from "./ins-header.js";
import messageId from "./message-id.js";
import metadata from "./metadata.js";
import nothingInClear from "./nothing-in-clear.js";
import onePatient from "./one-patient.js";
import pdfCopy from "./pdf-copy.js";
import productIdentifier from "./product-identifier.js";
import productReference from "./product-reference.js";
import resend from "./resend.js";
import serverCertificate from "./server-certificate.js";
import starttlsFirst from "./starttls-first.js";
import subject from "./subject.js";
import textEncoding from "./text-encoding.js";
import tlsVersion from "./tls-version.js";
import tokenLive from "./token-live.js";
import tokenRefusal from "./token-refusal.js";
import unqualifiedIns from "./unqualified-ins.js";
import unqualifiedTraits from "./unqualified-traits.js";
import xoauth2 from "./xoauth2.js";

export const mssChecks: CheckDef[] = [
  tlsVersion,
  starttlsFirst,
  nothingInClear,
  serverCertificate,
  xoauth2,
  tokenLive,
  tokenRefusal,
  messageId,
  resend,
  productIdentifier,
  productReference,
  insHeader,
  cdaCodeHeader,
  endOfExchange,
  subject,
  fromLabel,
  textEncoding,
  citizenAddress,
  citizenSilence,
  archive,
  onePatient,
  metadata,
  pdfCopy,
  unqualifiedIns,
  unqualifiedTraits,
];
