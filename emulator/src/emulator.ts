import { parseLimits } from "./server/call-limits";
import type { Limits, LimitsDocument } from "./server/call-limits";
import type { LoggedCall } from "./server/logged-call";
import type { FaultRule } from "./server/faults";
import { parseFaultRule } from "./server/faults";
import { actionNames } from "./actions/registry";
import { checkOptions } from "./emulator-options";
import { EmulatorState } from "./server/emulator-state";
import { HttpServer } from "./server/http-server";
import { DataFile } from "./storage/data-file";
import { DataFileError } from "./storage/data-file-error";
import { Authentication } from "./wire/authentication";
import type { Credentials } from "./wire/credentials";
import { parseBehaviourChange } from "./world/behaviour-schema";
import type { Behaviour, BehaviourChange } from "./world/behaviour";
import { systemClock } from "./world/clock";
import type { Clock } from "./world/clock";
import type { CompleteStateDocument, StateDocument } from "./world/state-document";
import { StateDocumentError } from "./world/state-document";

/**
 * How to start an emulator; everything has a default.
 *
 * @public
 */
export interface EmulatorOptions {
  /** The port to listen on; 0, the default, takes a free one. */
  port?: number;
  /** The address to listen on. Default `127.0.0.1`: the control API has no signature. */
  host?: string;
  /**
   * Further names by which clients call the emulator, such as that of its container, or the one in the certificate of a TLS
   * terminator in front of it. Default none. Requests with any other `Host` than these, `host` and the loopback names are refused.
   */
  allowedHosts?: readonly string[];
  /** The world to start with. Default an empty one. Not used where `dataFile` has a world already. */
  seed?: StateDocument;
  /**
   * A file for the world to live in: it is read at the start if it exists, and every change is in it before the call that
   * made it is answered, so that a killed emulator goes on where it was. Default none: the world ends with the emulator.
   *
   * @remarks It holds resources and ClientTokens; calls, faults, limits and the behaviour are those of one run. What is changed
   * through {@link Emulator.control} is written soon, and at the latest by {@link Emulator.close}.
   */
  dataFile?: string;
  /** How many calls the log keeps: with one more, the oldest is dropped. Default 10,000. */
  callLogSize?: number;
  /** The key pair that requests must be signed with. Default `test` and `test`. */
  credentials?: Partial<Credentials>;
  /** How to behave where the documentation is silent, and how long things take. */
  behaviour?: BehaviourChange;
  /** Where the time comes from. Default the computer's clock. */
  clock?: Clock;
  /** Called with each call of the API when it arrives, and again when it is answered. It must not throw. */
  onCall?: (call: LoggedCall) => void;
}

/**
 * Steers a running emulator from the process that started it: the same as its control API, without HTTP.
 *
 * @public
 */
export interface EmulatorControl {
  /** What was asked of the API so far: the newest calls, as many as `callLogSize` says. */
  calls(): LoggedCall[];
  /** How many older calls the log has dropped since it was cleared. */
  droppedCalls(): number;
  /** Empties the log. */
  clearCalls(): void;
  /** The whole world. */
  state(): CompleteStateDocument;
  /** Puts another world in its place. Throws StateDocumentError, and changes nothing, where the document is not valid. */
  putState(document: StateDocument): void;
  /**
   * Merges objects into the world by their ids. Fields merge as in RFC 7396: `null` removes, lists are replaced. Throws
   * StateDocumentError, and changes nothing, where the result is not valid.
   */
  patchState(patch: unknown): void;
  /** The rules that are still to have an effect, with what is left of `skip` and `times`. */
  faults(): FaultRule[];
  /** Disturbs calls to come. Throws FaultRuleError where the rule is not valid. */
  addFault(rule: FaultRule): void;
  /** Ends all disturbance, and makes reads current. */
  clearFaults(): void;
  /** How many calls of which operations are admitted. */
  limits(): Limits;
  /** Puts these limits in the place of all others; `{}` admits every call again. Throws LimitsError where they are not valid. */
  setLimits(limits: LimitsDocument): void;
  /**
   * Back to the start: the world, behaviour and limits that the emulator started with, no calls, no faults. With a data file,
   * the world is the one that the file had at the start.
   */
  reset(): void;
  /** How it behaves now: a copy, which later changes do not reach. */
  behaviour(): Behaviour;
  /** Changes the given keys. Throws BehaviourError, and changes none, where one is unknown or its value not allowed. */
  setBehaviour(change: BehaviourChange): void;
}

