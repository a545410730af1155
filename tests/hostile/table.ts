/** Every hostile or forged bundle, in the order in which docs/hostile-bundles.md tells them. */
import { ARCHIVE_CASES } from "./cases-archive.js";
import { CHALLENGE_CASES } from "./cases-challenge.js";
import { EVIDENCE_CASES } from "./cases-evidence.js";
import { MANIFEST_CASES } from "./cases-manifest.js";
import { PROOF_CASES } from "./cases-proofs.js";
import { REVIEWED_CASES } from "./cases-reviewed.js";
import { REVIEWS_CASES } from "./cases-reviews.js";
import { RESULT_CASES } from "./cases-result.js";
import { SIGNER_CASES } from "./cases-signer.js";
import { STORY_CASES } from "./cases-story.js";
import type { HostileCase } from "./case.js";

export const HOSTILE: readonly { readonly title: string; readonly cases: readonly HostileCase[] }[] = [
  { title: "Archives that attack whoever opens them", cases: ARCHIVE_CASES },
  { title: "Manifests that do not say what is there", cases: MANIFEST_CASES },
  { title: "Signatures by the wrong one, of the wrong kind, over the wrong thing", cases: SIGNER_CASES },
  { title: "Evidence of another run or another candidate, and bytes that are not there", cases: EVIDENCE_CASES },
  { title: "Recordings out of order, out of time, or of other scenarios", cases: STORY_CASES },
  { title: "Proofs and countersignatures of something else", cases: PROOF_CASES },
  { title: "Proofs and claims said to be reviewed, or to be fresh", cases: REVIEWED_CASES },
  { title: "Reviews of somebody else, or of something else", cases: REVIEWS_CASES },
  { title: "Sessions that an agency asked for", cases: CHALLENGE_CASES },
  { title: "Claims that the evidence does not bear out", cases: RESULT_CASES },
];
