/**
 * Shows the emulator's ENIs and calls, and keeps them up to date by server-sent events. Whatever a client wrote (a name, a
 * parameter) reaches the page as text: elements are made here and nowhere parsed from strings.
 */

/** As many calls as a table is read for. */
const shownCalls = 400;
/** Events come in bursts; a person sees this many times a second as at once. */
const redrawMs = 100;

const byId = (id) => document.getElementById(id);
const enis = byId("enis");
const rows = byId("calls").tBodies[0];

const state = {
  /** What the emulator says of its ENIs. */
  overview: [],
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

/* What belongs to what */

const addressesOf = (eni) =>
  [...eni.primary, ...eni.secondary].flatMap(({ address, eip }) => [address, eip ?? ""]);

function passes(eni) {
  const wanted = state.filter.trim().toLowerCase();
  const texts = [eni.networkInterfaceId, eni.name, ...addressesOf(eni), ...eni.prefixes];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

/** The ENIs that a call names, singly or in a list. */
function namedEnis(call) {
  const named = Object.entries(call.params).filter(([name]) => /^NetworkInterfaceId(\.\d+)?$/.test(name));
  return named.map(([, id]) => id);
}

/* ENIs */

const passing = new Set([
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
  const kind = passing.has(status) || next ? "busy" : settled.has(status) ? "good" : "bad";
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

/** A term and what it means for this ENI. */
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

/** The cards by ENI, with what they show. */
const cards = new Map();

/** A card's frame and its button stay as they are, so that the focus does; what is below is made anew when it changes. */
function card(eni) {
  const present = cards.get(eni.networkInterfaceId);
  if (present) return present;
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
  const made = { element, title, name, button, body, shown: "", eni: undefined };
  cards.set(eni.networkInterfaceId, made);
  return made;
}

function drawEnis() {
  const visible = state.overview.filter(passes);
  for (const eni of visible) {
    const it = card(eni);
    const text = JSON.stringify(eni);
    if (it.shown !== text) {
      it.title.textContent = eni.networkInterfaceId;
      it.name.textContent = eni.name;
      it.body.replaceChildren(...eniBody(eni, it.eni));
      it.shown = text;
      it.eni = eni;
    }
    const isChosen = state.chosen === eni.networkInterfaceId;
    it.element.classList.toggle("chosen", isChosen);
    it.button.setAttribute("aria-pressed", String(isChosen));
  }
  const ids = new Set(state.overview.map((eni) => eni.networkInterfaceId));
  for (const id of [...cards.keys()]) if (!ids.has(id)) cards.delete(id);
  const wanted = visible.map((eni) => cards.get(eni.networkInterfaceId).element);
  if (wanted.length !== enis.children.length || wanted.some((element, at) => enis.children[at] !== element))
    enis.replaceChildren(...wanted);

  byId("no-enis").hidden = state.overview.length > 0;
  const all = state.overview.length;
  byId("eni-count").textContent = visible.length === all ? `${all}` : `${visible.length} of ${all}`;
  const listed = byId("eni-ids");
  if (listed.dataset.ids !== [...ids].join()) {
    listed.dataset.ids = [...ids].join();
    listed.replaceChildren(...[...ids].slice(0, 100).map((id) => make("option", { value: id })));
  }
}

/* Calls */

/** Parameters as they are read: `PrivateIpAddress.1` and its like in one. */
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

/** The rows by call, with what they show. */
const drawnRows = new Map();

function drawCalls() {
  const shownIds = new Set(state.overview.filter(passes).map((eni) => eni.networkInterfaceId));
  const isFiltered = state.filter.trim() !== "";
  // An ENI that is gone still has its calls.
  const wantedId = (id) => shownIds.has(id) || id.toLowerCase().includes(state.filter.trim().toLowerCase());
  const matching = [...state.calls.values()]
    .filter((call) => !isFiltered || namedEnis(call).some(wantedId))
    .sort((a, b) => b.seq - a.seq);
  const visible = matching.slice(0, shownCalls).map((call) => {
    const text = JSON.stringify(call);
    let drawn = drawnRows.get(call.seq);
    if (drawn?.text !== text) {
      drawn = { text, element: callRow(call) };
      drawnRows.set(call.seq, drawn);
    }
    const isMarked = state.chosen !== undefined && namedEnis(call).includes(state.chosen);
    if (drawn.element.classList.contains("marked") !== isMarked) {
      drawn.element.classList.toggle("marked", isMarked);
      drawn.element.querySelector(".number .unseen")?.remove();
      if (isMarked)
        drawn.element.querySelector(".number").append(make("span", { class: "unseen" }, " (chosen)"));
    }
    return drawn.element;
  });
  for (const seq of [...drawnRows.keys()]) if (!state.calls.has(seq)) drawnRows.delete(seq);
  rows.replaceChildren(...visible);
  byId("calls").hidden = visible.length === 0;
  byId("no-calls").hidden = visible.length > 0;
  byId("no-calls").textContent =
    state.calls.size === 0 ? "No call came in yet." : "No call names such an ENI.";
  const all = state.calls.size;
  byId("call-count").textContent = visible.length === all ? `${all}` : `${visible.length} of ${all}`;
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

/* What the emulator says */

async function get(what) {
  const answer = await fetch(what, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
  return answer.json();
}

let reading = false;
let readAgain = false;
let nextChange;

/** Reads the ENIs, once at a time, and again when the next of them is to change by itself. */
async function readOverview() {
  if (reading) {
    readAgain = true;
    return;
  }
  reading = true;
  try {
    do {
      readAgain = false;
      state.overview = (await get("overview")).networkInterfaces;
      draw();
    } while (readAgain);
    const pending = state.overview.flatMap((eni) => [eni.next, eni.instance?.next ?? null]).filter(Boolean);
    clearTimeout(nextChange);
    if (pending.length > 0) {
      const soonest = Math.min(...pending.map(({ afterMs }) => afterMs));
      nextChange = setTimeout(readOverview, Math.min(Math.max(soonest + 20, redrawMs), 60_000));
    }
  } catch {
    // The event stream notices that the emulator is gone, and reads anew when it is back.
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
  // The eldest go: the emulator's own log has them all.
  if (state.calls.size > 5 * shownCalls) state.calls.delete(state.calls.keys().next().value);
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
      for (const call of calls.slice(-5 * shownCalls)) keep(call);
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
