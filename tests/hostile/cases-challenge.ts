/** Sessions that an agency asked for, and what a vendor might show it instead. */
import { type Challenge, signChallenge } from "../../core/seal/challenge.js";
import type { SigningKey } from "../../core/seal/keys.js";
import { type HostileCase, refused } from "./case.js";
import { Forgery, type Loose } from "./forge.js";
import { challengeOf, type Stage } from "./stage.js";

const CHALLENGE = "challenge.dsse.json";

/** The homologation with another challenge beside it. */
function withChallenge(stage: Stage, change: Partial<Challenge>, key: SigningKey = stage.agency): Forgery {
  return new Forgery(stage, stage.challenged).put(CHALLENGE, signChallenge(challengeOf(change), key));
}

/** Another mode, wherever it is written. */
function asMode(mode: string, forgery: Forgery): Forgery {
  forgery.facts.mode = mode;
  return forgery
    .run((meta) => (meta.mode = mode))
    .result((result) => (result.mode = mode))
    .records("events", (events) => {
      for (const event of events) if (event.kind === "recording.open") event.data.mode = mode;
    });
}

/** Every trace of a drawn text in the raw bytes of the vendor replaced by another of the same length. */
function withoutTraces(stage: Stage): Forgery {
  const forgery = new Forgery(stage, stage.challenged);
  const names = new Set<string>();
  forgery.records("events", (events) => {
    for (const event of events) {
      const patient = event.kind === "scenario.open" ? event.data.facts.patient : null;
      if (patient)
        [patient.birthName, patient.localId, patient.ins?.matricule].forEach((text: unknown) =>
          names.add(String(text)),
        );
    }
  });
  for (const [name, bytes] of forgery.recording) {
    if (!name.startsWith("streams/")) continue;
    let text = Buffer.from(bytes).toString("latin1");
    for (const drawn of names)
      text = text
        .replaceAll(drawn, "X".repeat(drawn.length))
        .replaceAll(drawn.slice(0, 13), "X".repeat(Math.min(13, drawn.length)));
    text = text.replace(/REF[A-Z]{10}/g, "REFXXXXXXXXXX");
    forgery.put(`recording/${name}`, Buffer.from(text, "latin1"));
  }
  return forgery;
}

