import type { Action, PreparedCall } from "../actions/action";
import { contentOf } from "../actions/action";
import { givenAndRefused } from "../actions/conformance";
import { ApiError, dryRunOperation, invalidParameter, unsupportedParameter } from "../api-errors";
import type { RawParameters } from "../wire/parameters";
import { Parameters } from "../wire/parameters";
import type { World } from "../world/world";

/**
 * Carries out one call: parameters, ClientToken, the ENI's turn, the time it takes, and then what it does.
 *
 * @param delay - the time that passes between a call's arrival and its effect
 * @param effect - called in one step with the effect; the answer waits for it
 */
export async function execute(
  action: Action,
  raw: RawParameters,
  world: World,
  delay: () => Promise<void>,
  effect: () => Promise<void> = () => Promise.resolve(),
): Promise<object> {
  const [refused] = givenAndRefused(action.parameters, raw);
  if (refused !== undefined) throw unsupportedParameter(refused);
  const parameters = new Parameters(raw, action.missingStatus);
  const call = action.prepare(parameters, world.behaviour);
  const token = action.takesClientToken && clientToken(parameters);
  if (token === undefined) return perform(call, world, delay, effect);

  // One account owns everything, so an operation and a token are enough.
  const key = `${action.name} ${token}`;
  const earlier = world.tokens.claim(key, contentOf(raw), world.nowMs, world.behaviour.clientTokenMs);
  if (earlier) {
    await delay();
    await effect();
    return earlier.answer;
  }
  try {
    // In one step with the effect: a world that is saved in between would forget the token of what was done.
    return await perform(call, world, delay, effect, (answer) => {
      world.tokens.keep(key, answer);
    });
  } catch (error) {
    if (isRefusal(error) && world.behaviour.failedClientTokens === "burnt") {
      world.tokens.burn(key);
      await effect();
    } else world.tokens.release(key);
    throw error;
  }
}

async function perform(
  call: PreparedCall,
  world: World,
  delay: () => Promise<void>,
  effect: () => Promise<void>,
  keep?: (answer: object) => void,
): Promise<object> {
  const exists = call.writesTo !== undefined && world.resources.networkInterfaces.has(call.writesTo);
  const endWrite = exists ? world.beginWrite(call.writesTo) : undefined;
  let kept: Promise<void> | undefined;
  try {
    await delay();
    try {
      const answer = call.perform(world);
      keep?.(answer);
      return answer;
    } finally {
      // After an error as well: part of a batch may be done.
      kept = effect();
    }
  } finally {
    endWrite?.();
    await kept;
  }
}

/** What the emulator's own end cuts off has not failed, nor has a dry run that says what would have succeeded. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.code !== dryRunOperation().code;
}

function clientToken(parameters: Parameters): string | undefined {
  const token = parameters.text("ClientToken");
  if (token !== undefined && !/^[\x21-\x7e]{1,64}$/.test(token))
    throw invalidParameter("ClientToken", "it is not 1 to 64 ASCII characters");
  return token;
}
