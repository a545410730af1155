import { expect } from "chai";
import { type PlaceholderScope, placeholdersIn } from "../../../core/dossier/placeholders.js";
import { nameHolds, normalProofName } from "../../../core/dossier/proof-names.js";

function left(text: string, scope: PlaceholderScope): string[] {
  return placeholdersIn(text, scope).map(({ found }) => found);
}

describe("placeholders left in a text", () => {
  const ANYWHERE = [
    "Lorem ipsum dolor",
    "Nom : [à compléter]",
    "Nom : [A COMPLETER PAR L'EDITEUR]",
    "{à renseigner}",
    "<indiquer ici la version>",
    "« à préciser »",
    "[to be completed]",
  ];
  const IN_DOCUMENTS = [
    "version vXXXX",
    "v XX.X",
    "version X.X.X",
    "le logiciel XXX permet",
    "de xxxx à 18 h",
    "Bonjour {{nom_editeur}},",
    "TODO : écrire",
    "date TBD",
    "image à insérer",
  ];
  const IN_FORMS = [
    "Je soussigné <NOM>",
    "<Nom du logiciel>",
    "[Raison sociale]",
    "[Votre nom]",
    "« nom du logiciel »",
    "(à compléter)",
    "le JJ/MM/AAAA",
    "Fait à ........, le",
    "Signature : ________",
    "Nom : …………",
    "<date de signature>",
  ];

  for (const text of ANYWHERE) {
    it(`sees in every text: ${text}`, () => {
      for (const scope of ["trace", "document", "form"] as const) expect(left(text, scope), scope).to.have.length(1);
    });
  }
  for (const text of IN_DOCUMENTS) {
    it(`sees in a document, not in a log: ${text}`, () => {
      expect(left(text, "document")).to.have.length(1);
      expect(left(text, "form")).to.have.length(1);
      expect(left(text, "trace")).to.deep.equal([]);
    });
  }
  for (const text of IN_FORMS) {
    it(`sees in a form, not in a manual: ${text}`, () => {
      expect(left(text, "form")).to.have.length(1);
      expect(left(text, "document")).to.deep.equal([]);
    });
  }

  const ORDINARY = [
    "Nom du logiciel : Logiciel de référence",
    "Le formulaire à compléter par l'éditeur est joint.",
    "1. Introduction ........................ 3",
    "Annexe A ______________ iv",
    "________________________________",
    "Il faut TODO-listes et todo.",
    "au XXe siècle, taille XL, article XX",
    "06 xx xx xx 12",
    "Suite… et fin.",
    "Attendez...",
    "if (a < nombre && b > 3)",
    "Écrire à <camille@exemple.example>",
    "voir https://exemple.example/XXX/page",
    "Tension 12/8, dose 2 mg [voir note]",
    "[INFO] démarrage",
    "[Produit](https://exemple.example)",
    "version 1.0.0, v2, 10.x",
    "le chemin est /opt/xxxx/bin",
  ];
  for (const text of ORDINARY) {
    it(`lets pass: ${text}`, () => {
      expect(left(text, "form")).to.deep.equal([]);
    });
  }

  it("says where, once a line, and stops at a hundred", () => {
    expect(placeholdersIn("un\r\nXXX et XXX\rtrois\n[à compléter]", "document")).to.deep.equal([
      { found: "XXX", line: 2 },
      { found: "[à compléter]", line: 4 },
    ]);
    expect(placeholdersIn("XXX\n".repeat(5000), "form")).to.have.length(100);
  });

  it("costs little on hostile lines", () => {
    for (const piece of [
      "X",
      "X.",
      "x",
      "[",
      "< ",
      "(",
      "{{a",
      ". ",
      "…",
      "a_",
      "« ",
      "à ",
      "v",
      "JJ/",
      "[nom ",
      "é ",
    ]) {
      placeholdersIn(piece.repeat(1_000_000 / piece.length), "form");
      placeholdersIn(`${piece.repeat(1990 / piece.length)}\n`.repeat(500), "form");
    }
  });
});

describe("names of proof files", () => {
  it("hold an id whatever the signs between its parts", () => {
    for (const name of [
      "SSI-GEN.18.01.01.pdf",
      "SSI_GEN_18_01_01 formulaire.pdf",
      "preuve ssi gen 18 01 01.pdf",
      "ssigen180101.pdf",
      "SSI-GEN.18.01.01",
    ]) {
      expect(nameHolds(name, "SSI/GEN.18.01.01"), name).to.equal(true);
    }
    for (const name of [
      "SSI-GEN.18.01.pdf",
      "SSI-GEN.18.01.012.pdf",
      "ssigen1801012.pdf",
      "GEN.18.01.01.pdf",
      "formulaire.pdf",
      "",
    ]) {
      expect(nameHolds(name, "SSI/GEN.18.01.01"), name).to.equal(false);
    }
    expect(nameHolds("a.pdf", "")).to.equal(false);
  });

  it("are normalised to one that does", () => {
    expect(normalProofName("SSI/GEN.18.01.01", "Formulaire signé (v2).PDF")).to.equal(
      "SSI-GEN.18.01.01_Formulaire-signe-v2.pdf",
    );
    expect(normalProofName("PSC.01.01.01", "vidéo")).to.equal("PSC.01.01.01_video");
    expect(normalProofName("INS/va1.53.01.01", "../../etc/passwd")).to.equal("INS-va1.53.01.01_etc-passwd");
    for (const name of ["a b.mp4", "é.PNG", "....", "\u202egpj.exe"]) {
      const normal = normalProofName("SSI/GEN.18.01.01", name);
      expect(nameHolds(normal, "SSI/GEN.18.01.01"), normal).to.equal(true);
      expect(normal).to.match(/^[A-Za-z0-9._-]+$/);
    }
  });
});
