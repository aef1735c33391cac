import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { parseDuration } from "../pulumi/duration";
import { isIpv4Address } from "../addresses/address-set";
import { parseState } from "../pulumi/state";
import { Deadline } from "../timing/deadline";
import { within } from "../timing/within";
test("x", async () => {
  jest.useFakeTimers();
  const a = performance.now();
  let done = false;
  void sleep(1000).then(() => {
    done = true;
  });
  await jest.advanceTimersByTimeAsync(1000);
  console.log(performance.now() - a, done);
  jest.useRealTimers();
  for (const t of [
    "10.0.1",
    "1",
    "0x7f.1.1.1",
    "10.0.1.020",
    " 10.0.1.2",
    "10.0.1.2 ",
    "10.0.1.2\n",
    "",
    "10.0.1.2.3",
    "١.2.3.4",
    "10.0.1.+2",
    "1e1.2.3.4",
    "10.0.1.2/",
    "10.0.1.2/32",
    "10.0.1.-0",
    "...",
  ])
    console.log(JSON.stringify(t), isIpv4Address(t));
  for (const t of [
    "0",
    "0s",
    "1h30m",
    "1.5h",
    ".5s",
    "-5m",
    "100us",
    "1d",
    "5M",
    "999999999999999999999h",
    " 5m",
    "5 m",
  ]) {
    let r;
    try {
      r = parseDuration(t);
    } catch (e) {
      r = String(e);
    }
    console.log(t, r);
  }
  console.log(
    parseState({
      privateIpAddresses: ["10.0.1.20", "bad"],
      __internal: { name: "x", timeouts: { create: null } },
    }),
  );
  console.log(
    await within(Deadline.after(30 * 24 * 3600 * 1000), () => new Error("late"), sleep(50, "ok")).catch(
      String,
    ),
  );
});
