import { maxNonces, Nonces } from "./nonces";

test("a nonce is refused until it expires", () => {
  const nonces = new Nonces();
  expect([nonces.use("a", 0, 10), nonces.use("a", 9, 10), nonces.use("a", 10, 10)]).toEqual([
    true,
    false,
    true,
  ]);
});

test("the oldest nonce is forgotten when there are too many", () => {
  const nonces = new Nonces();
  for (let index = 0; index < maxNonces; index++) nonces.use(`n-${index}`, 0, 10);
  expect([nonces.use("n-1", 0, 10), nonces.use("n-0", 0, 10)]).toEqual([false, true]);
});
