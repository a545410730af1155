/** Ctrl-C: the first asks the run to end in order (recording kept), the second ends at once. */

export interface Interruption {
  readonly signal: AbortSignal;
  dispose(): void;
}

export function listenForInterrupt(tell: () => void): Interruption {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(2);
    tell();
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    dispose() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
