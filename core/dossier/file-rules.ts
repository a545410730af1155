/** Rules on one file of a proof: is it there, is it what its kind asks for, can a person make something of it. */
import type { MediaFacts, ProofFile, ProofFinding, ProofLimits } from "../model/index.js";
import { placeholdersIn, type PlaceholderScope } from "./placeholders.js";
import { finding } from "./rule-table.js";

const OFFICE = /^application\/(?:vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\.|vnd\.etsi\.asic)/;
const IMAGE = /^image\//;
const VIDEO = /^video\//;
const PDF = /^application\/pdf$/;
const TEXT = /^(?:text\/|application\/(?:json|xml)$)/;
const MAIL = /^message\/rfc822$/;
const ZIP = /^application\/zip$/;
const SIGNATURE = /^application\/(?:pkcs7-signature|pgp-signature)$/;

/** What a proof of each kind usually is. A file fits when it fits one of the kinds asked for. */
const FORMATS: Readonly<Record<string, readonly RegExp[]>> = {
  "video-or-screenshot": [VIDEO, IMAGE, PDF, OFFICE],
  documentation: [PDF, OFFICE, TEXT, IMAGE, VIDEO, ZIP],
  "config-or-log": [TEXT, PDF, OFFICE, IMAGE, ZIP, MAIL],
  "document-file": [TEXT, PDF, ZIP, IMAGE, MAIL, OFFICE],
  "cnda-certificate": [PDF, OFFICE, IMAGE],
  "smtp-source": [MAIL, /^text\/plain$/, ZIP],
  attestation: [PDF, OFFICE, IMAGE, /^application\/xml$/],
  "pentest-form": [PDF, OFFICE],
};

/** The types that a name's ending promises; an ending that is not here promises nothing. */
const ENDINGS: Readonly<Record<string, RegExp>> = {
  mp4: /^video\/(?:mp4|x-m4v|quicktime|3gpp2?)$/,
  m4v: /^video\/(?:mp4|x-m4v)$/,
  mov: /^video\/(?:quicktime|mp4)$/,
  webm: /^video\/webm$/,
  mkv: /^video\/(?:x-)?matroska$/,
  avi: /^video\/(?:x-msvideo|vnd\.avi|avi)$/,
  png: /^image\/a?png$/,
  jpg: /^image\/jpeg$/,
  jpeg: /^image\/jpeg$/,
  gif: /^image\/gif$/,
  webp: /^image\/webp$/,
  bmp: /^image\/bmp$/,
  pdf: PDF,
  docx: /wordprocessingml/,
  xlsx: /spreadsheetml/,
  pptx: /presentationml/,
  odt: /opendocument\.text/,
  ods: /opendocument\.spreadsheet/,
  zip: /^application\/(?:zip|vnd\.)/,
  eml: /^(?:message\/rfc822|text\/plain)$/,
  xml: /^(?:application\/xml|text\/html)$/,
  html: /^(?:text\/html|application\/xml|text\/plain)$/,
  json: /^(?:application\/json|text\/plain)$/,
  txt: /^(?:text\/|application\/(?:json|xml)|message\/rfc822)/,
  log: /^(?:text\/|application\/(?:json|xml)|message\/rfc822)/,
  csv: /^text\/plain$/,
};

/** A larger file may not have been looked into at all: that nothing was recognised then says nothing. */
const LOOKED_INTO = 100_000_000;

/** Screens that nobody could read: smaller than a third of the smallest screen in use each way. */
const LEAST_PIXELS = 60_000;
const LEAST_SIDE = 80;
/** A video under this shows no scenario. */
const LEAST_SECONDS = 3;

export function fileFindings(file: ProofFile, kinds: readonly string[], limits: ProofLimits): ProofFinding[] {
  const { name, media } = file;
  if (file.bytes === 0) return [finding("file-empty", { file: name })];
  const found: ProofFinding[] = [];
  if (file.bytes > limits.fileBytes) {
    found.push(finding("file-size", { file: name, bytes: file.bytes, limit: limits.fileBytes }));
  }
  if (media === null) {
    return file.bytes > LOOKED_INTO ? found : [...found, finding("file-unrecognised", { file: name })];
  }
  if (file.text?.trim() === "" && TEXT.test(media.type)) return [...found, finding("file-blank", { file: name })];
  const ending = /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const promised = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
  if (promised && !promised.test(media.type)) {
    found.push(finding("file-extension", { file: name, ending, type: media.type }));
  }
  if (SIGNATURE.test(media.type)) return found;
  if (!fits(media.type, kinds))
    found.push(finding("file-format", { file: name, type: media.type, kinds: kinds.join(", ") }));
  return [...found, ...pictureFindings(name, media), ...textFindings(file, media, kinds)];
}

