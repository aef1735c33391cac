/** The emulator's page in a real browser, with the emulator as its users start it. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { createRequire } from "node:module";
import process from "node:process";
import { startChromium } from "./chromium.mjs";

const require = createRequire(import.meta.url);
const { startEmulator } = require("alicloud-ecs-emulator");
// Not part of the package: a client that signs.
const { SigningClient } = require("../../emulator/dist/testing/signing-client.js");

const RegionId = "cn-hangzhou";
/** Would run if anything of it were taken for HTML. */
const hostile = `<script>window.broken = 1</script><img src=x onerror="window.broken = 1">`;

const seed = {
  vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/24" }],
  instances: [{ InstanceId: "i-1", InstanceType: "ecs.g6e.4xlarge" }],
  networkInterfaces: [
    {
      NetworkInterfaceId: "eni-edge",
      NetworkInterfaceName: "edge",
      InstanceId: "i-1",
      VSwitchId: "vsw-1",
      PrivateIpAddress: "10.0.1.10",
      PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: "10.0.1.20" }, { PrivateIpAddress: "10.0.1.21" }] },
      Ipv4PrefixSets: { Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.1.32/28" }] },
    },
    {
      NetworkInterfaceId: "eni-other",
      NetworkInterfaceName: hostile,
      ServiceManaged: true,
      VSwitchId: "vsw-1",
    },
  ],
  eips: [
    {
      AllocationId: "eip-1",
      IpAddress: "47.100.0.9",
      InstanceId: "eni-edge",
      PrivateIpAddress: "10.0.1.20",
    },
  ],
};

const browser = await startChromium();
if (browser.missing !== undefined) {
  process.stderr.write(
    `\n*** The tests of the emulator's page are LEFT OUT: Chromium does not start on this machine.\n*** ${browser.missing}\n\n`,
  );
}
const leftOut = browser.missing !== undefined && !process.env.CI;

test("a browser starts", { skip: leftOut && browser.missing }, () => {
  assert.equal(browser.missing, undefined, "with CI set, a browser that does not start is a failure");
});

