/** Errors of the suite itself (usage, specs, infrastructure). A breach of the vendor is never thrown: it is a finding. */

export type SuiteErrorCode =
  | "ERR_USAGE"
  | "ERR_CONFIG"
  | "ERR_SPEC"
  | "ERR_RUN_FOLDER"
  | "ERR_RECORDING"
  | "ERR_PORT"
  | "ERR_PKI"
  | "ERR_DISK"
  | "ERR_VENDOR_UNREACHABLE"
  | "ERR_VENDOR_START"
  | "ERR_NOTHING_EXECUTED"
  | "ERR_FILE"
  | "ERR_INTERRUPTED"
  | "ERR_RULE_SET"
  | "ERR_RULES"
  | "ERR_REVIEW"
  | "ERR_KEY"
  | "ERR_SEAL"
  | "ERR_CAMPAIGN"
  | "ERR_OFFICIAL"
  | "ERR_DOSSIER"
  | "ERR_INTERNAL";

/** What happened, where (file, line, path inside it), what to do. All three are shown to the user, in that order. */
export class SuiteError extends Error {
  readonly code: SuiteErrorCode;
  readonly where: string | undefined;
  readonly mend: string | undefined;
  constructor(code: SuiteErrorCode, what: string, facts: { where?: string; mend?: string; cause?: unknown } = {}) {
    super(what, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "SuiteError";
    this.code = code;
    this.where = facts.where;
    this.mend = facts.mend;
  }
}
