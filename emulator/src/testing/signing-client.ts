import { randomUUID } from "node:crypto";
import { acs3Algorithm, bodyDigest, sign, stringToSign } from "../wire/acs3-signature";
import { percentEncoded } from "../wire/canonical-form";
import {
  hmacSha1Method,
  hmacSha1Sign,
  hmacSha1StringToSign,
  hmacSha1Version,
} from "../wire/hmac-sha1-signature";

/** The parts of a signed request that both signatures have, by their names in the older one. */
export type Part = "Action" | "Version" | "AccessKeyId" | "Timestamp" | "SignatureNonce" | "SecurityToken";

/** A request that is ready to be sent. */
export interface SignedRequest {
  url: URL;
  headers: Record<string, string>;
  body: string;
}

/** What a test may do otherwise than a proper client. */
export interface CallOptions {
  /** Default `ACS3`. */
  readonly signature?: "ACS3" | "HMAC-SHA1";
  readonly version?: string;
  readonly method?: "GET" | "POST" | "PUT";
  /** Where the parameters travel, by default in the query; with `both`, some here and some there. */
  readonly place?: "query" | "form" | "both";
  /** Sends the body in chunks, without its length. */
  readonly chunked?: boolean;
  /** The parameter `Format`. */
  readonly format?: string;
  /** How the client writes what is not plain; every way has to be understood. Default as URLSearchParams does. */
  readonly encode?: (text: string) => string;
  /** Put in the place of what a proper client sends, before the request is signed; null leaves it out. */
  readonly parts?: Partial<Record<Part, string | null>>;
  /** Added to the parameters with the older signature before they are signed; null leaves out. */
  readonly common?: Readonly<Record<string, string | null>>;
  /** Added to the headers before they are signed. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Closes the connection when it aborts. */
  readonly signal?: AbortSignal;
  /** Changes the request after it was signed. */
  readonly tamper?: (request: SignedRequest) => void;
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
  readonly SecurityGroups: {
    readonly SecurityGroup: readonly { readonly SecurityGroupId: string; readonly VpcId: string }[];
  };
  readonly VSwitches: { readonly VSwitch: readonly unknown[] };
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/** An answer of the API in JSON. */
export interface CallResult extends Answer {
  readonly body: AnswerBody;
}

type Pairs = readonly (readonly [string, string])[];

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

  /** Calls, and reads the answer as JSON. */
  async call(
    action: string,
    params: Readonly<Record<string, string | number>> = {},
    options: CallOptions = {},
  ): Promise<CallResult> {
    const jsonUnlessTold = options.signature === "HMAC-SHA1" ? { format: "JSON", ...options } : options;
    const answer = await this.exchange(action, params, jsonUnlessTold);
    return { ...answer, body: JSON.parse(answer.text) as AnswerBody };
  }

  /** Calls, and gives the answer as it came. */
  async exchange(
    action: string,
    params: Readonly<Record<string, string | number>> = {},
    options: CallOptions = {},
  ): Promise<Answer> {
    const { method = "POST", signature = "ACS3", chunked = false } = options;
    const parts: Partial<Record<Part, string | null>> = {
      Action: action,
      Version: options.version ?? "2014-05-26",
      AccessKeyId: this.#key.id,
      Timestamp: `${new Date(this.#now()).toISOString().slice(0, 19)}Z`,
      SignatureNonce: randomUUID(),
      ...options.parts,
    };
    const format = options.format === undefined ? {} : { Format: options.format };
    const asked = Object.entries({ ...params, ...format }).map(
      ([name, value]: [string, string | number]) => [name, String(value)] as const,
    );
    const request =
      signature === "ACS3"
        ? this.#acs3(method, parts, asked, options)
        : this.#hmacSha1(method, parts, asked, options);
    options.tamper?.(request);
    // fetch writes the header itself.
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== "host"));
    const body = chunked ? new Blob([request.body]).stream() : request.body;
    const response = await fetch(request.url, {
      method,
      headers,
      ...(options.signal && { signal: options.signal }),
      ...(request.body !== "" && { body, duplex: "half" }),
    });
    return {
      status: response.status,
      contentType: response.headers.get("content-type"),
      text: await response.text(),
    };
  }

  #acs3(
    method: string,
    parts: Partial<Record<Part, string | null>>,
    asked: Pairs,
    options: CallOptions,
  ): SignedRequest {
    const { url, body } = this.#unsigned(asked, [], options);
    const headers: Record<string, string> = {
      host: url.host,
      "x-acs-content-sha256": bodyDigest(Buffer.from(body)),
      ...present({
        "x-acs-action": parts.Action,
        "x-acs-version": parts.Version,
        "x-acs-date": parts.Timestamp,
        "x-acs-signature-nonce": parts.SignatureNonce,
        "x-acs-security-token": parts.SecurityToken,
      }),
      ...(body !== "" && { "content-type": "application/x-www-form-urlencoded" }),
      ...options.headers,
    };
    const signed = Object.keys(headers).sort();
    const query = url.searchParams;
    const text = stringToSign({ method, query, headers, body: Buffer.from(body) }, signed);
    const credential = present({ Credential: parts.AccessKeyId }).Credential;
    headers.authorization = [
      ...(credential === undefined ? [] : [`Credential=${credential}`]),
      `SignedHeaders=${signed.join(";")}`,
      `Signature=${sign(text, this.#key.secret)}`,
    ].join(",");
    headers.authorization = `${acs3Algorithm} ${headers.authorization}`;
    return { url, headers, body };
  }

  #hmacSha1(
    method: string,
    parts: Partial<Record<Part, string | null>>,
    asked: Pairs,
    options: CallOptions,
  ): SignedRequest {
    const common = Object.entries(
      present({
        ...parts,
        SignatureMethod: hmacSha1Method,
        SignatureVersion: hmacSha1Version,
        ...options.common,
      }),
    );
    const text = hmacSha1StringToSign(method, Object.fromEntries([...common, ...asked]));
    common.push(["Signature", hmacSha1Sign(text, this.#key.secret)]);
    const { url, body } = this.#unsigned(asked, common, options);
    const headers = {
      ...(body !== "" && { "content-type": "application/x-www-form-urlencoded" }),
      ...options.headers,
    };
    return { url, headers, body };
  }

  #unsigned(asked: Pairs, common: Pairs, options: CallOptions): { url: URL; body: string } {
    const { place = "query", encode = asInForms } = options;
    const written = (pairs: Pairs) =>
      pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
    const url = new URL(this.#url);
    const all = [...common, ...asked];
    const inQuery = { query: all.length, form: 0, both: common.length || Math.ceil(all.length / 2) }[place];
    url.search = written(all.slice(0, inQuery));
    return { url, body: written(all.slice(inQuery)) };
  }
}

function present(values: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** A list as it travels: `Name.1`, `Name.2` … */
export const list = (name: string, values: readonly string[]) =>
  Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));

/** A space is a plus, and `*` stays as it is. */
export const asInForms = (text: string) => percentEncoded(text).replaceAll("%20", "+").replaceAll("%2A", "*");
