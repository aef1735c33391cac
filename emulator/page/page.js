/**
 * Shows the emulator's ENIs and calls, and keeps them up to date by server-sent events. Texts of clients (a name, a
 * parameter) reach the page as text: elements are made here and never parsed from strings.
 */
import { WindowedList } from "./windowed-list.js";

/** The page keeps the newest calls only: the emulator's own log has the others. */
const keptCalls = 2000;
/** Events come in bursts. A person does not notice a delay of this length. */
const redrawMs = 100;
/** A pause between two reads of all ENIs, in durations of the last read: most of the time is for the person. */
const pauseInReads = 4;

const byId = (id) => document.getElementById(id);

const state = {
  /** The ENIs, as the emulator's overview has them. */
  overview: [],
  /** The lower-case texts of each ENI that the filter looks at, by id. */
  texts: new Map(),
  /** The calls by their number. */
  calls: new Map(),
  /** The id of the ENI whose calls are marked. */
  chosen: undefined,
  filter: "",
  paused: false,
};

/** An element with attributes and content, where content is text and other elements. */
function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...content.filter((part) => part !== undefined && part !== null));
  return element;
}

/* Filter */

const addressesOf = (eni) =>
  [...eni.primary, ...eni.secondary].flatMap(({ address, eip }) => [address, eip ?? ""]);

const wantedText = () => state.filter.trim().toLowerCase();

/** One text for each ENI, made once: with 10,000 ENIs a filter looks at a million addresses. A line break divides. */
function keepOverview(overview) {
  state.overview = overview;
  state.texts = new Map(
    overview.map((eni) => [
      eni.networkInterfaceId,
      [eni.networkInterfaceId, eni.name, ...addressesOf(eni), ...eni.prefixes].join("\n").toLowerCase(),
    ]),
  );
}

/** The ENIs that pass the filter. */
function passing() {
  const wanted = wantedText();
  if (wanted === "") return state.overview;
  return state.overview.filter((eni) => state.texts.get(eni.networkInterfaceId).includes(wanted));
}

/** The ENIs that a call names, singly or in a list. */
function namedEnis(call) {
  const named = Object.entries(call.params).filter(([name]) => /^NetworkInterfaceId(\.\d+)?$/.test(name));
  return named.map(([, id]) => id);
}

/* ENIs */

const transient = new Set([
  "Attaching",
  "Detaching",
  "Creating",
  "Deleting",
  "Pending",
  "Starting",
  "Stopping",
]);
const settled = new Set(["Available", "InUse", "Running"]);

function statusBadge({ status, next }, label) {
  const kind = transient.has(status) || next ? "busy" : settled.has(status) ? "good" : "bad";
  const then = next ? ` → ${next.to}` : "";
  return make(
    "span",
    { class: `badge ${status === "Stopped" ? "" : kind}`, title: label },
    `${status}${then}`,
  );
}

function addressChip({ address, eip }, { primary, isNew }) {
  const chip = make("li", { class: `chip mono${isNew ? " fresh" : ""}` }, address);
  if (primary) chip.append(make("span", { class: "primary" }, " primary"));
  if (eip)
    chip.append(
      make("span", { class: "eip", title: "EIP" }, ` ↔ ${eip}`, make("span", { class: "unseen" }, " (EIP)")),
    );
  return chip;
}

/** A term and its value for this ENI. */
const fact = (term, ...content) => [make("dt", {}, term), make("dd", {}, ...content)];

function eniBody(eni, before) {
  const known = before ? new Set([...addressesOf(before), ...before.prefixes]) : undefined;
  const isNew = (text) => known !== undefined && !known.has(text);
  const { used, all } = eni.quota;
  const addresses = [
    ...eni.primary.map((ip) => addressChip(ip, { primary: true, isNew: isNew(ip.address) })),
    ...eni.secondary.map((ip) => addressChip(ip, { primary: false, isNew: isNew(ip.address) })),
  ];
  const prefixes = eni.prefixes.map((prefix) =>
    make("li", { class: `chip prefix mono${isNew(prefix) ? " fresh" : ""}` }, prefix),
  );
  const meter = make("meter", { min: "0", max: String(all), high: String(all - 1), value: String(used) });
  meter.setAttribute("aria-label", "quota used");
  return [
    make(
      "div",
      { class: "badges" },
      statusBadge(eni, "status of the network interface"),
      make("span", { class: "badge" }, eni.type),
      eni.serviceManaged ? make("span", { class: "badge busy" }, "managed by a service") : undefined,
    ),
    make(
      "dl",
      {},
      ...fact(
        "Instance",
        ...(eni.instance
          ? [
              make("code", {}, eni.instance.instanceId),
              ` ${eni.instance.instanceType} `,
              statusBadge(eni.instance, "status of the instance"),
            ]
          : ["none"]),
      ),
      ...fact("vSwitch", make("code", {}, eni.vSwitch.vSwitchId), ` ${eni.vSwitch.cidrBlock}, ${eni.zoneId}`),
      ...fact("Addresses", make("ul", { class: "chips" }, ...addresses)),
      ...(prefixes.length > 0 ? fact("Prefixes", make("ul", { class: "chips" }, ...prefixes)) : []),
      ...fact("Quota", make("span", { class: "quota" }, meter, make("span", {}, `${used} of ${all} used`))),
    ),
  ];
}

