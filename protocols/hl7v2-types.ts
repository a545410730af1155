/** HL7 v2.5 data types as strings, the way XDS writes identifiers, persons and organisations (ITI TF-3 §4.2.3.1.7). */

/** HL7 v2.5 CX as XDS uses it: `id^^^&OID&ISO^type`. Members absent in the string are null. */
export interface Cx {
  readonly id: string | null;
  readonly oid: string | null;
  /** CX.4.3, `ISO` for an OID. */
  readonly authorityType: string | null;
  /** CX.5: `NH`, `PI`… */
  readonly type: string | null;
}

function components(value: string, separator: string): (string | null)[] {
  return value.split(separator).map((v) => (v === "" ? null : v));
}

/** Reads a CX; null for null. Never throws. */
export function parseCx(value: string | null): Cx | null {
  if (value === null) return null;
  const parts = components(value.trim(), "^");
  const authority = components(parts[3] ?? "", "&");
  return {
    id: parts[0] ?? null,
    oid: authority[1] ?? null,
    authorityType: authority[2] ?? null,
    type: parts[4] ?? null,
  };
}

/** HL7 v2.5 XCN: a person (or a device) with its identifier. */
export interface Xcn {
  readonly id: string | null;
  readonly familyName: string | null;
  readonly givenName: string | null;
  readonly oid: string | null;
  /** XCN.9.3, `ISO` for an OID. */
  readonly authorityType: string | null;
  /** XCN.10: `D` a person, `U` a system. */
  readonly nameType: string | null;
  /** XCN.13: `IDNPS`, `RI`… */
  readonly identifierType: string | null;
}

export function parseXcn(value: string | null): Xcn | null {
  if (value === null) return null;
  const parts = components(value.trim(), "^");
  return {
    id: parts[0] ?? null,
    familyName: parts[1] ?? null,
    givenName: parts[2] ?? null,
    oid: components(parts[8] ?? "", "&")[1] ?? null,
    authorityType: components(parts[8] ?? "", "&")[2] ?? null,
    nameType: parts[9] ?? null,
    identifierType: parts[12] ?? null,
  };
}

/** HL7 v2.5 XON: an organisation with its identifier in component 10. */
export interface Xon {
  readonly name: string | null;
  readonly oid: string | null;
  /** XON.6.3, `ISO` for an OID. */
  readonly authorityType: string | null;
  /** XON.7: `IDNST`… */
  readonly identifierType: string | null;
  readonly id: string | null;
}

export function parseXon(value: string | null): Xon | null {
  if (value === null) return null;
  const parts = components(value.trim(), "^");
  return {
    name: parts[0] ?? null,
    oid: components(parts[5] ?? "", "&")[1] ?? null,
    authorityType: components(parts[5] ?? "", "&")[2] ?? null,
    identifierType: parts[6] ?? null,
    id: parts[9] ?? null,
  };
}
