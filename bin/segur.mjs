#!/usr/bin/env node
// Kept readable by any Node: an old one must be told plainly, not with a syntax error.
const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  process.stderr.write(
    `segur needs Node.js 20 or later; this is ${process.versions.node}.\n` +
      `segur demande Node.js 20 ou plus récent ; celui-ci est ${process.versions.node}.\n`,
  );
  process.exit(2);
}
try {
  const { main } = await import("../dist/bin/segur.js");
  process.exitCode = await main(process.argv);
} catch (error) {
  if (error?.code === "ERR_MODULE_NOT_FOUND" && String(error.message).includes("dist/bin/segur.js")) {
    process.stderr.write(
      "segur is not built: run `npm ci` (or `npm run build`) in this folder first.\n" +
        "segur n'est pas construit : lancez d'abord `npm ci` (ou `npm run build`) dans ce dossier.\n",
    );
    process.exitCode = 2;
  } else throw error;
}
