import { randomUUID } from "node:crypto";
import { acs3Algorithm, bodyDigest, sign, stringToSign } from "../wire/acs3-signature";

/** What a test may do otherwise than a proper client. */
export interface CallOptions {
  readonly version?: string;
  readonly method?: "GET" | "POST" | "PUT";
  /** Sends the parameters as a form instead of in the query. */
  readonly form?: boolean;
  /** Added to the headers before they are signed. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Closes the connection when it aborts. */
  readonly signal?: AbortSignal;
  /** Changes the request after it was signed. */
  readonly tamper?: (request: { url: URL; headers: Record<string, string>; body: string }) => void;
}

/** Fields of any answer that tests go into; each answer has some of them. */
export interface AnswerBody {
  readonly RequestId: string;
  readonly Code: string;
  readonly Message: string;
  readonly TotalCount: number;
  readonly NextToken: string;
  readonly VpcId: string;
  readonly VSwitchId: string;
  readonly NetworkInterfaceId: string;
  readonly PrivateIpAddress: string;
  readonly InstanceIdSets: { readonly InstanceIdSet: readonly string[] };
  readonly AssignedPrivateIpAddressesSet: {
    readonly PrivateIpSet: { readonly PrivateIpAddress: readonly string[] };
    readonly Ipv4PrefixSet: { readonly Ipv4Prefixes: readonly string[] };
  };
  readonly NetworkInterfaceSets: {
    readonly NetworkInterfaceSet: readonly {
      readonly NetworkInterfaceId: string;
      readonly PrivateIpSets: { readonly PrivateIpSet: readonly unknown[] };
    }[];
  };
  readonly Instances: { readonly Instance: readonly unknown[] };
  readonly InstanceStatuses: { readonly InstanceStatus: readonly unknown[] };
  readonly InstanceTypes: { readonly InstanceType: readonly unknown[] };
  readonly VSwitches: { readonly VSwitch: readonly unknown[] };
}

/** An answer of the API. */
export interface CallResult {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: AnswerBody;
}

/** Calls the API as a client would: over HTTP, with a signature. Not part of the package. */
export class SigningClient {
  readonly #url: string;
  readonly #now: () => number;
  readonly #key: { readonly id: string; readonly secret: string };

  constructor(url: string, now: () => number = Date.now, key = { id: "test", secret: "test" }) {
    this.#url = url;
    this.#now = now;
    this.#key = key;
  }

  async call(
    action: string,
    params: Readonly<Record<string, string | number>> = {},
    options: CallOptions = {},
  ): Promise<CallResult> {
    const { method = "POST", form = false } = options;
    const text = new URLSearchParams();
    for (const [name, value] of Object.entries(params)) text.set(name, String(value));
    const url = new URL(this.#url);
    if (!form) url.search = text.toString();
    const body = form ? text.toString() : "";
    const headers: Record<string, string> = {
      host: url.host,
      "x-acs-action": action,
      "x-acs-version": options.version ?? "2014-05-26",
      "x-acs-date": `${new Date(this.#now()).toISOString().slice(0, 19)}Z`,
      "x-acs-signature-nonce": randomUUID(),
      "x-acs-content-sha256": bodyDigest(Buffer.from(body)),
      ...(form && { "content-type": "application/x-www-form-urlencoded" }),
      ...options.headers,
    };
    const signed = Object.keys(headers).sort();
    const query = url.searchParams;
    const signature = sign(
      stringToSign({ method, query, headers, body: Buffer.from(body) }, signed),
      this.#key.secret,
    );
    headers.authorization = `${acs3Algorithm} Credential=${this.#key.id},SignedHeaders=${signed.join(";")},Signature=${signature}`;
    const request = { url, headers, body };
    options.tamper?.(request);
    // fetch writes the header itself.
    const sent = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== "host"));
    const response = await fetch(request.url, {
      method,
      headers: sent,
      ...(options.signal && { signal: options.signal }),
      ...(request.body !== "" && { body: request.body }),
    });
    return {
      status: response.status,
      contentType: response.headers.get("content-type"),
      body: (await response.json()) as AnswerBody,
    };
  }
}