/**
 * An emulator that listens.
 *
 * @public
 */
export interface Emulator {
  /** Such as `http://127.0.0.1:4321`. */
  readonly url: string;
  /** The port that it listens on, also where a free one was taken. */
  readonly port: number;
  /** The process that it runs in. */
  readonly pid: number;
  /** Steers it; as the control API does, without HTTP. */
  readonly control: EmulatorControl;
  /** Stops listening, cuts off calls under way, and leaves the data file to others. */
  close(): Promise<void>;
}

/**
 * Starts a local Alibaba Cloud ECS API in this process.
 *
 * @param options - what differs from the defaults
 * @returns the emulator, once it accepts requests
 * @throws EmulatorOptionsError where an option is not valid, StateDocumentError where the seed is not valid, DataFileError
 * where the data file cannot be used, and the system's error where the port is taken
 *
 * @example
 * ```ts
 * const emulator = await startEmulator({ seed: { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] } });
 * // … point a client at emulator.url, with the key pair "test" and "test" …
 * await emulator.close();
 * ```
 *
 * @public
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  checkOptions(options);
  const { port = 0, host = "127.0.0.1", allowedHosts = [], seed = {}, clock = systemClock } = options;
  const credentials = { accessKeyId: "test", accessKeySecret: "test", ...options.credentials };
  const dataFile = options.dataFile === undefined ? undefined : await DataFile.open(options.dataFile);
  try {
    const state = new EmulatorState(clock, options.behaviour ?? {}, seed, dataFile, options.callLogSize);
    const { onCall } = options;
    if (onCall !== undefined)
      state.calls.changes.on("call", (call) => {
        onCall({ ...call });
      });
    const server = new HttpServer(state, new Authentication(credentials, () => clock.now()), {
      host,
      allowedHosts,
    });
    const boundPort = await server.listen(port);
    const close = async () => {
      await server.close();
      await state.close();
    };
    // A file that cannot be written is better known now than at the first call.
    await state.changed().catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
    return {
      url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`,
      port: boundPort,
      pid: process.pid,
      control: controlOf(state),
      close,
    };
  } catch (error) {
    dataFile?.release();
    if (dataFile?.saved && error instanceof StateDocumentError)
      throw new DataFileError(`${options.dataFile ?? ""} holds a world that does not fit: ${error.message}`);
    throw error;
  }
}

/** Writes what the program changed. A change that cannot be written is undone, and `close` reports it. */
function writeSoon(state: EmulatorState): void {
  state.changed().catch((error: unknown) => {
    state.reportAtClose(error);
  });
}

function controlOf(state: EmulatorState): EmulatorControl {
  return {
    calls: () => state.calls.list(),
    droppedCalls: () => state.calls.dropped,
    clearCalls: () => {
      state.calls.clear();
    },
    state: () => state.world.save(),
    putState: (document) => {
      state.replaceWorld(document);
      writeSoon(state);
    },
    patchState: (patch) => {
      state.world.patch(patch);
      writeSoon(state);
    },
    faults: () => state.faults.list(),
    addFault: (rule) => {
      state.faults.add(parseFaultRule(rule, actionNames));
    },
    clearFaults: () => {
      state.clearFaults();
    },
    limits: () => state.limits.list(),
    setLimits: (limits) => {
      state.limits.set(parseLimits(limits, actionNames));
    },
    reset: () => {
      state.reset();
      writeSoon(state);
    },
    behaviour: () => ({ ...state.behaviour }),
    setBehaviour: (change) => {
      state.changeBehaviour(parseBehaviourChange(change));
    },
  };
}