function fits(type: string, kinds: readonly string[]): boolean {
  const known = kinds.flatMap((kind) => (Object.hasOwn(FORMATS, kind) ? (FORMATS[kind] ?? []) : [/^/]));
  return known.length === 0 || known.some((format) => format.test(type));
}

function pictureFindings(name: string, media: MediaFacts): ProofFinding[] {
  const found: ProofFinding[] = [];
  const video = VIDEO.test(media.type);
  if (video && media.seconds === null) {
    const measured = /\/(?:mp4|quicktime|x-m4v|3gpp2?|webm|(?:x-)?matroska)$/.test(media.type);
    found.push(finding(measured ? "video-unreadable" : "video-unmeasured", { file: name, type: media.type }));
  } else if (video && media.seconds !== null && media.seconds < LEAST_SECONDS) {
    found.push(
      finding("video-short", { file: name, seconds: Math.round(media.seconds * 10) / 10, least: LEAST_SECONDS }),
    );
  }
  const { width, height } = media;
  if (width !== null && height !== null && (video || IMAGE.test(media.type))) {
    if (width * height < LEAST_PIXELS || Math.min(width, height) < LEAST_SIDE) {
      found.push(finding("picture-small", { file: name, width, height }));
    }
  }
  return found;
}

function textFindings(file: ProofFile, media: MediaFacts, kinds: readonly string[]): ProofFinding[] {
  const { name, text } = file;
  if (text === null) return [];
  const found: ProofFinding[] = [];
  if (
    kinds.every((kind) => kind === "smtp-source") &&
    media.type === "text/plain" &&
    !/^(?:Received|From|To|Subject|Message-ID):/im.test(text)
  ) {
    found.push(finding("mail-without-headers", { file: name }));
  }
  if (kinds.includes("config-or-log")) found.push(...logFindings(name, text));
  const left = placeholdersIn(text, scopeOf(kinds));
  const first = left[0];
  if (first)
    found.push(finding("placeholder", { file: name, found: first.found, line: first.line, count: left.length }));
  return found;
}

/** The strictest reading that every kind allows: a proof that may be a log is read as one. */
function scopeOf(kinds: readonly string[]): PlaceholderScope {
  if (kinds.some((kind) => ["config-or-log", "smtp-source", "document-file"].includes(kind))) return "trace";
  return kinds.length > 0 && kinds.every((kind) => ["attestation", "pentest-form", "cnda-certificate"].includes(kind))
    ? "form"
    : "document";
}

const TIME =
  /\b\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4},? (?:à )?\d{1,2}[:h]\d{2}|\b\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}|\b[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\b\d{2}:\d{2}:\d{2}\b|\b1[5-9]\d{8}(?:\d{3})?\b|\b20\d{12}(?:[.+-]\d+)?\b/;
const ACTOR =
  /(?<![\p{L}])(?:user(?:name|[ _-]?id)?|utilisateur|actor|acteur|auteur|author|login|operat(?:or|eur)|agent|compte|account|professionn?el|practitioner|praticien|m[ée]decin|docteur|dr|rpps|adeli|idnat|nationalid|subjectnameid|sub|uid|par)(?![\p{L}])\W{0,4}[\p{L}\d]|\b[\w.+-]{1,64}@[\w-]{1,63}\.\w|(?<!\d)8?\d{11}(?!\d)|\bMAIL FROM:/iu;

/** Lines looked at to tell a log from a configuration. */
const LOG_LINES = 200;

/** A configuration needs neither time nor actor: only what is named a log, or has lines that begin with a time, is read as one. */
function logFindings(name: string, text: string): ProofFinding[] {
  const lines = text
    .slice(0, 400_000)
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => line.slice(0, 1000));
  const looked = lines.slice(0, LOG_LINES);
  const timed = looked.filter((line) => TIME.test(line)).length;
  const named = /(?:^|[^a-zà-ÿ])(?:logs?|traces?|journal|journaux|audit)(?:[^a-zà-ÿ]|$)/i.test(name);
  if (!named && (timed < 3 || timed * 2 < looked.length)) return [];
  const found: ProofFinding[] = [];
  if (timed === 0 && !lines.some((line) => TIME.test(line))) found.push(finding("log-without-time", { file: name }));
  if (!lines.some((line) => ACTOR.test(line))) found.push(finding("log-without-actor", { file: name }));
  return found;
}
