import { idempotentFailed, idempotentParameterMismatch, lastTokenProcessing } from "../api-errors";

interface Use {
  readonly parameters: string;
  /** Absent while the first call still runs; null for a token that is burnt. */
  answer?: object | null;
}

/** A token that is used up, as it is saved; without an answer where its call failed. */
export interface UsedToken {
  readonly key: string;
  readonly parameters: string;
  readonly answer: object | null;
}

/**
 * What calls with a ClientToken answered: the same token with the same parameters gets the same answer without a
 * second effect. The cloud's tokens expire after a time that is documented nowhere; these last as long as the world.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/how-to-ensure-idempotence
 */
export class ClientTokens {
  readonly #uses = new Map<string, Use>();

  /** The earlier answer, if there is one; the token is taken otherwise. */
  claim(key: string, parameters: string): { answer: object } | undefined {
    const use = this.#uses.get(key);
    if (!use) {
      this.#uses.set(key, { parameters });
      return undefined;
    }
    if (use.parameters !== parameters) throw idempotentParameterMismatch();
    if (use.answer === undefined) throw lastTokenProcessing();
    if (use.answer === null) throw idempotentFailed();
    return { answer: use.answer };
  }

  /** Keeps the answer of the call that claimed the token, as it is now: parts of it may live on in the world. */
  keep(key: string, answer: object): void {
    const use = this.#uses.get(key);
    if (use) use.answer = structuredClone(answer);
  }

  /** The tokens that are used up: the call of one that is still under way has had no effect yet. */
  save(): UsedToken[] {
    return [...this.#uses].flatMap(([key, { parameters, answer }]) =>
      answer === undefined ? [] : [{ key, parameters, answer }],
    );
  }

  /** Adds tokens that were saved. */
  load(tokens: readonly UsedToken[]): void {
    for (const { key, parameters, answer } of tokens) this.#uses.set(key, { parameters, answer });
  }

  /** Forgets a token whose call failed: it may be used again, with whatever parameters. */
  release(key: string): void {
    this.#uses.delete(key);
  }

  /** Keeps a token whose call failed from ever being used again. */
  burn(key: string): void {
    const use = this.#uses.get(key);
    if (use) use.answer = null;
  }
}
