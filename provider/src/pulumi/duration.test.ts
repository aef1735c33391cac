import { parseDuration } from "./duration";

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["1h0m0s", 3_600_000],
  ["1.5h", 5_400_000],
  ["0.5s", 500],
  ["250ms", 250],
  ["1m500ms", 60_500],
  ["2s2s", 4_000],
  ["0s", 0],
  ["100h", 360_000_000],
])("%s is %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  "",
  "5",
  "5 m",
  " 5m",
  "5m ",
  "-5m",
  "five minutes",
  "5d",
  "5M",
  "m",
  "5m3",
  "5,5s",
  "1e3s",
  "5m\n",
])("%p is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
