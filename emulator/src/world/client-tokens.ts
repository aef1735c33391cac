import { createHash } from "node:crypto";
import { idempotentFailed, idempotentParameterMismatch, lastTokenProcessing } from "../api-errors";

interface Use {
  readonly parametersDigest: string;
  readonly atMs: number;
  /** Absent while the first call still runs; null for a token that is burnt. */
  answer?: object | null;
}

/** A used token as it is saved; without an answer if its call failed. */
export interface UsedToken {
  readonly key: string;
  /** The digest of the call's parameters. Earlier versions saved the parameters. */
  readonly parameters: string;
  /** When it was used. Earlier versions did not save it. */
  readonly atMs?: number | undefined;
  readonly answer: object | null;
}

/** The most tokens that are kept: with one more, the oldest is forgotten. */
export const maxClientTokens = 10_000;

/**
 * What calls with a ClientToken answered: the same token with the same parameters gets the same answer without a
 * second effect. No documentation says how long a token lasts.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/how-to-ensure-idempotence
 */
export class ClientTokens {
  /** In the order of their use. */
  readonly #uses = new Map<string, Use>();
  readonly #noteChange: (key: string, undo: () => void) => void;

  /**
   * @param noteChange - called when a token is used up, with the way back
   */
  constructor(noteChange: (key: string, undo: () => void) => void = () => undefined) {
    this.#noteChange = noteChange;
  }

  /** The earlier answer, if there is one; the token is taken otherwise. */
  claim(key: string, parameters: string, nowMs: number, lifetimeMs: number): { answer: object } | undefined {
    this.#forget(nowMs - lifetimeMs);
    const use = this.#uses.get(key);
    const parametersDigest = digest(parameters);
    if (!use) {
      this.#uses.set(key, { parametersDigest, atMs: nowMs });
      return undefined;
    }
    if (use.parametersDigest !== parametersDigest) throw idempotentParameterMismatch();
    if (use.answer === undefined) throw lastTokenProcessing();
    if (use.answer === null) throw idempotentFailed();
    return { answer: use.answer };
  }

  /** Keeps the answer of the call that claimed the token. */
  keep(key: string, answer: object): void {
    this.#useUp(key, answer);
  }

  /** Forgets a token whose call failed: it may be used again, with any parameters. */
  release(key: string): void {
    this.#uses.delete(key);
  }

  /** Keeps a token whose call failed from ever being used again. */
  burn(key: string): void {
    this.#useUp(key, null);
  }

  #useUp(key: string, answer: object | null): void {
    const use = this.#uses.get(key);
    if (!use) return;
    use.answer = answer;
    this.#noteChange(key, () => {
      this.#uses.delete(key);
    });
  }

  /** The used tokens, or those with these keys: the call of one that is still under way has had no effect yet. */
  save(keys: Iterable<string> = this.#uses.keys()): UsedToken[] {
    return [...keys].flatMap((key) => {
      const use = this.#uses.get(key);
      if (use?.answer === undefined) return [];
      return [{ key, parameters: use.parametersDigest, atMs: use.atMs, answer: use.answer }];
    });
  }

  /** Adds tokens that were saved. */
  load(tokens: readonly UsedToken[], savedAtMs: number): void {
    for (const { key, parameters, atMs = savedAtMs, answer } of tokens) {
      const parametersDigest = parameters.startsWith("[") ? digest(parameters) : parameters;
      // A token whose time was over can have been used again: its place is that of the last use.
      this.#uses.delete(key);
      this.#uses.set(key, { parametersDigest, atMs, answer });
    }
  }

  /** Forgets the tokens that were used before that moment, and the oldest ones if there are too many. */
  #forget(beforeMs: number): void {
    for (const [key, { atMs }] of this.#uses) {
      if (atMs >= beforeMs && this.#uses.size < maxClientTokens) break;
      this.#uses.delete(key);
    }
  }
}

function digest(parameters: string): string {
  return createHash("sha256").update(parameters).digest("base64");
}
