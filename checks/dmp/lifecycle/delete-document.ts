/** TD3.3c: the deletion names the document the user chose, and only an author asks for it. */
import { defineCheck } from "../../../core/model/index.js";
import { parseXcn } from "../../../protocols/xds.js";
import { callOf } from "../helpers/call.js";
import { updateOf } from "../helpers/consultation.js";
import { lastDescribed } from "../helpers/registry.js";
import { LIFE } from "../helpers/sources.js";
import { judgeStatusUpdate, STATUS_MESSAGES } from "../helpers/status-update.js";
import { asked, type Asked, member, textOf } from "../helpers/steps.js";
import type { Report } from "../../../core/model/index.js";

const DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted";

export default defineCheck({
  id: "dmp/delete-document",
  title: {
    fr: "La suppression (TD3.3c) porte sur le document choisi",
    en: "The deletion (TD3.3c) is about the document chosen",
  },
  reads: ["dmp.submit", "dmp.search", "dmp.update"],
  scenarios: ["dmp-update-delete"],
  messages: {
    ...STATUS_MESSAGES,
    not_author: {
      weight: "remark",
      source: `${LIFE.pdsm}: only the author may delete (the DMP checks it too)`,
      mark: "verified",
      witness: "none",
      fr: "La suppression du document « {document} » est demandée par « {user} », qui n'en est pas l'auteur ({authors}).",
      en: "The deletion of the document “{document}” is asked by “{user}”, who is not its author ({authors}).",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const one of asked(run, "dmp.update")) {
        if (member(one.step.input, "action") !== "delete") continue;
        judgeStatusUpdate(one, "delete", DELETED, report);
        judgeAuthor(one, report);
      }
    }
  },
});

function judgeAuthor({ run, step, calls }: Asked, report: Report): void {
  const document = textOf(member(step.input, "uniqueId"));
  const update = calls.find((x) => updateOf(x)?.operations.some((o) => o.kind === "status"));
  if (document === null || !update) return;
  const user = callOf(update)?.vihf?.nameId ?? null;
  const persons = lastDescribed(run, document, update)?.authors.flatMap((author) => author.persons) ?? [];
  const authors = persons.map((person) => parseXcn(person)?.id ?? person);
  if (user === null || authors.length === 0 || authors.includes(user)) return;
  const at = { exchange: update.id, side: "request" } as const;
  report.finding("not_author", at, { document, user, authors: authors.join(", ") });
}
