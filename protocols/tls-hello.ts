/**
 * Reader of a TLS ClientHello as recorded: what the client offered, before anything was negotiated. RFC 8446 §4.1.2
 * (TLS 1.3), RFC 5246 §7.4.1.2 (TLS 1.2), RFC 6066 §3 (server_name), RFC 7301 §3.1 (ALPN). Bounded, never throws.
 */

export interface ClientHello {
  /** `legacy_version` of the hello, such as `TLSv1.2`; in TLS 1.3 it is frozen there and says nothing. */
  readonly legacyVersion: string;
  /**
   * Versions offered, in the client's order, GREASE left out: those of supported_versions when it is there, else the
   * hello's version alone (the client's highest; RFC 5246 has no way to say which older ones it would accept).
   */
  readonly versions: string[];
  /** IANA numbers in the client's order, GREASE left out. */
  readonly cipherSuites: number[];
  readonly serverName: string | null;
  readonly alpn: string[];
}

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const ALPN = 16;
const SUPPORTED_VERSIONS = 43;
/** A hello larger than this is not read; real ones stay under 4 kB, even with post-quantum key shares. */
const MAX_HELLO = 64 * 1024;

/** Reads the first TLS record(s) of a client. Null when they are not a whole ClientHello. */
export function readClientHello(bytes: Uint8Array): ClientHello | null {
  const handshake = joinRecords(bytes);
  if (!handshake) return null;
  const head = new Reader(handshake);
  if (head.u8() !== CLIENT_HELLO) return null;
  const body = head.take(head.u24());
  if (!body) return null;

  const hello = new Reader(body);
  const legacy = hello.u16();
  hello.take(32); // random
  hello.take(hello.u8()); // session id
  const suites = hello.vector16();
  hello.take(hello.u8()); // compression methods
  if (hello.broken || !suites || suites.length % 2 !== 0) return null;

  const result = {
    legacyVersion: versionName(legacy),
    versions: [versionName(legacy)],
    cipherSuites: numbers(suites).filter((suite) => !isGrease(suite)),
    serverName: null as string | null,
    alpn: [] as string[],
  };
  if (hello.left === 0) return result; // extensions are optional before TLS 1.3
  const extensions = hello.vector16();
  if (!extensions) return null;

  const list = new Reader(extensions);
  while (list.left > 0) {
    const type = list.u16();
    const data = list.vector16();
    if (!data) return null;
    if (type === SERVER_NAME) result.serverName = readServerName(data);
    else if (type === ALPN) result.alpn = readAlpn(data);
    else if (type === SUPPORTED_VERSIONS) {
      const offered = new Reader(data);
      const versions = offered.take(offered.u8());
      if (!versions || versions.length % 2 !== 0) return null;
      result.versions = numbers(versions)
        .filter((version) => !isGrease(version))
        .map(versionName);
    }
  }
  return result;
}

/** A hello may be cut over several records (RFC 8446 §5.1). Gives the handshake bytes, null when they are cut short. */
function joinRecords(bytes: Uint8Array): Uint8Array | null {
  const records = new Reader(bytes.subarray(0, MAX_HELLO));
  const parts: Uint8Array[] = [];
  let have = 0;
  while (records.left > 0) {
    if (records.u8() !== HANDSHAKE_RECORD) return null;
    if (records.u8() !== 3) return null;
    records.u8();
    const fragment = records.vector16();
    if (!fragment || fragment.length === 0) return null;
    parts.push(fragment);
    have += fragment.length;
    const joined = Buffer.concat(parts);
    if (have >= 4 && have >= 4 + joined.readUIntBE(1, 3)) return joined;
  }
  return null;
}

function readServerName(data: Uint8Array): string | null {
  const names = new Reader(new Reader(data).vector16() ?? new Uint8Array(0));
  while (names.left > 0) {
    const type = names.u8();
    const name = names.vector16();
    if (!name) return null;
    if (type === 0) return Buffer.from(name).toString("latin1");
  }
  return null;
}

function readAlpn(data: Uint8Array): string[] {
  const names = new Reader(new Reader(data).vector16() ?? new Uint8Array(0));
  const found: string[] = [];
  while (names.left > 0) {
    const name = names.take(names.u8());
    if (!name) break;
    found.push(Buffer.from(name).toString("latin1"));
  }
  return found;
}

function versionName(version: number): string {
  if (version === 0x0300) return "SSLv3";
  if (version >= 0x0301 && version <= 0x0304) return version === 0x0301 ? "TLSv1" : `TLSv1.${(version & 0xff) - 1}`;
  return `0x${version.toString(16).padStart(4, "0")}`;
}

/** Reserved values that clients throw in to keep servers tolerant (RFC 8701). */
function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

function numbers(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) found.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  return found;
}

/** Reads forward within bounds; once something is missing, `broken` stays true and every read gives zero or null. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  broken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.broken ? 0 : this.#bytes.length - this.#at;
  }

  take(count: number): Uint8Array | null {
    if (this.broken || count > this.left) {
      this.broken = true;
      return null;
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  u8(): number {
    return this.take(1)?.[0] ?? 0;
  }

  u16(): number {
    const pair = this.take(2);
    return pair ? ((pair[0] ?? 0) << 8) | (pair[1] ?? 0) : 0;
  }

  u24(): number {
    const high = this.u8();
    return (high << 16) | this.u16();
  }

  /** Bytes preceded by their length on 16 bits. */
  vector16(): Uint8Array | null {
    return this.take(this.u16());
  }
}
