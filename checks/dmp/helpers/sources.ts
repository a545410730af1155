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
  kitSearch: "TD3.1 and TD3.2 sample messages of the DMP editor kit v02.05.00",
  kitUpdate: "TD3.3c and TD3.3d sample messages of the DMP editor kit v02.05.00",
  nist: "ITI-41 requests of the NIST XDS toolkit (tests/corpus)",
} as const;

/** Texts on the life of a document in the DMP, said once. */
export const LIFE = {
  query: "IHE ITI TF-2 §3.18.4.1.2, Registry Stored Query (dmp.md §1.1, §2.2)",
  retrieve: "IHE ITI TF-2 §3.43.4.1.2, Retrieve Document Set (dmp.md §1.1)",
  update: "IHE ITI TF-2 §3.57.4.1.3, Update Document Set (dmp.md §2.5)",
  pdsm: "projet de guide ANS PDSm pour le DMP (dmp.md §5, S1)",
  /** A row of the register, read in the working copy of the REM of February 2023. */
  row: (id: string, says: string): string => `REM ${id}, working copy of February 2023: ${says}`,
  integrators: (rule: string): string => `${rule}, cité par des intégrateurs (dmp.md §5, S9 S14)`,
} as const;
