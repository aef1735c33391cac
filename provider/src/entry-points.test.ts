/** Loads an entry point with everything switched on, and returns the DEBUG that the SDK found when it was loaded. */
function debugSeenBySdk(entryPoint: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    jest.resetModules();
    jest.doMock("@alicloud/openapi-core", () => {
      resolve(process.env.DEBUG);
      return jest.requireActual<object>("@alicloud/openapi-core");
    });
    jest.requireActual(entryPoint);
  });
}

const { argv, exitCode } = process;
const { DEBUG } = process.env;
beforeEach(() => {
  process.env.DEBUG = "*";
  process.argv = [...argv.slice(0, 2), "--version"];
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  process.argv = argv;
  process.exitCode = exitCode;
  if (DEBUG === undefined) delete process.env.DEBUG;
  else process.env.DEBUG = DEBUG;
});

test.each(["./provider", "./cli"])(
  "%s: DEBUG=* excludes the HTTP client before the SDK is loaded",
  async (entryPoint) => {
    await expect(debugSeenBySdk(entryPoint)).resolves.toBe("*,-httpx:*");
  },
);