/**
 * A card. Its frame and its button stay when the ENI changes, so that the focus stays; the part below is made again.
 */
function newCard(eni) {
  const title = make("span", { class: "mono" });
  const name = make("span", { class: "name" });
  const button = make("button", { type: "button", "aria-pressed": "false" }, title, " ", name);
  const body = make("div");
  const element = make(
    "li",
    { class: "eni", "data-eni": eni.networkInterfaceId },
    make("h3", {}, button),
    body,
  );
  button.addEventListener("click", () => {
    state.chosen = state.chosen === eni.networkInterfaceId ? undefined : eni.networkInterfaceId;
    draw();
  });
  return { element, title, name, button, body, text: "", eni: undefined };
}

const eniList = new WindowedList(byId("enis"), {
  spacer: () => make("li", { class: "space", "aria-hidden": "true" }),
  guessedHeight: 190,
  draw: (eni, drawn, position) => {
    const card = drawn ?? newCard(eni);
    const text = JSON.stringify(eni);
    if (card.text !== text) {
      card.title.textContent = eni.networkInterfaceId;
      card.name.textContent = eni.name;
      card.body.replaceChildren(...eniBody(eni, card.eni));
      card.text = text;
      card.eni = eni;
    }
    const isChosen = state.chosen === eni.networkInterfaceId;
    card.element.classList.toggle("chosen", isChosen);
    card.button.setAttribute("aria-pressed", String(isChosen));
    card.element.setAttribute("aria-posinset", String(position.index + 1));
    card.element.setAttribute("aria-setsize", String(position.count));
    return card;
  },
});

/** The ids that the filter field proposes. */
let proposed = "";

function drawEnis() {
  const visible = passing();
  eniList.show(visible.map((eni) => [eni.networkInterfaceId, eni]));

  const all = state.overview.length;
  byId("no-enis").hidden = all > 0;
  byId("eni-count").textContent = visible.length === all ? `${all}` : `${visible.length} of ${all}`;
  const ids = state.overview.slice(0, 100).map((eni) => eni.networkInterfaceId);
  if (proposed === ids.join()) return;
  proposed = ids.join();
  byId("eni-ids").replaceChildren(...ids.map((id) => make("option", { value: id })));
}

/* Calls */

/** Parameters, with the elements of a list (`PrivateIpAddress.1` and so on) in one line. */
function parameterList(params) {
  const grouped = new Map();
  for (const [name, value] of Object.entries(params)) {
    const list = /^(.*)\.\d+$/.exec(name)?.[1] ?? name;
    grouped.set(list, [...(grouped.get(list) ?? []), value]);
  }
  const items = [...grouped].map(([name, values]) =>
    make("li", {}, make("span", { class: "key" }, `${name} `), values.join(", ")),
  );
  return make("ul", { class: "parameters mono" }, ...items);
}

function answerBadge({ status, code }) {
  if (status === null) return make("span", { class: "badge busy" }, "no answer yet");
  const badge = make("span", { class: `badge ${status < 400 ? "good" : "bad"}` }, String(status));
  if (code === null) return badge;
  // Codes are long: they may break after a dot.
  const parts = code.split(".").flatMap((part, at) => (at === 0 ? [part] : [".", make("wbr"), part]));
  return make("span", {}, badge, " ", make("code", {}, ...parts));
}

const cell = (name, ...content) => make("td", { class: name, role: "cell" }, ...content);

function callRow(call) {
  const at = new Date(call.atMs);
  const time =
    at.toLocaleTimeString(undefined, { hour12: false }) + `.${String(at.getMilliseconds()).padStart(3, "0")}`;
  return make(
    "tr",
    { role: "row", "data-seq": String(call.seq) },
    cell("number", String(call.seq)),
    cell("time", make("time", { datetime: at.toISOString() }, time)),
    cell("what", make("strong", {}, call.action ?? "no action"), parameterList(call.params)),
    cell("answer", answerBadge(call)),
    cell("request mono", call.requestId),
  );
}

