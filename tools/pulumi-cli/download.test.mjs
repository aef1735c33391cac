import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { downloadAndUnpack } from "./download.mjs";

/** Runs `work` beside a server on which /good.tar.gz is an archive, /page is a web page, and nothing else is there. */
async function besideServer(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "download-"));
  mkdirSync(path.join(folder, "source"));
  writeFileSync(path.join(folder, "source", "pulumi"), "the CLI");
  execFileSync("tar", ["-czf", "good.tar.gz", "-C", "source", "pulumi"], { cwd: folder });
  const archive = readFileSync(path.join(folder, "good.tar.gz"));
  const server = createServer((request, response) => {
    if (request.url === "/good.tar.gz") response.end(archive);
    else if (request.url === "/page") response.end("<html>please log in</html>");
    else response.writeHead(404).end();
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    await work(`http://127.0.0.1:${server.address().port}`, path.join(folder, "unpacked"));
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

test("unpacks from the first address that has the archive", () =>
  besideServer(async (server, into) => {
    const urls = [`${server}/missing.tar.gz`, `${server}/page`, `${server}/good.tar.gz`];
    await downloadAndUnpack({ urls, into, protocols: "=http" });
    assert.equal(readFileSync(path.join(into, "pulumi"), "utf8"), "the CLI");
    assert.equal(existsSync(`${into}.tar.gz`), false);
  }));

test("says of every address why it has nothing", () =>
  besideServer(async (server, into) => {
    const urls = [`${server}/missing.tar.gz`, "http://127.0.0.1:1/refused.tar.gz"];
    await assert.rejects(
      downloadAndUnpack({ urls, into, protocols: "=http" }),
      /404.*; 127\.0\.0\.1:1: curl/,
    );
  }));

test("goes nowhere without TLS unless told to", () =>
  besideServer(async (server, into) => {
    await assert.rejects(downloadAndUnpack({ urls: [`${server}/good.tar.gz`], into }), /[Pp]rotocol/);
  }));
