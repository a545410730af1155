/** The privacy gate of sealing: a number that could be a real person's INS leaves in no bundle (docs/privacy-gate.md). */
import type { ByteRange, ChallengeFacts, RecordingView } from "../core/model/index.js";
import { type Problem, refuse } from "../core/plan/problems.js";
import { NAMES } from "../core/seal/bundle/manifest.js";
import { realInsIn } from "../protocols/ins-number.js";
import { drawIdentities } from "../services/shared/draw.js";
import type { Identities } from "../services/shared/identities.js";

/** Places named at once; whoever mends them runs again anyway. */
const MOST_NAMED = 20;

export interface GateFacts {
  readonly view: RecordingView;
  /** As the fixtures have them. */
  readonly identities: Identities;
  readonly challenge: ChallengeFacts | null;
}

/**
 * `files`: everything that is to leave, by name. Throws MistakesError ERR_SEAL that says where each number stands; none is shown
 * whole. Gives what could not be looked into (an encrypted archive, a bound that was hit), one line each: the user must know.
 */
export function demandFictitious(files: ReadonlyMap<string, Uint8Array>, facts: GateFacts): readonly string[] {
  const { view, identities, challenge } = facts;
  const fictitious = new Set([
    ...numbersOf(identities),
    ...(challenge ? numbersOf(drawIdentities(identities, Buffer.from(challenge.seed, "hex"))) : []),
  ]);
  const { found, unseen } = realInsIn(files, { fictitious });
  refuse(
    "ERR_SEAL",
    found.slice(0, MOST_NAMED).map(({ file, offset, shown, via }): Problem => ({
      what: `a number that could be a real person's INS: ${shown}`,
      where: placeOf(file, offset, via, view),
      mend: file.startsWith(NAMES.proofs)
        ? "Replace this proof by one with fictitious identities, and seal again."
        : "Run again with the fictitious identities of the suite only.",
    })),
  );
  return unseen.map(({ file, offset, via, reason }) => `${placeOf(file, offset, via, view)} [${reason}]`);
}

function numbersOf({ patients }: Identities): string[] {
  return patients.flatMap(({ ins, history }) => [ins, ...history].flatMap((one) => one?.matricule ?? []));
}

/** `recording/streams/c0012.in:5120 (x0042 dmp.submit, dmp-submit#1) base64 > zip:DOC.XML` */
function placeOf(file: string, offset: number, via: readonly string[], view: RecordingView): string {
  const streams = `${NAMES.recording}streams/`;
  const stream = file.startsWith(streams) ? file.slice(streams.length) : null;
  const holds = (range: ByteRange | null): boolean =>
    range !== null && range.stream === stream && range.start <= offset && offset < range.end;
  const exchange = view.exchanges.find(({ request, response }) => holds(request) || holds(response));
  const told = exchange ? ` (${exchange.id} ${exchange.operation}, ${exchange.scenario ?? "unattributed"})` : "";
  return `${file}:${offset}${told}${via.length > 0 ? ` ${via.join(" > ")}` : ""}`;
}
