import { ClientTokens } from "./client-tokens";

const [one, other] = [["10.0.1.20", "10.0.1.21"], ["10.0.1.20"]];

test("a token is what the API takes: at most 64 ASCII characters", () => {
  expect(new ClientTokens().for(one)).toMatch(/^[\x21-\x7e]{1,64}$/);
});

test("a repeated request keeps its token", () => {
  const tokens = new ClientTokens();
  const token = tokens.for(one);
  tokens.for(other);
  expect(tokens.for([...one])).toBe(token);
});

test("requests of different content have different tokens", () => {
  const tokens = new ClientTokens();
  expect(tokens.for(other)).not.toBe(tokens.for(one));
});

test("a token that was spent is not used again", () => {
  const tokens = new ClientTokens();
  const [spent, kept] = [tokens.for(one), tokens.for(other)];
  tokens.spend(one);
  expect(tokens.for(one)).not.toBe(spent);
  expect(tokens.for(other)).toBe(kept);
});

test("another operation has tokens of its own", () => {
  expect(new ClientTokens().for(one)).not.toBe(new ClientTokens().for(one));
});
