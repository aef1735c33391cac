import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { EngineGoneError } from "../resource/operation-error";
import { EngineLiveness } from "./engine-liveness";

let engine: Server;
let address: string;
beforeEach(async () => {
  engine = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(engine, "listening");
  address = `127.0.0.1:${(engine.address() as AddressInfo).port}`;
});
afterEach(() => {
  engine.close();
});

async function kill(): Promise<void> {
  engine.close();
  await once(engine, "close");
}

test("assertAlive: an engine that accepts connections is alive", async () => {
  await expect(new EngineLiveness([address]).assertAlive()).resolves.toBeUndefined();
});

test("assertAlive: an engine that refuses connections is gone", async () => {
  const liveness = new EngineLiveness([address]);
  await kill();
  await expect(liveness.assertAlive()).rejects.toThrow(EngineGoneError);
});

test.each([["--logtostderr"], ["--tracing", "http://127.0.0.1:1/trace"], ["--tracing", "127.0.0.1:1"]])(
  "assertAlive: the engine's address is the last one, after %s %s",
  async (...flags) => {
    const liveness = new EngineLiveness([...flags.filter((flag) => typeof flag === "string"), address]);
    await expect(liveness.assertAlive()).resolves.toBeUndefined();
    await kill();
    await expect(liveness.assertAlive()).rejects.toThrow(EngineGoneError);
  },
);

test.each([{ args: [] }, { args: ["--logtostderr"] }, { args: ["http://127.0.0.1:1/path"] }])(
  "assertAlive: without an address in $args, there is no check",
  async ({ args }) => {
    await expect(new EngineLiveness(args).assertAlive()).resolves.toBeUndefined();
  },
);
