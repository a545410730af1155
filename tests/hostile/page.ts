/** docs/hostile-bundles.md, from the table. */
import { REFUSALS } from "../../bin/words/refusals.js";
import { REFUSAL_REASONS } from "../../core/seal/refusal.js";
import type { HostileCase } from "./case.js";
import { HOSTILE } from "./table.js";

const HEAD = `# Hostile bundles

What \`segur verify\` answers to bundles that attack it or lie to it. Each line is built from a good bundle by a forger who has
our sources, a key and all the time in the world, and is verified in \`npm test\` (\`tests/hostile\`): the answer must be exactly
the one named here, without a throw, in bounded time and memory. This page is written by \`node dist/tests/hostile/write-page.js\`
after \`npm run build\`; a test fails when it is stale.

\`refused\` names one reason, \`different\` at least one difference. Where a line says "signed again" the vendor's own trusted key
signed the forgery: signatures hold, the evidence does not. What a vendor could still make up in each kind of session stands in
[session-modes.md](session-modes.md). Reviews are a file beside the bundle ([review.md](review.md)): those cases stand on a bundle that is
accepted, and it is the reviews that are refused.
`;

export function hostilePage(): string {
  const count = HOSTILE.reduce((sum, { cases }) => sum + cases.length, 0);
  const parts = HOSTILE.map(({ title, cases }) => {
    const lines = cases.map((one) => `| \`${one.id}\` | ${escaped(one.what)} | ${answer(one)} |`);
    return [`## ${title}`, "", "| bundle | what was done | answer |", "|---|---|---|", ...lines, ""].join("\n");
  });
  const reasons = REFUSAL_REASONS.map((reason) => `| \`${reason}\` | ${escaped(REFUSALS[reason].says.en)} |`);
  const list = ["## Every reason", "", "| reason | what it means |", "|---|---|", ...reasons, ""].join("\n");
  return [HEAD, `${count} bundles.`, "", ...parts, list].join("\n");
}

function escaped(text: string): string {
  return text.replace(/[\\|*_<>`]/g, (found) => `\\${found}`);
}

function answer({ expected }: HostileCase): string {
  if (expected.status === "refused") return `refused: \`${expected.reason}\``;
  if (expected.status === "equal") {
    const { id, verdict, dossier } = expected.row;
    return `equal, and nothing is won: \`${id}\` is \`${verdict}\`, its dossier \`${dossier}\``;
  }
  if (expected.status !== "different") return expected.status;
  return `different: ${expected.kind}${expected.id === undefined ? "" : ` \`${expected.id}\``}`;
}
