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

  /**
   * The token of a request with this content: the addresses to assign, which are sorted, or how many to pick beside those
   * that are there. A request to pick that was lost and had its effect is followed by one with another content.
   */
  for(contents: readonly string[]): string {
    const content = contents.join(",");
    const token = this.tokens.get(content) ?? randomUUID();
    this.tokens.set(content, token);
    return token;
  }

  /** Forgets the token of a request that was answered: asked again, it has to have an effect again. */
  spend(contents: readonly string[]): void {
    this.tokens.delete(contents.join(","));
  }
}
