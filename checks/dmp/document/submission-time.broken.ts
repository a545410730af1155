import { defineBroken } from "../../../core/model/index.js";

const TIME = /(?<=name="submissionTime">[\s\S]{0,60}<[^>]*Value>)[^<]*/;

/** Moves the reception away from what the set says, in seconds. */
const later = (startedAt: string, seconds: number): string =>
  new Date(Date.parse(startedAt) + seconds * 1000).toISOString();

export default defineBroken({
  check: "dmp/submission-time",
  mutations: [
    {
      id: "no time",
      message: "missing",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="submissionTime"', 'name="sentTime"'),
    },
    {
      id: "ISO 8601",
      message: "form",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), TIME, "2026-11-21T18:30:00Z"),
    },
    {
      id: "12-hour format in the afternoon",
      message: "not_utc",
      // Twelve hours before the documents it holds; a set that merely leaves twelve hours later is right.
      edit: (r) => {
        const upload = r.exchange("dmp.submit");
        r.replaceInRequest(
          upload,
          TIME,
          later(upload.startedAt, -12 * 3600)
            .replace(/\D/g, "")
            .slice(0, 14),
        );
      },
    },
    {
      id: "French local time",
      message: "not_utc",
      edit: (r) => {
        const upload = r.exchange("dmp.submit");
        r.patchExchange(upload, { startedAt: later(upload.startedAt, -3600) });
      },
    },
    {
      id: "clock twenty minutes slow",
      message: "clock",
      edit: (r) => {
        const upload = r.exchange("dmp.submit");
        r.patchExchange(upload, { startedAt: later(upload.startedAt, 1200) });
      },
    },
    {
      id: "date alone",
      message: "short",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), TIME, "20261121"),
    },
  ],
  defects: [
    {
      defect: "dmp-local-time",
      message: "not_utc",
      scenarios: ["dmp-submit"],
      collateral: [{ check: "dmp/document-times", reason: "the same clock writes the times of the document" }],
    },
  ],
});
