import { ClientTokens, maxClientTokens } from "./client-tokens";

const lifetimeMs = 1000;
const used = { answer: { n: 1 } };

function tokensWith(key: string): ClientTokens {
  const tokens = new ClientTokens();
  tokens.claim(key, "p", 0, lifetimeMs);
  tokens.keep(key, used.answer);
  return tokens;
}

test("a token answers as before until its time is over, and is then a new one", () => {
  const tokens = tokensWith("t");
  expect(tokens.claim("t", "p", lifetimeMs, lifetimeMs)).toEqual(used);
  expect(tokens.claim("t", "other", lifetimeMs + 1, lifetimeMs)).toBeUndefined();
});

test("the oldest token is forgotten when there are too many", () => {
  const tokens = tokensWith("t");
  for (let index = 1; index < maxClientTokens; index++) tokens.claim(`t-${index}`, "p", 0, lifetimeMs);
  expect(tokens.save()).toHaveLength(1);
  tokens.claim("one more", "p", 0, lifetimeMs);
  expect(tokens.save()).toEqual([]);
});

test("a saved token that was used again later is as old as its last use", () => {
  const tokens = new ClientTokens();
  const saved = (key: string, atMs: number) => ({ key, parameters: "digest", atMs, ...used });
  tokens.load([saved("again", 0), saved("once", 500), saved("again", 2000)], 2000);
  expect(tokens.claim("once", "p", 500 + lifetimeMs + 1, lifetimeMs)).toBeUndefined();
});

test("tokens of an earlier version, with the parameters in place of their digest, are read", () => {
  const tokens = new ClientTokens();
  tokens.load([{ key: "t", parameters: '[["A","b"]]', ...used }], 5);
  expect(tokens.claim("t", '[["A","b"]]', lifetimeMs, lifetimeMs)).toEqual(used);
  expect(() => tokens.claim("t", "[]", lifetimeMs, lifetimeMs)).toThrow(/parameters/i);
  expect(tokens.claim("t", "[]", lifetimeMs + 6, lifetimeMs)).toBeUndefined();
});
