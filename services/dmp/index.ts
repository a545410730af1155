/** The DMP mock: HTTPS with mutual TLS, four services, a registry and a repository behind. It answers and records. */
import { type MockService, type RunningService, type ServiceContext, SuiteError } from "../../core/model/index.js";
import { openHttpListener } from "../shared/http-listener.js";
import { openAccess } from "./access.js";
import { CONTROL_COMMANDS, control } from "./control.js";
import type { DmpRoom } from "./room.js";
import { handle, operationOf, SERVICES } from "./routing.js";
import { openStore } from "./store.js";

const PREFIX = "/si-dmp-server/v2/services";

export const dmpService: MockService = { name: "dmp", start };

async function start(context: ServiceContext): Promise<RunningService> {
  const room: DmpRoom = { context, store: openStore(context.stateFolder), access: openAccess(context) };
  const stopping = new AbortController();
  const listener = await openHttpListener({
    name: "dmp",
    service: "dmp",
    context,
    clientCertificate: "required",
    operation: (req) => operationOf(req.method, req.url),
    handle: (call) => handle(room, call, stopping.signal),
  });
  const { name, address, port, url } = listener;
  return {
    name: "dmp",
    listeners: [{ name, address, port, url }],
    endpoints: Object.fromEntries(SERVICES.map((service) => [service, `${url}${PREFIX}/${service}`])),
    async control(command, args = {}) {
      context.recorder.event("control", { service: "dmp", command, args });
      if (command === "reset") {
        room.store.reset();
        room.access.reset();
        return;
      }
      if (command === "documents") return [...room.store.entries.values()];
      if (CONTROL_COMMANDS.includes(command)) return control(room, command, args);
      throw new SuiteError("ERR_USAGE", `the DMP mock has no control command ${command}`, {
        mend: `commands: ${["reset", "documents", ...CONTROL_COMMANDS].join(", ")}`,
      });
    },
    async stop() {
      stopping.abort();
      await listener.close();
    },
  };
}
