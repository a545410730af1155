/** Files of reviews beside a bundle that is accepted: by whom they are, and of what. */
import { CLAIMED } from "../../core/score/index.js";
import { sha256 } from "../../core/seal/bundle/manifest.js";
import type { SigningKey } from "../../core/seal/keys.js";
import { NO_REVIEWS, type ReviewEntry, reviewLine, type ReviewSubject } from "../../core/seal/review.js";
import { CANDIDATE } from "../support/bundle.js";
import { type HostileCase, refused } from "./case.js";
import { supply } from "./cases-proofs.js";
import { Forgery } from "./forge.js";
import type { Stage } from "./stage.js";

const PROOF = "ANN/va1.02.01.01";
const ROW = "ANN/va1.02";
const ON = "2026-11-22T10:00:00Z";
const ACCEPT: ReviewEntry = { row: ROW, proof: PROOF, state: "accepted", reason: "", reviewer: "R. Fictive" };

const subjectOf = (bundle: Uint8Array): ReviewSubject => ({ bundle: sha256(bundle), candidate: CANDIDATE });
const supplied = (stage: Stage): Uint8Array => supply(new Forgery(stage), PROOF, "a screen").rejudge().seal();
const line = (subject: ReviewSubject, key: SigningKey, entry = ACCEPT, log = NO_REVIEWS, on = ON): string =>
  reviewLine(log, subject, [entry], on, key);

export const REVIEWS_CASES: readonly HostileCase[] = [
  {
    id: "reviews-of-another-candidate",
    what: "reviews by an agency that may review, about another product",
    expected: refused("review_candidate"),
    build: supplied,
    reviews: (stage, bundle) =>
      line({ ...subjectOf(bundle), candidate: { ...CANDIDATE, product: "Autre logiciel" } }, stage.agency),
  },
  {
    id: "reviews-of-an-older-bundle",
    what: "the agency's reviews of the bundle of an older run of the same product",
    expected: refused("review_bundle"),
    build: supplied,
    reviews: (stage) => line(subjectOf(stage.other.bytes), stage.agency),
  },
  {
    id: "reviews-by-the-vendor",
    what: "reviews that the vendor signed itself",
    expected: refused("review_agency"),
    build: supplied,
    reviews: (stage, bundle) => line(subjectOf(bundle), stage.vendor),
  },
  {
    id: "reviews-without-the-role",
    what: "reviews by an agency that may issue labels, not review",
    expected: refused("review_agency"),
    trust: (stage) => ({
      ...stage.trust,
      agencies: [{ name: "Agence fictive", key: stage.agency, roles: ["label", "challenge", "countersign", "rules"] }],
    }),
    build: supplied,
    reviews: (stage, bundle) => line(subjectOf(bundle), stage.agency),
  },
  {
    id: "reviews-after-the-key",
    what: "reviews dated after the last day of the agency's key",
    expected: refused("review_agency"),
    trust: (stage) => ({
      ...stage.trust,
      agencies: [{ name: "Agence fictive", key: stage.agency, roles: ["review"], until: "2026-11-21" }],
    }),
    build: supplied,
    reviews: (stage, bundle) => line(subjectOf(bundle), stage.agency),
  },
  {
    id: "reviews-of-what-is-not-there",
    what: "an acceptance of a proof that the bundle does not hold, for the one that will come",
    expected: refused("review_stray"),
    build: supplied,
    reviews: (stage, bundle) => line(subjectOf(bundle), stage.agency, { ...ACCEPT, proof: "ANN/va1.03.01.01" }),
  },
  {
    id: "reviews-of-no-claim",
    what: "an acceptance of a claim that the candidate does not make",
    expected: refused("review_stray"),
    build: supplied,
    reviews: (stage, bundle) => line(subjectOf(bundle), stage.agency, { ...ACCEPT, proof: CLAIMED }),
  },
  {
    id: "reviews-with-a-line-taken-out",
    what: "the refusal that stood on the first line taken out, the acceptance of a later line left",
    expected: refused("review_chain"),
    build: supplied,
    reviews: (stage, bundle) => {
      const subject = subjectOf(bundle);
      const first = line(subject, stage.agency, { ...ACCEPT, state: "refused", reason: "illisible" });
      const last = sha256(Buffer.from(first.trimEnd()));
      const lines = [{ number: 1, on: ON, agency: "Agence fictive", entries: [ACCEPT] }];
      return line(subject, stage.agency, ACCEPT, { ...NO_REVIEWS, lines, last });
    },
  },
];
