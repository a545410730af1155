/**
 * The browser of a run: starts where the vendor says, follows redirects with cookies, answers the login page of our PSC,
 * and ends back at the vendor. Calls to the vendor are recorded (`vendor.agent`); calls to PSC are recorded there. It
 * goes nowhere but to our services and to the vendor's own hosts.
 */
import http, { type IncomingHttpHeaders } from "node:http";
import https from "node:https";
import net from "node:net";
import type { Recorder } from "../core/model/index.js";
import { CookieJar } from "./cookie-jar.js";
import type { Browse } from "./http.js";
import { recordedCall } from "./recorded-call.js";

export interface UserAgentOptions {
  readonly recorder: Recorder;
  /** PEM certificates to trust: the test root and the vendor's own. */
  readonly ca: readonly string[];
  /** Listeners of PSC as running: reached at their address and port whatever name they are served under. */
  readonly services: readonly { readonly address: string; readonly port: number; readonly url: string }[];
  /** Addresses of the vendor (base URL, redirect and logout URIs); other hosts are refused. */
  readonly vendor: readonly string[];
}

const MAX_HOPS = 20;
const MAX_PAGE = 1024 * 1024;

interface Page {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Visit {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly body: string | null;
}

/**
 * Cookies last as long as a scenario: each scenario begins in a clean browser.
 * The walk rejects on a network failure or an aborted signal; `ok` is false when it ended on an error page, too far, or
 * in front of a foreign host.
 */
export function userAgent(options: UserAgentOptions): Browse {
  const jars = new Map<string, CookieJar>();
  return async (start, hints) => {
    const key = hints.scenario ?? options.recorder.currentScenario("vendor") ?? "";
    const jar = jars.get(key) ?? new CookieJar();
    jars.set(key, jar);
    // A browser keeps its connection to the login pages; calls to the vendor are one connection each, for the recording.
    const kept = new https.Agent({ keepAlive: true });
    try {
      const trail: string[] = [];
      let visit: Visit = { url: new URL(start), method: "GET", body: null };
      for (let hop = 0; hop < MAX_HOPS; hop += 1) {
        const service = serviceAt(options, visit.url);
        const end = (ok: boolean, why = "") => ({
          ok,
          detail: `${trail.join(" > ")}${why}`,
          finalUrl: bare(visit.url),
        });
        if (!/^https?:$/.test(visit.url.protocol)) return end(false, ` > refused to open ${visit.url.protocol}`);
        if (!service && !isVendor(options, visit.url)) return end(false, ` > refused to go to ${visit.url.host}`);
        const page: Page = await load(options, jar, visit, service, kept, hints);
        trail.push(`${page.status} ${bare(visit.url)}`);
        const following = redirect(visit, page) ?? (service ? submission(visit.url, page, hints.professional) : null);
        if (!following) return end(page.status < 400);
        visit = following;
      }
      return { ok: false, detail: `${trail.join(" > ")} > too many steps`, finalUrl: bare(visit.url) };
    } finally {
      kept.destroy();
    }
  };
}

/** Without query: what goes into an answer must not carry codes. */
function bare(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

type ServiceListener = UserAgentOptions["services"][number];

function serviceAt(options: UserAgentOptions, url: URL): ServiceListener | null {
  const named = options.services.find((listener) => new URL(listener.url).host === url.host);
  if (named) return named;
  const local = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  return (local && options.services.find(({ port }) => String(port) === url.port)) || null;
}

function isVendor(options: UserAgentOptions, url: URL): boolean {
  return options.vendor.some((address) => parseUrl(address)?.hostname === url.hostname);
}

async function load(
  options: UserAgentOptions,
  jar: CookieJar,
  visit: Visit,
  service: ServiceListener | null,
  kept: https.Agent,
  { scenario, signal }: { readonly scenario?: string; readonly signal: AbortSignal },
): Promise<Page> {
  const recorded = service
    ? null
    : recordedCall(options.recorder, {
        listener: "agent",
        operation: "vendor.agent",
        ca: options.ca,
        ...(scenario === undefined ? {} : { scenario }),
      });
  const cookies = jar.header(visit.url);
  const headers: Record<string, string> = {
    host: visit.url.host,
    accept: "text/html,*/*",
    ...(cookies === null ? {} : { cookie: cookies }),
    ...(visit.body === null
      ? {}
      : {
          "content-type": "application/x-www-form-urlencoded",
          "content-length": String(Buffer.byteLength(visit.body)),
        }),
  };
  let complete = false;
  try {
    const page = await new Promise<Page>((resolve, reject) => {
      const secure = visit.url.protocol === "https:";
      const send = secure ? https.request : http.request;
      const request = send(
        {
          method: visit.method,
          path: `${visit.url.pathname}${visit.url.search}`,
          headers,
          signal,
          host: service ? service.address : visit.url.hostname.replace(/^\[|\]$/g, ""),
          port: service ? service.port : visit.url.port || (secure ? 443 : 80),
          agent: recorded ? (secure ? recorded.httpsAgent : recorded.httpAgent) : secure ? kept : false,
          ...(secure ? { ca: [...options.ca], ...nameOf(visit.url) } : {}),
        },
        (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on("data", (chunk: Buffer) => {
            size += chunk.length;
            if (size > MAX_PAGE) request.destroy(new Error(`a page of more than ${MAX_PAGE} bytes`));
            else chunks.push(chunk);
          });
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString("utf8"),
            }),
          );
        },
      );
      request.on("error", reject);
      request.end(visit.body ?? undefined);
    });
    complete = true;
    jar.store(visit.url, page.headers["set-cookie"] ?? []);
    return page;
  } finally {
    recorded?.done(complete);
  }
}

