import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { claimsToldTo, programClaimsFile } from "../runtime/program-claims";

const engine = "127.0.0.1:12345";
process.env.PULUMI_NODEJS_ENGINE = engine;
// The SDK reads the engine's address once.
import { tellClaims } from "./tell-claims";

const [a, b, c, prefix] = ["10.0.1.20", "10.0.1.21", "10.0.1.22", "10.0.1.32/28"];
let folder: string;
let told: () => readonly string[];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "claims-"));
  told = () => claimsToldTo(engine, folder)?.wantedOn("eni-a", [], [c, prefix, a, b]) ?? [];
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Tells what a resource of `eni-a` wants, and lets the outputs settle. */
async function tell(
  identity: string,
  wanted: Parameters<typeof tellClaims>[1],
  temporary = folder,
): Promise<void> {
  tellClaims(identity, { networkInterfaceId: "eni-a", ...wanted }, temporary);
  await new Promise(setImmediate);
}

test("nothing told, or no engine: no claims", () => {
  expect(told()).toEqual([]);
  expect(claimsToldTo(undefined)).toBeUndefined();
});

test("a list and a count: the listed ones, and the oldest of the kind", async () => {
  await tell("list", { privateIpAddresses: Promise.resolve([b]) });
  expect(told()).toEqual([b]);
  await tell("count", { secondaryPrivateIpAddressCount: 2 });
  expect(told()).toEqual([b, c, a]);
  await tell("prefixes", { ipv4PrefixCount: 5 });
  expect(told()).toEqual([b, c, a, prefix]);
  expect(claimsToldTo(engine, folder)?.wantedOn("eni-a", ["count", "list"], [c, prefix, a, b])).toEqual([
    prefix,
  ]);
  expect(claimsToldTo(engine, folder)?.wantedOn("eni-b", [], [a, b])).toEqual([]);
  expect(claimsToldTo("127.0.0.1:1", folder)?.wantedOn("eni-a", [], [a, b])).toEqual([]);
});

test("a count, and a list on another ENI: the count does not claim what moves", async () => {
  await tell("moved", { networkInterfaceId: "eni-moved", privateIpAddresses: [a] });
  await tell("count", { networkInterfaceId: "eni-count", secondaryPrivateIpAddressCount: 2 });
  const claims = claimsToldTo(engine, folder);
  expect(claims?.wantedOn("eni-count", [], [a, c, prefix])).toEqual([c]);
  expect(claims?.listedBeside("eni-count", [a, c])).toEqual([a]);
  expect(claims?.listedBeside("eni-moved", [a, c])).toEqual([]);
});

test("the file: private, and without an address, an id or a name", async () => {
  await tell("secret name", { privateIpAddresses: [a] });
  const file = programClaimsFile(engine, folder) ?? "";
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(readFileSync(file, "utf8")).not.toMatch(/10\.0\.1|eni-a|secret/);
});

test("a process that has read the file: later claims count, also after the file was begun again", async () => {
  const claims = claimsToldTo(engine, folder);
  const wanted = () => claims?.wantedOn("eni-later", [], [a, b]);
  expect(wanted()).toEqual([]);
  await tell("early", { networkInterfaceId: "eni-later", privateIpAddresses: [a] });
  expect(wanted()).toEqual([a]);
  await tell("late", { networkInterfaceId: "eni-later", privateIpAddresses: [b] });
  expect(wanted()).toEqual([a, b]);
  expect(claims?.listedBeside("eni-other", [b])).toEqual([b]);
  const file = programClaimsFile(engine, folder) ?? "";
  const before = readFileSync(file);
  writeFileSync(file, "");
  expect(wanted()).toEqual([]);
  writeFileSync(file, before);
  expect(wanted()).toEqual([a, b]);
});

test("a line that was cut off: the other ones count", () => {
  const file = programClaimsFile(engine, folder) ?? "";
  writeFileSync(file, `${readFileSync(file, "utf8")}{"networkInter`);
  expect(told()).toContain(a);
});

test("a temporary folder that cannot be used: the program does not fail, nothing is told", async () => {
  const file = path.join(folder, "file");
  writeFileSync(file, "");
  await tell("list", { privateIpAddresses: [a] }, file);
  expect(claimsToldTo(engine, file)).toBeUndefined();
});
