/** A vendor that misbehaves as a process: `node fake-vendor.js --port N --mode idle|garbage|hang|die|slow`. Plain HTTP. */
import http from "node:http";
import { VENDOR_OPERATIONS } from "../../core/model/index.js";

const argument = (name: string): string => process.argv[process.argv.indexOf(`--${name}`) + 1] ?? "";
const mode = argument("mode");
process.stdin.on("end", () => process.exit(0)).resume();

http
  .createServer((req, res) => {
    const json = (value: unknown): void => {
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    if (req.url === "/segur/health") {
      json({ name: "fake", version: "0", operations: VENDOR_OPERATIONS });
      return;
    }
    if (mode === "idle") json({ status: "done", patientId: "P", authenticated: false, professional: null });
    else if (mode === "garbage") res.writeHead(200).end("<html>not json");
    else if (mode === "die") process.exit(7);
    else if (mode === "slow") setTimeout(() => json({ status: "done", patientId: "P" }), 400);
    // hang: never answers
  })
  .listen(Number(argument("port")), "127.0.0.1");
