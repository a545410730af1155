/** The rules on proofs, in English. */
import type { RuleBook } from "./proof-rules.js";

export const PROOF_RULES_EN: RuleBook = {
  "no-file": {
    expected: "at least one file",
    found: () => "no file is supplied",
    mend: () => "add the file: segur dossier add",
  },
  "file-empty": {
    expected: "a file that holds something",
    found: ({ file }) => `${file} is empty (0 bytes): it does not count as a proof`,
    mend: () => "export or copy the file again",
  },
  "file-blank": {
    expected: "a text that can be read",
    found: ({ file }) => `${file} holds white space only`,
    mend: () => "supply the file filled in",
  },
  "file-unrecognised": {
    expected: "a common format: video, image, PDF, document, text, mail, zip archive",
    found: ({ file }) => `the content of ${file} is of no format known here`,
    mend: () => "see that it opens; export it in a common format if need be",
  },
  "file-format": {
    expected: "a format usual for the proof asked for",
    found: ({ file, type, kinds }) => `${file} is of type ${type}, unusual for: ${kinds}`,
    mend: () => "see that it is the right file, or export it in a usual format",
  },
  "file-extension": {
    expected: "an extension that tells the real format",
    found: ({ file, ending, type }) => `${file} ends in .${ending}, but its content is of type ${type}`,
    mend: () => "mend the extension, or supply the right file",
  },
  "file-size": {
    expected: "a file small enough to be deposited",
    found: ({ file, bytes, limit }) => `${file} has ${bytes} bytes, more than ${limit}`,
    mend: () =>
      "lower the definition or the length, or raise the limit (dossier.yaml, limits: fileBytes); we found no published limit of the portal",
  },
  "file-age": {
    expected: "a recent proof",
    found: ({ addedOn, months }) => `added on ${addedOn}, more than ${months} months ago`,
    mend: () => "see that it still shows the software as it is, else make it again",
  },
  "file-name": {
    expected: "a file name that holds the id of the proof",
    found: ({ file }) => `${file} does not hold the id of the proof`,
    mend: ({ normal }) => `name proposed: ${normal} (segur dossier export gives it)`,
  },
  "file-twice": {
    expected: "different files",
    found: ({ file, other }) => `${file} and ${other} are the same file`,
    mend: () => "take one out, or supply the one that is missing",
  },
  "file-shared": {
    expected: "a file that answers each proof it is given for",
    found: ({ file, ids, count }) => `${file} is also given for ${count} proof(s) of another kind: ${ids}`,
    mend: () => "see that it was not taken for another",
  },
  "video-unreadable": {
    expected: "a whole video, whose length can be read",
    found: ({ file }) => `the length of ${file} cannot be read: cut short, damaged, or without a picture`,
    mend: () => "see that it plays to its end, else export it again",
  },
  "video-unmeasured": {
    expected: "a video in MP4, MOV, WebM or Matroska, whose length is read here",
    found: ({ file, type }) => `${file} is of type ${type}: its length is not read here`,
    mend: () => "export it as MP4 or WebM, which every reviewer can open",
  },
  "video-short": {
    expected: "a video that shows the scenario",
    found: ({ file, seconds, least }) => `${file} lasts ${seconds} s, under ${least} s`,
    mend: () => "see that the recording is complete",
  },
  "picture-small": {
    expected: "a picture that can be read",
    found: ({ file, width, height }) => `${file} measures ${width} × ${height} pixels: too small to be read`,
    mend: () => "take the screenshot again at the size of the screen",
  },
  "mail-without-headers": {
    expected: "the source of the mail, headers included",
    found: ({ file }) => `${file} has no mail headers (From, To, Subject…)`,
    mend: () => "save the whole source of the message (.eml)",
  },
  "log-without-time": {
    expected: "a time on the lines of a log",
    found: ({ file }) => `no time was recognised in ${file}`,
    mend: () => "supply the extract with day and time of each line",
  },
  "log-without-actor": {
    expected: "the actor of each action of a log",
    found: ({ file }) => `no actor (user, identifier, address) was recognised in ${file}`,
    mend: () => "supply the extract that shows who acted",
  },
  placeholder: {
    expected: "a finished text",
    found: ({ file, found, line, count }) =>
      `${file}, line ${line}: “${found}” looks left over from a template${Number(count) > 1 ? ` (${count} lines in all)` : ""}`,
    mend: () => "fill in the document",
  },
  "signature-unseen": {
    expected: "a signed attestation",
    found: () => "no electronic signature is seen (PDF, XML, document, .p7s or .asc beside)",
    mend: () => "sign it; if it is signed by hand, the reviewer will judge",
  },
  "other-version": {
    expected: "the version presented for referencing",
    found: ({ shown, candidate }) => `the proof shows version ${shown}, the dossier presents ${candidate}`,
    mend: () => "make the proof again with the version presented",
  },
  "pentest-facts-missing": {
    expected: "the date of the form and its failures by severity",
    found: () =>
      "they are not declared: the rule of one year and the high severity cannot be checked, and only an agency can accept it",
    mend: () => "declare them (segur dossier add --fact, or dossier.yaml: kind=pentest), if this proof is the form",
  },
  "pentest-too-old": {
    expected: "a form dated under one year at deposit",
    found: ({ on, last, asOf }) => `dated ${on}, good until ${last}; today is ${asOf}`,
    mend: () => "have the penetration test done again",
  },
  "pentest-date-future": {
    expected: "a test that is over",
    found: ({ on, asOf }) => `dated ${on}, after ${asOf}`,
    mend: () => "mend the declared date",
  },
  "pentest-date-unreadable": {
    expected: "a day of the calendar, YYYY-MM-DD",
    found: ({ on }) => `“${on}” is no date`,
    mend: () => "mend the declared date",
  },
  "pentest-last-day": {
    expected: "a form dated under one year at deposit",
    found: ({ on }) => `dated ${on}: one year old today, the last useful day`,
    mend: () => "deposit today, or have the test done again",
  },
  "pentest-high": {
    expected: "no failure of high severity (eliminatory)",
    found: ({ count }) => `${count} failure(s) of high severity`,
    mend: () => "mend the software and have it tested again",
  },
  "pentest-medium": {
    expected: "a tolerated number of failures of medium severity",
    found: ({ count, limit }) =>
      `${count} failure(s) of medium severity; warned of from ${limit} (one official page says up to 10, another fewer than 10)`,
    mend: () => "mend some, or ask the agency which limit holds (threshold: dossier.yaml, limits: pentestMedium)",
  },
  "pentest-uncommented": {
    expected: "a comment for each control answered NO or N/A",
    found: ({ count }) => `${count} control(s) answered NO or N/A without a comment`,
    mend: () => "have the auditor complete the form",
  },
  "pentest-unsigned": {
    expected: "a PDF signed electronically by the auditor",
    found: () => "no electronic signature is seen in the files",
    mend: () => "supply the original, signed PDF, not a printed or exported copy",
  },
  "pentest-date-unseen": {
    expected: "the declared date, written in the form",
    found: ({ on }) => `the declared date (${on}) is not found in the text of the file`,
    mend: () => "check the declared date and the file supplied",
  },
  "pentest-auditor": {
    expected: "the name of the auditor",
    found: () => "the auditor is not declared",
    mend: () => "declare it (segur dossier add --fact, or dossier.yaml: auditor)",
  },
  "certificate-facts-missing": {
    expected: "number and version of the certificate",
    found: () => "they are not declared: the version cannot be compared",
    mend: () => "declare them (segur dossier add --fact, or dossier.yaml: kind=certificate)",
  },
  "certificate-number": {
    expected: "the number of the certificate",
    found: () => "the declared number is empty",
    mend: () => "copy it as the CNDA wrote it",
  },
  "certificate-number-unseen": {
    expected: "the declared number, written in the certificate",
    found: ({ number }) => `“${number}” is not found in the text of the file`,
    mend: () => "check the declared number and the file supplied",
  },
  "certificate-version": {
    expected: "a certificate of the version presented",
    found: ({ version, candidate }) => `the certificate is for version ${version}, the dossier presents ${candidate}`,
    mend: () => "ask the CNDA whether the certificate covers the version presented",
  },
  "certificate-product-unseen": {
    expected: "the name of the software, written in the certificate",
    found: ({ product }) => `“${product}” is not found in the text of the file`,
    mend: () => "see that it is the certificate of this software (its trade name may differ)",
  },
  "certificate-expired": {
    expected: "a certificate still valid",
    found: ({ expires }) => `it expired on ${expires}`,
    mend: () => "supply the renewed certificate",
  },
  "certificate-dates": {
    expected: "days of the calendar, in order",
    found: ({ issued, expires }) => `dates to look at again: issued “${issued}”, expires “${expires}”`,
    mend: () => "mend the declared dates",
  },
  "execution-reference": {
    expected: "an execution id or a permanent https link",
    found: ({ reference }) => `“${reference}” is neither`,
    mend: () => "copy the id or the link that the test space gave",
  },
  "execution-host": {
    expected: "a link to the test space (interop.referencement.esante.gouv.fr)",
    found: ({ host }) => `the link leads to ${host}`,
    mend: () => "see that the execution was done in the test space of the referencing",
  },
  "execution-test-case": {
    expected: "a known test case",
    found: ({ testCase }) => `“${testCase}” is not among the test cases we know (the list may have grown)`,
    mend: () => "check the name of the test case",
  },
  "execution-failed": {
    expected: "an execution that passed",
    found: ({ result }) => `declared result: “${result}”`,
    mend: () => "run the test case again and declare the execution that passed",
  },
  "commitment-signatory": {
    expected: "the name of the signatory",
    found: () => "the signatory is not declared",
    mend: () => "declare it (segur dossier add --fact, or dossier.yaml: signedBy)",
  },
  "commitment-date": {
    expected: "a day of the calendar, in the past",
    found: ({ on }) => `date of the commitment to look at again: “${on}”`,
    mend: () => "mend the declared date",
  },
};
