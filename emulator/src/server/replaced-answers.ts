import { contentTypes } from "../wire/answers";
import type { AnswerBody } from "../wire/answers";
import type { FaultEffect } from "./faults";

/** What a client gets in the place of the call's own answer. */
export interface Replacement {
  /** The connection is closed, or left open without an answer, or something else is answered. */
  readonly outcome: "dropped" | "hung" | ForeignAnswer;
  /** Whether the call is carried out. */
  readonly done: boolean;
}

/** An answer that the test wrote. */
export class ForeignAnswer {
  readonly code = null;

  /** @param cut - whether the connection is closed before the announced end of the body */
  constructor(
    readonly status: number,
    readonly body: AnswerBody,
    readonly cut: boolean,
  ) {}
}

/** How an effect replaces the answer, if it does. */
export function replacementBy(effect: FaultEffect | undefined): Replacement | undefined {
  if (effect && "drop" in effect) return { outcome: "dropped", done: effect.drop === "after" };
  if (effect && "hang" in effect) return { outcome: "hung", done: effect.done ?? false };
  if (effect && "answer" in effect) {
    const { status, contentType = contentTypes.JSON, body, cut = false } = effect.answer;
    const outcome = new ForeignAnswer(status, { contentType, text: body }, cut);
    return { outcome, done: effect.done ?? false };
  }
  return undefined;
}
