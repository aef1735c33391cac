import path from "node:path";
import { repository } from "../support/documentation";

/** The reason why this machine cannot run a language. */
const leftOut = JSON.parse(process.env.TEST_LANGUAGES ?? "{}") as Readonly<
  Record<string, string | undefined>
>;
/** Installing packages takes most of it, on a machine that does other things as well. */
export const limitMs = 280_000;

/** The release of the plugin that the tests install. */
export const release = path.join(
  repository,
  "plugin/dist/pulumi-resource-alicloud-secondary-ips-v0.1.0-linux-amd64.tar.gz",
);

/** Runs a test, unless its language is left out. In CI nothing may be left out. */
export function testIn(language: string, title: string, run: () => Promise<void>): void {
  const why = leftOut[language];
  const isSkipped = why !== undefined && !process.env.CI;
  (isSkipped ? test.skip : test)(
    title,
    async () => {
      if (why !== undefined) throw new Error(`left out, which CI does not allow: ${why}`);
      await run();
    },
    limitMs + 10_000,
  );
}