export const CHALLENGE_CASES: readonly HostileCase[] = [
  {
    id: "homologation-without-challenge",
    what: "a run without challenge called a homologation everywhere, its recording included",
    expected: refused("challenge_missing"),
    build: (stage) =>
      asMode("homologation", new Forgery(stage))
        .run((meta) => (meta.only = null))
        .rejudge()
        .seal(),
  },
  {
    id: "homologation-deselected",
    what: "a homologation of some scenarios only",
    expected: refused("homologation_deselected"),
    build: (stage) => asMode("homologation", new Forgery(stage)).rejudge().seal(),
  },
  {
    id: "sandbox-as-homologation",
    what: "a sandbox run whose manifest, run and result say homologation",
    expected: refused("run_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage).run((meta) => (meta.mode = "homologation"));
      forgery.facts.mode = "homologation";
      return forgery.result((result) => (result.mode = "homologation")).seal();
    },
  },
  {
    id: "challenge-left-out",
    what: "the challenge left out of a bundle whose run names one",
    expected: refused("challenge_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage, stage.challenged);
      forgery.files.delete(CHALLENGE);
      return forgery.seal();
    },
  },
  {
    id: "challenge-added",
    what: "a challenge of the agency put beside a run that was played without",
    expected: refused("challenge_mismatch"),
    build: (stage) => new Forgery(stage).put(CHALLENGE, signChallenge(challengeOf(), stage.agency)).seal(),
  },
  {
    id: "challenge-self-made",
    what: "a homologation with a challenge that the vendor signed itself",
    expected: refused("challenge_agency"),
    build: (stage) => withChallenge(stage, {}, stage.vendor).seal(),
  },
  {
    id: "challenge-of-another-agency",
    what: "a challenge signed by the key of an agency that may countersign, not issue challenges",
    expected: refused("challenge_agency"),
    trust: ({ trust }) => ({
      ...trust,
      agencies: trust.agencies.map((one) => ({ ...one, roles: ["countersign"] as const })),
    }),
    build: ({ challenged }) => challenged.bytes,
  },
  {
    id: "challenge-by-an-old-key",
    what: "a challenge issued after the agency's key went out of force",
    expected: refused("challenge_agency"),
    trust: ({ trust }) => ({ ...trust, agencies: trust.agencies.map((one) => ({ ...one, until: "2019-12-31" })) }),
    build: ({ challenged }) => challenged.bytes,
  },
  {
    id: "challenge-other-seed",
    what: "a challenge of the same id with a seed that the vendor prefers",
    expected: refused("challenge_mismatch"),
    build: (stage) => withChallenge(stage, { seed: "77".repeat(32) }).seal(),
  },
  {
    id: "challenge-other-seed-agreed",
    what: "the same, and the seed in run.json put right",
    expected: refused("challenge_facts"),
    build: (stage) =>
      withChallenge(stage, { seed: "77".repeat(32) })
        .run((meta) => (meta.challenge.seed = "77".repeat(32)))
        .seal(),
  },
  {
    id: "challenge-of-another-id",
    what: "the challenge renamed in the bundle, not in the recording",
    expected: refused("challenge_mismatch"),
    build: (stage) => {
      const id = "fedcba9876543210";
      const forgery = withChallenge(stage, { id }).run((meta) => (meta.challenge.id = id));
      forgery.facts.challenge = id;
      return forgery.seal();
    },
  },
  {
    id: "challenge-of-another-candidate",
    what: "a challenge that the agency issued for another product",
    expected: refused("challenge_candidate"),
    build: (stage) =>
      withChallenge(stage, {
        candidate: { vendor: "Projet de démonstration", product: "Autre", version: "1.0" },
      }).seal(),
  },
  {
    id: "challenge-expired",
    what: "a challenge that had expired before the run",
    expected: refused("challenge_dates"),
    build: (stage) => withChallenge(stage, { notAfter: "2021-01-01T00:00:00.000Z" }).seal(),
  },
  {
    id: "challenge-later",
    what: "evidence older than the challenge that is said to have asked for it",
    expected: refused("challenge_dates"),
    build: (stage) => withChallenge(stage, { issuedAt: "2099-01-01T00:00:00.000Z" }).seal(),
  },
  {
    id: "challenge-no-challenge",
    what: "a challenge without a seed",
    expected: refused("challenge_unreadable"),
    build: (stage) => withChallenge(stage, { seed: "" }).seal(),
  },
  {
    id: "challenge-label",
    what: "a label envelope of the agency in place of a challenge",
    expected: refused("envelope_type"),
    build: (stage) => {
      const forgery = new Forgery(stage, stage.challenged);
      const envelope = JSON.parse(forgery.text(CHALLENGE));
      envelope.payloadType = "application/vnd.segur.label+json";
      return forgery.put(CHALLENGE, JSON.stringify(envelope)).seal();
    },
  },
  {
    id: "evidence-of-before",
    what: "scenarios of an earlier run without challenge under the challenge: the fixtures' patients, not the drawn ones",
    expected: refused("challenge_facts"),
    build: (stage) => {
      const forgery = new Forgery(stage, stage.challenged);
      const patient = new Forgery(stage).opened().data.facts.patient;
      return forgery
        .records("events", (events) => {
          for (const event of events) {
            if (event.kind === "scenario.open" && event.data.facts.patient) event.data.facts.patient = patient;
          }
        })
        .digest()
        .seal();
    },
  },
  {
    id: "order-of-ones-own",
    what: "the scenarios of a challenge in another order than the drawn one",
    expected: refused("challenge_facts"),
    build: (stage) => new Forgery(stage, stage.challenged).records("events", inReverse).digest().seal(),
  },
  {
    id: "bytes-without-traces",
    what: "raw bytes that carry nothing of what was drawn, under scenarios that say they do",
    expected: refused("challenge_traces"),
    build: (stage) => withoutTraces(stage).digest().seal(),
  },
];

/** One scenario after the other, the last one first. Ids and times stay in order: only who was played when is another. */
function inReverse(events: readonly Loose[]): Loose[] {
  const keys = [...new Set(events.flatMap(({ scenario }) => (scenario === null ? [] : [scenario as string])))];
  const first = events.findIndex(({ scenario }) => scenario !== null);
  const beside = events.filter(({ scenario }) => scenario === null);
  const before = events.slice(0, first);
  const after = beside.slice(before.length);
  const played = keys.reverse().flatMap((key) => events.filter(({ scenario }) => scenario === key));
  return [...before, ...played, ...after].map((event, index) => ({
    ...event,
    id: events[index].id,
    at: events[index].at,
  }));
}
