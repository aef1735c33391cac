import { startEmulator } from "../emulator";
import type { Emulator, EmulatorControl, EmulatorOptions } from "../emulator";
import { ManualClock } from "../world/clock";
import type { CompleteStateDocument } from "../world/state-document";
import { SigningClient } from "./signing-client";

/** An emulator whose time only the test moves, and a client that signs by the same clock. Not part of the package. */
export class EmulatorOnManualClock {
  readonly clock = new ManualClock();
  readonly #options: Omit<EmulatorOptions, "clock">;
  #running: { readonly emulator: Emulator; readonly client: SigningClient } | undefined;

  constructor(options: Omit<EmulatorOptions, "clock"> = {}) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const emulator = await startEmulator({ ...this.#options, clock: this.clock });
    this.#running = { emulator, client: new SigningClient(emulator.url, () => this.clock.now()) };
  }

  async close(): Promise<void> {
    await this.#running?.emulator.close();
  }

  get control(): EmulatorControl {
    return this.#started.emulator.control;
  }

  get url(): string {
    return this.#started.emulator.url;
  }

  /** Calls the API with the right key. */
  call(...args: Parameters<SigningClient["call"]>): ReturnType<SigningClient["call"]> {
    return this.#started.client.call(...args);
  }

  /** Calls the API with the right key, and gives the answer as it came. */
  exchange(...args: Parameters<SigningClient["exchange"]>): ReturnType<SigningClient["exchange"]> {
    return this.#started.client.exchange(...args);
  }

  /** The ENI as it is in the world. */
  eni(id: string): CompleteStateDocument["networkInterfaces"][number] | undefined {
    return this.control.state().networkInterfaces.find((eni) => eni.NetworkInterfaceId === id);
  }

  /** Resolves once a call stands waiting for the clock to move. */
  async untilACallWaits(): Promise<void> {
    while (this.clock.waiting === 0) await new Promise(setImmediate);
  }

  get #started() {
    if (!this.#running) throw new Error("the emulator of the test has not been started");
    return this.#running;
  }
}
