/** The official rules on the page: the tree that judged, then each document that is not simply accepted, layer by layer. */
import type { OfficialDocument, OfficialRun, OfficialState } from "../../core/model/index.js";
import type { Facts } from "../facts.js";
import {
  documentNotes,
  type LayerLines,
  layerLines,
  OFFICIAL_WORDS,
  officialCounts,
  type OfficialWords,
  type Pen,
  placeText,
} from "../official.js";
import type { NamedValue } from "./checks-view.js";

export interface OfficialView {
  readonly t: OfficialWords;
  readonly about: readonly NamedValue[];
  readonly documents: readonly OfficialDocumentView[];
  readonly more: string | null;
}

interface OfficialDocumentView {
  readonly place: string;
  readonly digest: string;
  readonly state: string;
  readonly tone: string;
  readonly notes: readonly string[];
  readonly caption: string;
  readonly layers: readonly (LayerLines & { readonly tone: string; readonly note: string })[];
}

const DOCUMENTS_MAX = 200;
const FAILURES_MAX = 10;

const TONES: Readonly<Record<OfficialState, string>> = {
  accepted: "good",
  rejected: "bad",
  incomplete: "wait",
  not_judged: "wait",
};
const LAYER_TONES = { passed: "good", failed: "bad", not_run: "wait" } as const;

/** Rejected documents first: a reader looks for them. */
const ORDER: readonly OfficialState[] = ["rejected", "incomplete", "not_judged", "accepted"];

export function penOf(facts: Facts): Pen {
  return {
    lang: facts.input.lang,
    number: (value) => facts.number(value),
    foreign: (text) => facts.foreign(text),
  };
}

export function officialView(facts: Facts, run: OfficialRun): OfficialView {
  const pen = penOf(facts);
  const t = OFFICIAL_WORDS[pen.lang];
  const sorted = ORDER.flatMap((state) => run.documents.filter((document) => document.state === state));
  const left = sorted.length - DOCUMENTS_MAX;
  const counts = officialCounts(run, pen);
  return {
    t,
    about: [
      { name: t.digest, value: facts.foreign(run.tree.digest) },
      ...(run.tree.commit === null ? [] : [{ name: t.commit, value: facts.foreign(run.tree.commit) }]),
      { name: t.files, value: facts.number(run.tree.files) },
      {
        name: t.documents,
        value: `${facts.number(run.documents.length)}${counts === "" ? "" : `${facts.t.colon}${counts}`}`,
      },
    ],
    documents: sorted.slice(0, DOCUMENTS_MAX).map((document) => documentView(document, pen)),
    more: left > 0 ? t.more(facts.number(left)) : null,
  };
}

function documentView(document: OfficialDocument, pen: Pen): OfficialDocumentView {
  const t = OFFICIAL_WORDS[pen.lang];
  const place = placeText(document, pen);
  return {
    place,
    digest: document.sha256.slice(0, 12),
    state: t.states[document.state],
    tone: TONES[document.state],
    notes: documentNotes(document, document.disagreement, pen),
    caption: `${t.title} ${place}`,
    layers: document.layers.map((layer) => {
      const lines = layerLines(layer, document, pen, FAILURES_MAX);
      // What does not bear on the document is no open point of it.
      const tone = layer.applies ? LAYER_TONES[layer.state] : "mute";
      return { ...lines, tone, note: lines.notes.join(" ; ") };
    }),
  };
}
