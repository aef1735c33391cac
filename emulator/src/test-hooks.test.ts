import { startEmulator } from "./emulator";
import { SigningClient } from "./testing/signing-client";
import { useEmulator } from "./test-hooks";
import type { TestHooks } from "./test-hooks";

const seed = { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] };

describe("useEmulator with the hooks of jest", () => {
  const emulator = useEmulator({ seed });
  const urls: string[] = [];

  test.each(["first", "second"])("the %s test finds the seed and no calls", async () => {
    const { control, url } = emulator;
    urls.push(url);
    expect(control.calls()).toEqual([]);
    expect(control.state().networkInterfaces[0]?.PrivateIpSets.PrivateIpSet).toHaveLength(1);
    const answer = await new SigningClient(url).call("AssignPrivateIpAddresses", {
      ...{ RegionId: "cn-hangzhou", NetworkInterfaceId: "eni-1", SecondaryPrivateIpAddressCount: 1 },
    });
    expect(answer.status).toBe(200);
  });

  test("all tests share one emulator", () => {
    expect(new Set([...urls, emulator.url]).size).toBe(1);
  });
});

describe("useEmulator with hooks that are passed", () => {
  type Hook = () => Promise<void> | void;

  function framework() {
    const given: Record<string, Hook[]> = { beforeAll: [], beforeEach: [], afterAll: [] };
    const hooks: TestHooks = {
      beforeAll: (hook) => given.beforeAll?.push(hook),
      beforeEach: (hook) => given.beforeEach?.push(hook),
      afterAll: (hook) => given.afterAll?.push(hook),
    };
    const run = async (name: keyof TestHooks) => {
      for (const hook of given[name] ?? []) await hook();
    };
    return { hooks, run };
  }

  test("it starts before all tests, resets before each, stops after all", async () => {
    const { hooks, run } = framework();
    const emulator = useEmulator({ seed }, hooks);
    expect(() => emulator.url).toThrow("useEmulator: the emulator does not run");
    await run("beforeAll");
    const { url, port } = emulator;
    expect(url).toBe(`http://127.0.0.1:${port}`);
    emulator.control.putState({});
    await run("beforeEach");
    expect(emulator.control.state().networkInterfaces).toHaveLength(1);
    await run("afterAll");
    await expect(fetch(`${url}/_emulator/health`)).rejects.toThrow();
    expect(() => emulator.control).toThrow("useEmulator: the emulator does not run");
  });

  test("a start that fails is the failure of beforeAll, and afterAll ends well", async () => {
    const other = await startEmulator();
    const { hooks, run } = framework();
    useEmulator({ port: other.port }, hooks);
    await expect(run("beforeAll")).rejects.toMatchObject({ code: "EADDRINUSE" });
    await run("afterAll");
    await other.close();
  });

  test("missing hooks are named", () => {
    const { beforeAll } = framework().hooks;
    expect(() => useEmulator({}, { beforeAll } as TestHooks)).toThrow(
      "useEmulator: there is no beforeEach, afterAll; pass the hooks of the test framework",
    );
  });
});
