/** The client of the emulator's benchmarks. It signs with the older signature, which is the cheaper one. */
import { randomUUID } from "node:crypto";
import http from "node:http";
import { createRequire } from "node:module";
import { URLSearchParams } from "node:url";

const require = createRequire(import.meta.url);
const { hmacSha1Sign, hmacSha1StringToSign } = require("../../emulator/dist/wire/hmac-sha1-signature.js");

export class ApiClient {
  #agent;
  #url;

  /** @param connections - how many it opens at most, and keeps open */
  constructor(url, { connections }) {
    this.#url = url;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  call(action, params) {
    const signed = {
      ...params,
      RegionId: "cn-hangzhou",
      Action: action,
      Version: "2014-05-26",
      Format: "JSON",
      AccessKeyId: "test",
      SignatureMethod: "HMAC-SHA1",
      SignatureVersion: "1.0",
      SignatureNonce: randomUUID(),
      Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    };
    const texts = Object.fromEntries(Object.entries(signed).map(([name, value]) => [name, String(value)]));
    const Signature = hmacSha1Sign(hmacSha1StringToSign("POST", texts), "test");
    return this.send("POST", "/", new URLSearchParams({ ...texts, Signature }).toString());
  }

  /** Resolves to the status and the body of any answer. */
  send(method, target, body) {
    return new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": Buffer.byteLength(body),
      };
      const options = { method, headers, agent: this.#agent };
      const request = http.request(this.#url + target, options, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => {
          resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() });
        });
        response.on("error", reject);
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }
}
