/** Proofs that are not those declared, and countersignatures over something else. */
import { COUNTERSIGNATURE_FORMAT, countersignedFacts, signCountersignature } from "../../core/seal/countersignature.js";
import { type HostileCase, refused } from "./case.js";
import { Forgery } from "./forge.js";
import type { Stage } from "./stage.js";

const EVENTS = "recording/events.jsonl";

export const PROOF_CASES: readonly HostileCase[] = [
  {
    id: "proof-replaced",
    what: "a file of proof replaced after sealing",
    expected: refused("manifest_hash"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) => {
          const name = [...files.keys()].find((one) => one.startsWith("proofs/")) ?? "";
          files.set(name, Buffer.alloc(files.get(name)?.length ?? 0, "x"));
        },
      }),
  },
  {
    id: "proof-missing",
    what: "a proof that the run declares, neither in the bundle nor listed",
    expected: refused("proof_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      const [gone] = forgery.facts.proofs.splice(0, 1) as { file: string }[];
      forgery.files.delete(gone?.file ?? "");
      return forgery.seal();
    },
  },
  {
    id: "proof-more",
    what: "a listed file among the proofs that no proof names",
    expected: refused("proof_mismatch"),
    build: (stage) => new Forgery(stage).put("proofs/0009-1.pdf", "more").seal(),
  },
  {
    id: "proof-for-another-row",
    what: "a proof shown under an id that the run does not declare",
    expected: refused("proof_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.facts.proofs[0].id = "AUTRE.01";
      return forgery.seal();
    },
  },
  {
    id: "proof-outside",
    what: "a proof whose file is the recording itself",
    expected: refused("proof_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.facts.proofs[0].file = EVENTS;
      return forgery.seal();
    },
  },
  {
    id: "proof-of-another-proof",
    what: "a proof shown with the file of another: run.json and the manifest name two files for one id",
    expected: refused("proof_mismatch"),
    build: (stage) => {
      const forgery = supply(new Forgery(stage), "ANN/va1.02.01.01", "a screen");
      forgery.facts.proofs.at(-1).file = forgery.facts.proofs[0].file;
      return forgery.seal({ before: (files) => files.delete("proofs/9999-1.png") });
    },
  },
  {
    id: "proof-shown-twice",
    what: "one file listed twice for one proof, which the run says has two",
    expected: refused("proof_mismatch"),
    build: (stage) => {
      const forgery = supply(new Forgery(stage), "ANN/va1.02.01.01", "a screen", { files: 2 });
      return forgery.seal();
    },
  },
  {
    id: "shared-proof-spoilt",
    what: "one file that two proofs share, changed after sealing",
    expected: refused("manifest_hash"),
    build: (stage) => {
      const forgery = supply(new Forgery(stage), "ANN/va1.02.01.01", "a screen");
      supply(forgery, "ANN/va1.03.01.01", "a screen");
      return forgery.rejudge().seal({ after: (files) => files.set("proofs/9999-1.png", Buffer.from("A screen")) });
    },
  },
  {
    id: "proof-name-climbs",
    what: "a proof whose name, for whoever takes it out of the bundle, is ../../.bashrc",
    expected: refused("manifest_unreadable"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.facts.proofs[0].name = "../../.bashrc";
      return forgery.seal();
    },
  },
  {
    id: "proof-file-climbs",
    what: "a proof whose file in the bundle is proofs/../run.json",
    expected: refused("proof_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage).run(({ config }) => {
        for (const proof of Object.values<{ files: string[] }>(config.proofs)) proof.files[0] = "proofs/../run.json";
      });
      forgery.facts.proofs[0].file = "proofs/../run.json";
      return forgery.seal();
    },
  },
  {
    id: "countersigned-by-vendor",
    what: "a countersignature that the vendor made itself",
    expected: refused("countersignature_agency"),
    build: (stage) => countersigned(stage, stage.vendor).seal(),
  },
  {
    id: "countersignature-of-another-run",
    what: "the agency's countersignature of another run",
    expected: refused("countersignature_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      const foreign = countersigned(stage, stage.agency, new Forgery(stage, stage.other));
      return forgery.put("countersignature.dsse.json", foreign.text("countersignature.dsse.json")).seal();
    },
  },
  {
    id: "edited-after-countersignature",
    what: "a condition answered otherwise in run.json after the agency countersigned",
    expected: refused("countersignature_mismatch"),
    build: (stage) =>
      countersigned(stage, stage.agency)
        .run(({ config }) => {
          config.conditions["other-identification-means"] = { applies: false, justification: "Pro Santé Connect seul" };
        })
        .rejudge()
        .seal(),
  },
  {
    id: "stream-edited-after-countersignature",
    what: "a byte of a stream changed after the agency countersigned, judged and signed again",
    expected: refused("countersignature_mismatch"),
    build: (stage) => {
      const forgery = countersigned(stage, stage.agency);
      const { name, start } = forgery.request("dmp.submit");
      const bytes = Buffer.from(forgery.files.get(name) ?? []);
      bytes.write("PUT ", start);
      return forgery.put(name, bytes).rejudge().seal();
    },
  },
];

/** A countersignature over what the forgery holds, by a key. */
export function countersigned(stage: Stage, key: Stage["agency"], forgery = new Forgery(stage)): Forgery {
  const { run, recording, candidate } = forgery.facts as {
    run: { id: string };
    recording: string;
    candidate: { vendor: string; product: string; version: string };
  };
  const statement = signCountersignature(
    {
      format: COUNTERSIGNATURE_FORMAT,
      issuer: "Agence fictive",
      run: { id: run.id, sha256: countersignedFacts(JSON.parse(forgery.text("run.json")) as { config: object }) },
      recording,
      candidate,
      on: "2026-11-21T12:00:00.000Z",
    },
    key,
  );
  return forgery.put("countersignature.dsse.json", statement);
}

/** A proof more, of one file (or the same one listed several times), in run.json and in the manifest. */
export function supply(
  forgery: Forgery,
  id: string,
  content: string,
  {
    files = 1,
    ...more
  }: { readonly files?: number; readonly review?: object; readonly facts?: object; readonly on?: string } = {},
): Forgery {
  const name = "proofs/9999-1.png";
  const names = Array.from({ length: files }, () => name);
  forgery.put(name, content).run(({ config }) => {
    config.proofs[id] = { files: names, ...more };
  });
  for (const file of names) forgery.facts.proofs.push({ id, name: "screen.png", file });
  return forgery;
}
