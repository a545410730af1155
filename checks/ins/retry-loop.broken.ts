import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** The failed search sent four times more, each just after the failure. */
function repeat(r: RecordingEditor, scenario: string): void {
  const call = r.exchange("ins.search", scenario);
  for (let again = 0; again < 4; again += 1) r.duplicate(call, { at: call.endedAt ?? call.startedAt });
}

export default defineBroken({
  check: "ins/retry-loop",
  mutations: [
    {
      id: "refused search repeated",
      message: "loop-after-refusal",
      edit: (r) => repeat(r, "ins-search-not-authorised"),
    },
    { id: "failed search repeated", message: "loop-after-failure", edit: (r) => repeat(r, "ins-search-fault") },
  ],
  defects: [
    {
      defect: "ins-retry-storm",
      message: "loop-after-refusal",
      scenarios: ["ins-search-not-authorised", "ins-search-found"],
    },
  ],
});
