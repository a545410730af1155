/** What a campaign and its worker processes say to each other. */
import type { CampaignContext } from "./context.js";
import type { CampaignEntry } from "./entry.js";

export interface ToWorker {
  readonly path: string;
}

export type FromWorker =
  /** Once, when it can work. */
  | { readonly kind: "ready"; readonly context: CampaignContext }
  /** `rss`: memory of the process, in bytes. */
  | { readonly kind: "verified"; readonly entry: CampaignEntry; readonly rss: number }
  | { readonly kind: "unread" }
  /** Verifying threw, which it never does for what stands in a bundle. `text` is for our own log. */
  | { readonly kind: "fault"; readonly text: string };
