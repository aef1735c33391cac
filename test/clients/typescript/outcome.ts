/** Parameters by their names in the API. */
export type Parameters = Readonly<Record<string, unknown>>;

export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** What a call came to: the answer, under the API's names, or the error with whatever the client has of it. */
export type Outcome =
  | { readonly answer: unknown }
  | {
      readonly error: {
        readonly code: unknown;
        readonly status: unknown;
        readonly message: unknown;
        readonly requestId: unknown;
      };
    };

/** Makes one call with one client. */
export type Caller = (
  api: "ecs" | "vpc",
  action: string,
  parameters: Parameters,
  credentials: Credentials,
) => Promise<Outcome>;