const callList = new WindowedList(byId("calls").tBodies[0], {
  spacer: () => make("tr", { class: "space", "aria-hidden": "true" }),
  guessedHeight: 55,
  draw: (call, drawn, position) => {
    const text = JSON.stringify(call);
    const row = drawn?.text === text ? drawn : { text, element: callRow(call) };
    const { element } = row;
    const isMarked = state.chosen !== undefined && namedEnis(call).includes(state.chosen);
    if (element.classList.contains("marked") !== isMarked) {
      element.classList.toggle("marked", isMarked);
      element.querySelector(".number .unseen")?.remove();
      if (isMarked) element.querySelector(".number").append(make("span", { class: "unseen" }, " (chosen)"));
    }
    // The row of the column titles is the first one.
    element.setAttribute("aria-rowindex", String(position.index + 2));
    return row;
  },
});

function drawCalls() {
  const wanted = wantedText();
  const shownIds = new Set(wanted === "" ? [] : passing().map((eni) => eni.networkInterfaceId));
  // A deleted ENI still has its calls.
  const wantedId = (id) => shownIds.has(id) || id.toLowerCase().includes(wanted);
  const matching = [...state.calls.values()]
    .filter((call) => wanted === "" || namedEnis(call).some(wantedId))
    .sort((a, b) => b.seq - a.seq);
  const all = state.calls.size;
  byId("calls").hidden = matching.length === 0;
  byId("calls").setAttribute("aria-rowcount", String(matching.length + 1));
  byId("no-calls").hidden = matching.length > 0;
  byId("no-calls").textContent = all === 0 ? "No call came in yet." : "No call names such an ENI.";
  byId("call-count").textContent = matching.length === all ? `${all}` : `${matching.length} of ${all}`;
  callList.show(matching.map((call) => [call.seq, call]));
}

/* Drawing, in bursts */

let drawing;
function draw() {
  drawing ??= setTimeout(() => {
    drawing = undefined;
    if (state.paused) return;
    drawEnis();
    drawCalls();
  }, redrawMs);
}

/* Reading from the emulator */

async function get(what) {
  const answer = await fetch(what, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
  return answer.json();
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let reading = false;
let readAgain = false;
let nextChange;

/** Reads the ENIs, one read at a time, and again when the next transition ends. */
async function readOverview() {
  if (reading) {
    readAgain = true;
    return;
  }
  reading = true;
  try {
    do {
      readAgain = false;
      const start = performance.now();
      keepOverview((await get("overview")).networkInterfaces);
      draw();
      if (readAgain) await wait(pauseInReads * (performance.now() - start));
    } while (readAgain);
    const pending = state.overview.flatMap((eni) => [eni.next, eni.instance?.next ?? null]).filter(Boolean);
    clearTimeout(nextChange);
    if (pending.length > 0) {
      const soonest = Math.min(...pending.map(({ afterMs }) => afterMs));
      nextChange = setTimeout(readOverview, Math.min(Math.max(soonest + 20, redrawMs), 60_000));
    }
  } catch {
    // The event stream notices that the emulator is gone, and reads again when it is back.
  } finally {
    reading = false;
  }
}

function showConnection(kind, text) {
  byId("connection").dataset.state = kind;
  byId("connection-text").textContent = text;
}

function keep(call) {
  state.calls.set(call.seq, call);
  if (state.calls.size > keptCalls) state.calls.delete(state.calls.keys().next().value);
}

function watch() {
  const events = new EventSource("events");
  events.addEventListener("open", async () => {
    showConnection("live", `live, ${location.host}`);
    // Events that come meanwhile are newer than this answer.
    const before = state.calls;
    state.calls = new Map();
    try {
      const calls = await get("calls");
      const newer = state.calls;
      state.calls = new Map();
      for (const call of calls.slice(-keptCalls)) keep(call);
      for (const call of newer.values()) keep(call);
    } catch {
      state.calls = before;
    }
    draw();
    await readOverview();
  });
  events.addEventListener("call", (event) => {
    keep(JSON.parse(event.data));
    draw();
  });
  events.addEventListener("cleared", () => {
    state.calls = new Map();
    draw();
  });
  events.addEventListener("world", readOverview);
  events.addEventListener("error", () => {
    showConnection("lost", "not connected, trying again");
  });
}

byId("filter").addEventListener("input", (event) => {
  state.filter = event.target.value;
  draw();
});
byId("pause").addEventListener("click", (event) => {
  state.paused = !state.paused;
  event.currentTarget.setAttribute("aria-pressed", String(state.paused));
  event.currentTarget.textContent = state.paused ? "Paused" : "Pause";
  draw();
});

watch();
