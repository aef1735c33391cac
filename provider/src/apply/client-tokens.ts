import { randomUUID } from "node:crypto";

/**
 * The ClientTokens of one operation. A token is random, and belongs to the content of one request: only a
 * byte-identical repetition, after an answer that never came, uses it again. A token derived from names would
 * replay an old success (https://www.alibabacloud.com/help/en/ecs/developer-reference/how-to-ensure-idempotence).
 *
 * @internal
 */
export class ClientTokens {
  private readonly tokens = new Map<string, string>();

  /** The token of a request that assigns these addresses, which are sorted. */
  for(addresses: readonly string[]): string {
    const content = addresses.join(",");
    const token = this.tokens.get(content) ?? randomUUID();
    this.tokens.set(content, token);
    return token;
  }

  /** Forgets the token of a request that was answered: asked again, it has to have an effect again. */
  spend(addresses: readonly string[]): void {
    this.tokens.delete(addresses.join(","));
  }
}