describe("the page", { skip: browser.missing !== undefined }, () => {
  let emulator;
  let client;
  let page;
  let complaints;

  before(() => {
    browser.context.setDefaultTimeout(20_000);
  });
  after(() => browser.close());
  beforeEach(async () => {
    emulator = await startEmulator({ seed });
    client = new SigningClient(emulator.url);
    page = await browser.context.newPage();
    complaints = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("requestfailed", (request) => {
      // The event stream ends with the page.
      if (!request.url().endsWith("/events")) complaints.push(`${request.url()} failed`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(emulator.url)) complaints.push(`${request.url()} is not the emulator's`);
    });
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`violation of the policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
  });
  afterEach(async () => {
    assert.equal(await page.evaluate(() => window.broken), undefined);
    await page.close();
    await emulator.close();
    assert.deepEqual(complaints, []);
  });

  const open = async () => {
    await page.goto(`${emulator.url}/_emulator/`);
    await page.locator("#connection[data-state=live]").waitFor();
    await page.locator('[data-eni="eni-edge"] dl').waitFor();
  };
  const cardText = (id) => page.locator(`[data-eni="${id}"]`).innerText();
  const row = (text) => page.locator("#calls tbody tr", { hasText: text });
  const assign = (eni, count = 1) =>
    client.call("AssignPrivateIpAddresses", {
      RegionId,
      NetworkInterfaceId: eni,
      SecondaryPrivateIpAddressCount: count,
    });

  test("shows each ENI with what belongs to it", async () => {
    await open();
    const edge = await cardText("eni-edge");
    for (const text of [
      ...[
        "eni-edge",
        "edge",
        "InUse",
        "Secondary",
        "i-1",
        "Running",
        "ecs.g6e.4xlarge",
        "vsw-1",
        "10.0.1.0/24",
      ],
      ...["10.0.1.10 primary", "10.0.1.20 ↔ 47.100.0.9", "10.0.1.21", "10.0.1.32/28", "4 of 30 used"],
    ])
      assert.ok(edge.includes(text), `${text} is missing in ${edge}`);
    const other = await cardText("eni-other");
    for (const text of ["Available", "managed by a service", "none", "1 of 50 used"])
      assert.ok(other.includes(text), `${text} is missing in ${other}`);
    assert.equal(await page.locator("#eni-count").innerText(), "3");
    assert.equal(await page.locator("#no-calls").innerText(), "No call came in yet.");
    assert.equal(await page.title(), "ECS emulator");
  });

  test("shows a call and what it changed without being loaded again", async () => {
    await open();
    await assign("eni-edge", 2);
    await row("AssignPrivateIpAddresses").waitFor();
    const [call] = emulator.control.calls();
    const text = await row("AssignPrivateIpAddresses").innerText();
    for (const part of [
      "1",
      "NetworkInterfaceId eni-edge",
      "SecondaryPrivateIpAddressCount 2",
      "200",
      call.requestId,
    ])
      assert.ok(text.includes(part), `${part} is missing in ${text}`);
    await page.locator('[data-eni="eni-edge"]', { hasText: "6 of 30 used" }).waitFor();

    const names = { "PrivateIpAddress.1": "10.0.9.9", "PrivateIpAddress.2": "10.0.9.10" };
    await client.call("AssignPrivateIpAddresses", { RegionId, NetworkInterfaceId: "eni-edge", ...names });
    await row("InvalidVSwitchId.IpInvalid").waitFor();
    assert.match(
      await row("InvalidVSwitchId.IpInvalid").innerText(),
      /PrivateIpAddress 10\.0\.9\.9, 10\.0\.9\.10/,
    );
    // Newest first.
    assert.deepEqual(await page.locator("#calls td.number").allInnerTexts(), ["2", "1"]);
  });

  test("shows a call that is not answered, and one that came in before the page", async () => {
    emulator.control.addFault({ action: "DescribeInstances", effect: { hang: true } });
    await client.call("DescribeRegion", { RegionId });
    const hanging = client.call("DescribeInstances", { RegionId }).catch(() => undefined);
    await open();
    await row("DescribeRegion").waitFor();
    await row("no answer yet").waitFor();
    emulator.control.clearCalls();
    await page.locator("#no-calls").waitFor();
    await emulator.close();
    await hanging;
    await page.locator("#connection[data-state=lost]").waitFor();
    complaints.splice(0);
  });

  test("shows what control calls change, and what follows by itself", async () => {
    await open();
    emulator.control.patchState({
      instances: [
        { InstanceId: "i-1", Status: "Starting", StatusTransition: { to: "Running", afterMs: 3_600_000 } },
      ],
      networkInterfaces: [
        {
          NetworkInterfaceId: "eni-other",
          Status: "Deleting",
          StatusTransition: { to: "Deleted", afterMs: 1500 },
        },
      ],
    });
    await page.locator('[data-eni="eni-edge"]', { hasText: "Starting → Running" }).waitFor();
    await page.locator('[data-eni="eni-other"]', { hasText: "Deleting → Deleted" }).waitFor();
    await page.locator('[data-eni="eni-other"]').waitFor({ state: "detached" });
  });

  test("shows what clients write as text", async () => {
    await open();
    assert.ok((await cardText("eni-other")).includes(hostile));
    await client.call(hostile, { RegionId, [hostile]: hostile, NetworkInterfaceId: "eni-edge" });
    await row("InvalidAction").waitFor();
    const text = await row("InvalidAction").innerText();
    assert.equal(text.split(hostile).length - 1, 3, text);
    assert.equal(await page.locator("main img, main script").count(), 0);
  });

  test("marks the calls of the ENI that is chosen, by mouse and by keyboard", async () => {
    await open();
    await assign("eni-edge");
    await assign("eni-other");
    await client.call("DescribeNetworkInterfaces", { RegionId, "NetworkInterfaceId.1": "eni-edge" });
    await row("DescribeNetworkInterfaces").waitFor();
    const marked = () => page.locator("#calls tr.marked td.number").allTextContents();
    assert.deepEqual(await marked(), []);
    await page.getByRole("button", { name: "eni-edge" }).click();
    await page.locator("tr.marked").first().waitFor();
    assert.deepEqual(await marked(), ["3 (chosen)", "1 (chosen)"]);
    assert.equal(await page.getByRole("button", { name: "eni-edge", pressed: true }).count(), 1);
    // The next one is marked as it comes in, and the focus is where it was.
    await assign("eni-edge");
    await page.locator('tr.marked[data-seq="4"]').waitFor();
    assert.match(await page.evaluate(() => document.activeElement.innerText), /eni-edge/);
    await page.keyboard.press("Enter");
    await page.locator("tr.marked").first().waitFor({ state: "detached" });
  });

  test("filters ENIs and calls", async () => {
    await open();
    await assign("eni-edge");
    await client.call("DescribeInstances", { RegionId });
    await row("DescribeInstances").waitFor();
    const numbers = () => page.locator("#calls td.number").allInnerTexts();
    const filter = page.getByLabel("Filter by ENI");
    for (const text of ["EDGE", "10.0.1.21", "47.100.0.9"]) {
      await filter.fill(text);
      await page.locator("#eni-count", { hasText: "1 of 3" }).waitFor();
      assert.deepEqual(await numbers(), ["1"]);
      await filter.fill("");
      await page.locator("#eni-count", { hasText: /^3$/ }).waitFor();
      assert.deepEqual(await numbers(), ["2", "1"]);
    }
    await filter.fill("nothing");
    await page.getByText("No call names such an ENI.").waitFor();
  });

  test("stands still while it is paused", async () => {
    await open();
    await page.getByRole("button", { name: "Pause" }).click();
    await assign("eni-edge");
    // A second page shows that the event was sent.
    const other = await browser.context.newPage();
    await other.goto(`${emulator.url}/_emulator/`);
    await other.locator("#calls tbody tr").waitFor();
    await other.close();
    assert.equal(await page.locator("#calls tbody tr").count(), 0);
    await page.getByRole("button", { name: "Paused" }).click();
    await row("AssignPrivateIpAddresses").waitFor();
  });

  describe("with 10,000 ENIs and 300 calls", () => {
    const many = 10_000;
    const calls = 300;
    const id = (n) => `eni-${String(n).padStart(5, "0")}`;
    const elements = () => page.evaluate(() => document.querySelectorAll("*").length);
    const shown = () =>
      page.locator("#enis > [data-eni]").evaluateAll((cards) => cards.map((card) => card.dataset.eni));
    const card = (n) => page.locator(`[data-eni="${id(n)}"]`);
    /** Scrolls the page as a person who drags the scroll bar to this share of it. */
    const scrollTo = (share) =>
      page.evaluate((part) => {
        scrollTo(0, document.documentElement.scrollHeight * part);
      }, share);

    beforeEach(async () => {
      emulator.control.putState({
        vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.0.0/16" }],
        networkInterfaces: Array.from({ length: many }, (_, n) => ({
          NetworkInterfaceId: id(n),
          NetworkInterfaceName: `node ${n}`,
          VSwitchId: "vsw-1",
          PrivateIpAddress: `10.0.${Math.floor(n / 200)}.${(n % 200) + 10}`,
        })),
      });
      for (let n = 0; n < calls; n++)
        await client.call("DescribeNetworkInterfaces", { RegionId, "NetworkInterfaceId.1": id(n) });
      await page.goto(`${emulator.url}/_emulator/`);
      await page.locator("#eni-count", { hasText: /^10000$/ }).waitFor();
      await page.locator("#call-count", { hasText: /^300$/ }).waitFor();
    });

    test("has at most 3,000 elements in each part of the list, from the first ENI to the last", async () => {
      for (const share of [0, 0.25, 0.5, 0.999, 0.1]) {
        await scrollTo(share);
        // The cards around the window are drawn, wherever that is.
        await page.waitForFunction(() => {
          const around = [...document.querySelectorAll("#enis > [data-eni]")].map((one) =>
            one.getBoundingClientRect(),
          );
          return (
            around.some(({ top }) => top < innerHeight / 2) &&
            around.some(({ bottom }) => bottom > innerHeight / 2)
          );
        });
        const count = await elements();
        assert.ok(count <= 3000, `${count} elements at ${share} of the page`);
        assert.ok(count > 200, `${count} elements at ${share} of the page`);
        const at = Number((await shown())[0].slice(4));
        assert.ok(Math.abs(at / many - share) < 0.02, `${id(at)} is the first ENI at ${share} of the page`);
      }
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.ok(height > many * 100, `the page has ${height} pixels`);
      await scrollTo(1);
      await card(many - 1).waitFor();
      assert.equal(await card(many - 1).getAttribute("aria-posinset"), String(many));
      assert.equal(await card(0).count(), 0);
      await scrollTo(0);
      await card(0).waitFor();
      assert.equal(await card(many - 1).count(), 0);
    });

    test("the filter finds each ENI, by id, name and address", async () => {
      await scrollTo(0.5);
      const filter = page.getByLabel("Filter by ENI");
      for (const [text, n] of [
        [id(9876), 9876],
        ["NODE 4321", 4321],
        ["10.0.49.209", 9999],
      ]) {
        await filter.fill(text);
        await page.locator("#eni-count", { hasText: `1 of ${many}` }).waitFor();
        await card(n).waitFor();
        assert.deepEqual(await shown(), [id(n)]);
      }
      await filter.fill(id(299));
      await page.locator("#call-count", { hasText: `1 of ${calls}` }).waitFor();
      assert.deepEqual(await page.locator("#calls td.number").allInnerTexts(), ["300"]);

      await assign(id(many - 1));
      await filter.fill(id(many - 1));
      await page.locator(`[data-eni="${id(many - 1)}"]`, { hasText: "2 of 50 used" }).waitFor();
    });

    test("the Tab key goes from card to card beyond the window", async () => {
      await page.getByRole("button", { name: id(0) }).focus();
      for (let n = 1; n <= 15; n++) {
        await page.keyboard.press("Tab");
        await page.waitForFunction((name) => document.activeElement?.textContent?.includes(name), id(n));
      }
    });

    test("the calls are reached by scrolling, and stay beside the ENIs", async () => {
      const numbers = () => page.locator("#calls td.number").allInnerTexts();
      assert.equal((await numbers())[0], "300");
      await page.locator("main > section:last-child").evaluate((section) => {
        section.scrollTop = section.scrollHeight;
      });
      await page.locator('tr[data-seq="1"]').waitFor();
      assert.equal((await numbers()).at(-1), "1");
      await scrollTo(0.5);
      assert.ok(await page.locator('tr[data-seq="1"]').isVisible());
      assert.ok((await elements()) <= 3000);
    });
  });

  test("fits a narrow window, in light and in dark", async () => {
    await assign("eni-edge", 10);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      for (const width of [320, 700, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await open();
        await row("AssignPrivateIpAddresses").waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${wide} pixels in a window of ${width}`);
      }
      const [text, ground] = await page.evaluate(() => {
        const { color, backgroundColor } = getComputedStyle(document.body);
        return [color, backgroundColor].map((rgb) =>
          rgb
            .match(/\d+/g)
            .map(Number)
            .reduce((a, b) => a + b),
        );
      });
      assert.equal(text < ground, colorScheme === "light");
    }
  });

  test("allows its own files alone, and no frame around it", async () => {
    const answer = await page.goto(`${emulator.url}/_emulator`);
    assert.equal(page.url(), `${emulator.url}/_emulator/`);
    const policy = answer.headers()["content-security-policy"];
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      assert.ok(policy.includes(part), policy);
    assert.ok(!policy.includes("unsafe"));
    // A watch that is over leaves nothing behind, and loading the page is no call of the API.
    assert.deepEqual(emulator.control.calls(), []);
  });
});
