import { setTimeout as sleep } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { PluginService, type PluginSurroundings } from "./service";

/** As in the SDKs: the state of a resource has no limit. */
const channelOptions = { "grpc.max_receive_message_length": 400 * 1024 * 1024 };

/** How long the last answers may take to arrive, after the calls have ended. */
const lastAnswersMs = 500;

/** A plugin that answers requests on a port of this machine. @internal */
export interface RunningPlugin {
  readonly port: number;
  readonly service: PluginService;
  /** Accepts no connection any more, ends the calls under way at their next write, and then the server. */
  stop(): Promise<void>;
}

/** Starts the plugin's service. @internal */
export async function startPlugin(surroundings: PluginSurroundings): Promise<RunningPlugin> {
  const service = new PluginService(surroundings);
  const server = new grpc.Server(channelOptions);
  server.addService(ResourceProviderService, service.handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  const stop = async () => {
    service.cancel();
    // A forced end would drop answers on their way, and with them what the state has to record.
    const answered = new Promise<void>((resolve) => {
      server.tryShutdown(() => {
        resolve();
      });
    });
    // A call whose engine is gone has no connection any more, and still ends before the process.
    await service.idle();
    // The engine may keep its connection open until this process has ended, and would end it after 5 s.
    const late = sleep(lastAnswersMs, undefined, { ref: false });
    await Promise.race([answered, late]);
    surroundings.engine.close();
  };
  return { port, service, stop };
}
