import createDebug from "debug";
import { describeWait, keepSecretsOutOfDebugLogs, traceCalls } from "./trace";

const { DEBUG } = process.env;
afterEach(() => {
  createDebug.disable();
  if (DEBUG === undefined) delete process.env.DEBUG;
  else process.env.DEBUG = DEBUG;
});

describe("keepSecretsOutOfDebugLogs", () => {
  test.each(["*", "httpx:*", "httpx:header", "alicloud-secondary-ips:*,httpx:*"])(
    "DEBUG=%s: loggers of the HTTP client that exist already are off",
    (namespaces) => {
      createDebug.enable(namespaces);
      const logger = createDebug("httpx:header");
      expect(logger.enabled).toBe(true);
      keepSecretsOutOfDebugLogs(process.env);
      expect(logger.enabled).toBe(false);
    },
  );

  test("DEBUG=*: loggers of a copy of debug that is loaded later are off", () => {
    process.env.DEBUG = "*";
    keepSecretsOutOfDebugLogs(process.env);
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof createDebug>("debug");
      expect(copy).not.toBe(createDebug);
      expect([copy("httpx:body").enabled, copy("other").enabled]).toEqual([false, true]);
    });
  });

  test("DEBUG=*: the provider's own lines stay on", () => {
    createDebug.enable("*");
    keepSecretsOutOfDebugLogs(process.env);
    expect(traceCalls.enabled).toBe(true);
  });

  test("a second call changes nothing", () => {
    const env = { DEBUG: "*" };
    keepSecretsOutOfDebugLogs(env);
    keepSecretsOutOfDebugLogs(env);
    expect(env).toEqual({ DEBUG: "*,-httpx:*" });
  });

  test.each([{}, { DEBUG: "" }])("%j: debug output stays off", (env) => {
    keepSecretsOutOfDebugLogs(env);
    expect([env, createDebug("httpx:header").enabled]).toEqual([env, false]);
  });
});

test.each([
  [{ code: "Throttling.User", name: "EcsError" }, 12.4, "Throttling.User; again in 12 ms"],
  [new TypeError("with a secret"), 0, "TypeError; again in 0 ms"],
  [{}, undefined, "error; gives up"],
])("describeWait: %p and a delay of %p, without the message", (error, delayMs, line) => {
  expect(describeWait(error, delayMs)).toBe(line);
});
