import { startEmulator } from "./emulator";
import type { Emulator, EmulatorControl, EmulatorOptions } from "./emulator";

/**
 * The hooks of a test framework, as jest and vitest name them.
 *
 * @public
 */
export interface TestHooks {
  readonly beforeAll: (hook: () => Promise<void>) => unknown;
  readonly beforeEach: (hook: () => void) => unknown;
  readonly afterAll: (hook: () => Promise<void>) => unknown;
}

/**
 * The emulator of a test file. Its properties are there in hooks and tests, not before.
 *
 * @public
 */
export interface TestEmulator {
  /** Such as `http://127.0.0.1:4321`. */
  readonly url: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Steers it from the test. */
  readonly control: EmulatorControl;
}

const names = ["beforeAll", "beforeEach", "afterAll"] as const;

/**
 * An emulator for the tests of one file or one `describe`: starts before the first test, goes back to its start before each
 * test, and stops after the last one.
 *
 * @remarks Call it before other hooks: then a `beforeEach` of the test finds the emulator as it was at the start. What a
 * `beforeAll` puts into the emulator is gone before the first test; use the seed for it.
 *
 * @param options - as for `startEmulator`
 * @param hooks - of the test framework. Default the global ones, which jest has. Vitest without `globals`: `import * as vitest`
 *
 * @example
 * ```ts
 * const emulator = useEmulator({ seed: { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] } });
 *
 * test("nothing is asked of the API", () => {
 *   expect(emulator.control.calls()).toEqual([]);
 * });
 * ```
 *
 * @public
 */
export function useEmulator(
  options: EmulatorOptions = {},
  hooks: TestHooks = globalThis as unknown as TestHooks,
): TestEmulator {
  const missing = names.filter((name) => typeof hooks[name] !== "function");
  if (missing.length > 0)
    throw new Error(
      `useEmulator: there is no ${missing.join(", ")}; pass the hooks of the test framework as the second argument, ` +
        `such as useEmulator(options, vitest) after import * as vitest from "vitest"`,
    );
  let running: Emulator | undefined;
  const started = (): Emulator => {
    if (!running)
      throw new Error(
        "useEmulator: the emulator does not run; use it in a hook or a test, not before or after",
      );
    return running;
  };
  hooks.beforeAll(async () => {
    running = await startEmulator(options);
  });
  hooks.beforeEach(() => {
    started().control.reset();
  });
  hooks.afterAll(async () => {
    await running?.close();
    running = undefined;
  });
  return {
    get url() {
      return started().url;
    },
    get port() {
      return started().port;
    },
    get control() {
      return started().control;
    },
  };
}
