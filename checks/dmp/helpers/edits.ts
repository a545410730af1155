/** Edits that the broken cases of the DMP share. */
import type { RecordingEditor } from "../../../core/model/index.js";

type Edit = (recording: RecordingEditor) => void;

/** Replaces text in the upload of the ordinary scenario. */
export function changeUpload(from: string | RegExp, to: string): Edit {
  return (r) => r.replaceInRequest(r.exchange("dmp.submit", "dmp-submit"), from, to);
}

/** Replaces text in the existence test of the ordinary scenario. */
export function changeQuestion(from: string | RegExp, to: string): Edit {
  return (r) => r.replaceInRequest(r.exchange("dmp.exists", "dmp-submit"), from, to);
}

/** Value of the ExternalIdentifier of that scheme, in the bytes. */
export function identifierValue(scheme: string): RegExp {
  return new RegExp(`(?<=identificationScheme="${scheme}"[^>]*value=")[^"]*`);
}
