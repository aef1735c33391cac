// To compare two types takes type parameters that are used once.
/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * `assertSameType<A, B>(true)` compiles only if the types are identical, optional keys included. The declarations of the
 * package write out what a schema allows: those of zod do not pass every compiler of the users.
 */
export function assertSameType<A, B>(same: Same<A, B>): boolean {
  return same;
}
