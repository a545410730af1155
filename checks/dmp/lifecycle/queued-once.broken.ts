import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Copies the last upload of the scenario, `count` times, after it. */
function again(r: RecordingEditor, scenario: string, count: number) {
  const last = r.exchanges("dmp.submit", scenario).slice(-1)[0];
  if (!last) throw new Error(`no upload in ${scenario}`);
  return Array.from({ length: count }, (_, index) =>
    r.duplicate(last, { at: new Date(Date.parse(last.startedAt) + 1 + index).toISOString() }),
  );
}

export default defineBroken({
  check: "dmp/queued-once",
  mutations: [
    {
      id: "forgotten",
      message: "not_sent",
      edit: (r) => r.remove(r.exchange("dmp.submit", "dmp-unavailable-queue")),
    },
    {
      id: "sent again once it was there",
      message: "again",
      edit: (r) => {
        again(r, "dmp-unavailable-queue", 1);
      },
    },
    {
      id: "sent again under another id",
      message: "duplicate",
      edit: (r) => {
        for (const copy of again(r, "dmp-unavailable-queue", 1)) {
          r.replaceInRequest(copy, /(?<="urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"[^>]*value=")[^"]*/, "1.2.3.4");
        }
      },
    },
    {
      id: "refused four times",
      message: "burst",
      edit: (r) => {
        again(r, "dmp-answer-lost", 3);
      },
    },
  ],
  defects: [
    {
      defect: "dmp-replay-duplicates",
      message: "duplicate",
      scenarios: ["dmp-answer-lost"],
    },
    {
      defect: "dmp-replay-storm",
      message: "again",
      scenarios: ["dmp-unavailable-queue", "dmp-answer-lost"],
      collateral: [
        { check: "dmp/retry-after-refusal", reason: "the copies are refused and sent on" },
        { check: "dmp/unique-identifiers", reason: "a set the DMP has is sent again" },
      ],
    },
  ],
});