function nameOf({ hostname }: URL): { servername?: string } {
  return net.isIP(hostname.replace(/^\[|\]$/g, "")) ? {} : { servername: hostname };
}

function redirect(visit: Visit, page: Page): Visit | null {
  const { location } = page.headers;
  if (page.status < 300 || page.status > 399 || location === undefined) return null;
  const url = parseUrl(location, visit.url.href);
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  const same = page.status === 307 || page.status === 308;
  return { url, method: same ? visit.method : "GET", body: same ? visit.body : null };
}

/** The form of a PSC page, filled in: hidden fields, the professional hinted at (else the one checked), the first button. */
function submission(at: URL, page: Page, professional: string | null): Visit | null {
  if (page.status !== 200 || !/html/.test(page.headers["content-type"] ?? "")) return null;
  const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page.body);
  const action = form && attribute(form[1] ?? "", "action");
  if (!form || action === null || attribute(form[1] ?? "", "method")?.toLowerCase() !== "post") return null;
  const fields = new URLSearchParams();
  const inputs = [...(form[2] ?? "").matchAll(/<input\b([^>]*)>/gi)].map((match) => match[1] ?? "");
  for (const input of inputs.filter((text) => attribute(text, "type") === "hidden")) {
    fields.append(attribute(input, "name") ?? "", attribute(input, "value") ?? "");
  }
  const radios = inputs.filter((text) => attribute(text, "type") === "radio");
  const chosen =
    radios.find(
      (text) => professional !== null && [attribute(text, "data-key"), attribute(text, "value")].includes(professional),
    ) ?? radios.find((text) => /\schecked\b/i.test(text));
  if (chosen !== undefined) fields.append(attribute(chosen, "name") ?? "", attribute(chosen, "value") ?? "");
  const button = /<button\b([^>]*)>/i.exec(form[2] ?? "")?.[1] ?? "";
  const name = attribute(button, "name");
  if (name !== null) fields.append(name, attribute(button, "value") ?? "");
  const url = parseUrl(action, at.href);
  return url ? { url, method: "POST", body: fields.toString() } : null;
}

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(tag);
  const text = value?.[1] ?? value?.[2];
  if (text === undefined) return null;
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** URL.parse of later Node versions. */
function parseUrl(text: string, base?: string): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}
