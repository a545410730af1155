import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Replaces text in the first retrieval of the scenario. */
function retrieval(from: string | RegExp, to: string): (r: RecordingEditor) => void {
  return (r) => r.replaceInRequest(r.exchange("dmp.retrieve", "dmp-retrieve"), from, to);
}

export default defineBroken({
  check: "dmp/retrieve-request",
  mutations: [
    {
      id: "no document named",
      message: "unreadable",
      edit: retrieval(/<x:DocumentRequest>.*<\/x:DocumentRequest>/, ""),
    },
    {
      id: "repository left out",
      message: "incomplete",
      edit: retrieval(/<x:RepositoryUniqueId>[^<]*<\/x:RepositoryUniqueId>/, ""),
    },
    {
      id: "empty document id",
      message: "incomplete",
      edit: retrieval(/(?<=<x:DocumentUniqueId>)[^<]*/, ""),
    },
    {
      id: "repository of somebody else",
      message: "repository",
      edit: retrieval(/(?<=<x:RepositoryUniqueId>)[^<]*/, "1.2.250.1.999.7.7"),
    },
  ],
  defects: [{ defect: "dmp-retrieve-other-repository", message: "repository", scenarios: ["dmp-retrieve"] }],
});
