/** `segur rules sign|show`: a rule pack of an agency, signed, or told to whoever is asked to use it. */
import path from "node:path";
import { allChecks } from "../../checks/index.js";
import { packageRoot } from "../../core/model/index.js";
import { loadSpecs, openSchemas } from "../../core/plan/index.js";
import { RULES_ENVELOPE, rulePackManifest, rulePackSigner, signRulePack } from "../../core/seal/rule-pack.js";
import { visible } from "../../reports/safe.js";
import type { ExitCode, Lang } from "../output.js";
import { demandRuleSet, overlayOf, readCard, readRulesFolder } from "../rule-pack.js";
import { loadRuleSet } from "../rule-set.js";
import { writeFileAtomic } from "../run-folder.js";
import { openSuite } from "../suite.js";
import { loadPrivateKey, loadTrust } from "../trust.js";
import { RULES_WORDS } from "../words/rules.js";

export interface SignRulesOptions {
  readonly key: string;
  readonly lang: Lang;
}

/** Signs what loads without a mistake, and nothing else: a pack is refused here rather than at every candidate's. */
export function signRules(folder: string, options: SignRulesOptions): ExitCode {
  const root = packageRoot(import.meta.url);
  const key = loadPrivateKey(options.key, undefined, options.lang);
  const files = readRulesFolder(folder);
  const card = readCard(folder, files, openSchemas(path.join(root, "specs", "schemas")));
  demandRuleSet(folder, card, loadRuleSet(root));
  loadSpecs(root, { checks: allChecks, overlay: overlayOf(folder, files) });
  const file = path.join(folder, RULES_ENVELOPE);
  writeFileAtomic(file, signRulePack(rulePackManifest(card, files), key));
  process.stdout.write(`${RULES_WORDS[options.lang].signed(visible(file))}\n`);
  return 0;
}

export interface ShowRulesOptions {
  readonly trust?: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

/** 1 when keys were given and none of them signed the pack. */
export function showRules(folder: string, options: ShowRulesOptions): ExitCode {
  const suite = openSuite({ specs: folder });
  const { pack, specs, ruleSet } = suite;
  if (!pack) throw new Error("a suite opened with a rule pack has one");
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const trust = options.trust === undefined ? null : loadTrust(options.trust, schemas);
  const signer = trust ? rulePackSigner(pack.signed, trust, new Date().toISOString()) : null;
  const { name, version, digest } = pack.facts;
  const overlaid = specs.overlaid ?? [];
  if (options.json) {
    const facts = { format: "segur-rules-shown/1", name, version, digest, ruleSet, signer, overlaid };
    process.stdout.write(`${JSON.stringify(facts)}\n`);
  } else {
    const words = RULES_WORDS[options.lang];
    const fact = (label: string, value: string): string => `  ${label.padEnd(28)} ${visible(value)}`;
    const lines = [
      `${words.pack} ${visible(name)} ${visible(version)}`,
      fact(words.basis, pack.card.basisNote[options.lang]),
      fact(words.signer, signer ?? words.signerUnknown),
      fact(words.digest, digest),
      ...(pack.card.extends === undefined ? [] : [fact(words.extends, pack.card.extends)]),
      fact(words.ruleSet, ruleSet),
      ...overlaid.map(({ kind, id, replaces }) =>
        fact(replaces ? words.replaces : words.adds, `${words.kinds[kind]} ${id}`),
      ),
      ...(overlaid.length === 0 ? [`  ${words.nothing}`] : []),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  return trust && signer === null ? 1 : 0;
}
