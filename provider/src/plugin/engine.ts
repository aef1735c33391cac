import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

const severities = { info: LogSeverity.INFO, warning: LogSeverity.WARNING } as const;

/**
 * The engine's log, which shows messages under their resource. Without an engine, messages go to standard error.
 * @internal
 */
export class EngineLog {
  private client: EngineClient | undefined;
  private readonly underWay = new Set<Promise<void>>();

  /** Sends messages to this engine from now on. */
  attach(address: string): void {
    this.client?.close();
    this.client = new EngineClient(address, grpc.credentials.createInsecure());
  }

  log(severity: keyof typeof severities, message: string, urn = ""): void {
    if (this.client === undefined) {
      console.error(message);
      return;
    }
    const request = new LogRequest().setSeverity(severities[severity]).setMessage(message).setUrn(urn);
    const sent = new Promise<void>((resolve) => {
      // A message that cannot be shown fails no operation.
      this.client?.log(request, () => {
        resolve();
      });
    });
    this.underWay.add(sent);
    void sent.then(() => this.underWay.delete(sent));
  }

  /** Waits until the engine has all messages: those of a request come before its answer. */
  async flush(): Promise<void> {
    await Promise.all(this.underWay);
  }

  close(): void {
    this.client?.close();
    this.client = undefined;
  }
}
