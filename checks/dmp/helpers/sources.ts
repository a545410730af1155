/** Where the rules of this slice are read, said once. Keys S1… are those of the domain notes dmp.md, section 9. */
export const SOURCE = {
  vihf: "CI-SIS, Transmission d'un document CDA-R2, mapping du VIHF (dmp.md §3, S2)",
  metadata: "CI-SIS, Transmission d'un document CDA-R2, mapping des métadonnées XDS (dmp.md §2.3, S2)",
  iti41: "IHE ITI TF-2 §3.41, Provide and Register Document Set-b (dmp.md §2.1, S16)",
  guide: "SEL-MP-037 (guide d'intégration DMP), cité par des intégrateurs",
} as const;

/** Official samples that agree. */
export const WITNESS = {
  kitVihf: "VIHF samples of the DMP editor kit v02.05.00 (INDIRECTE and INDIRECTE_RENFORCEE)",
  kitMessages: "TD0.2 and TD2.1 sample messages of the DMP editor kit v02.05.00",
  nist: "ITI-41 requests of the NIST XDS toolkit (tests/corpus)",
} as const;
