// The page of the sandbox. Everything on it comes from /_sandbox/, and goes there.

const POLL = 1000;
const SHOWN = 300;

const $ = (selector, root = document) => root.querySelector(selector);

/** An element with properties and children; texts are never markup. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Asks the control API; its errors say what to do. */
async function ask(path, method = "GET", body) {
  const answer = await fetch(`/_sandbox/${path}`, {
    method,
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(`${json.error.message}: ${json.error.fix}`);
  return json;
}

function copyButton(text, what) {
  const button = make("button", { type: "button", className: "copy", "aria-label": `Copy ${what}` }, "Copy");
  button.addEventListener("click", () => copy(button, typeof text === "function" ? text() : text));
  return button;
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select it and copy";
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

// ---- platforms

let platforms = [];

async function showPlatforms() {
  platforms = await ask("platforms");
  $("#platform-list").replaceChildren(...platforms.map(platform));
  for (const select of document.querySelectorAll("select[name=platform]")) {
    select.append(...platforms.map(({ name }) => make("option", { value: name }, name)));
  }
}

function platform({ name, base_url, credentials, keys, scope, requests }) {
  const others = keys.filter((key) => key.name !== "main");
  return make(
    "article",
    { className: "platform", "data-platform": name },
    make("h3", {}, name, make("small", {}, make("span", { className: "count" }, String(requests)), " requests")),
    pairs({ base_url, ...credentials, ...scope }),
    others.length
      ? make(
          "details",
          {},
          make("summary", {}, "Keys with other access"),
          ...others.map((key) => make("div", {}, make("p", {}, access(key)), pairs(key.credentials))),
        )
      : null,
  );
}

function access({ name, access }) {
  if (!access.length) return `${name}: sees nothing, which is refused as missing rights are`;
  const ids = access.map((scope) => Object.values(scope).join(" ")).filter(Boolean);
  return `${name}: sees ${ids.join(" and ") || "everything"}`;
}

function pairs(values) {
  const rows = Object.entries(values).flatMap(([name, value]) => [
    make("dt", {}, name),
    make("dd", {}, make("code", { title: value }, value)),
    make("dd", {}, copyButton(value, name)),
  ]);
  return make("dl", {}, ...rows);
}

// ---- requests

const log = { after: 0, paused: false, rows: [] };

async function poll() {
  if (log.paused || document.hidden) return;
  let more = true;
  while (more) {
    const { requests, next } = await ask(`requests?after=${log.after}&limit=500`);
    log.after = next;
    more = requests.length === 500;
    for (const request of requests) add(request);
  }
  await Promise.all([showFaults(), showState(), showCounts()]);
}

function add(request) {
  const row = line(request);
  log.rows.unshift({ request, row });
  $("#log").prepend(row);
  for (const old of log.rows.splice(SHOWN)) old.row.remove();
  filter();
}

function isWrong(request) {
  return request.violations.length > 0;
}

function line(request) {
  const { violations, notes, fault, status, method, target } = request;
  const kind = isWrong(request) ? "wrong" : fault ? "faulty" : notes.length ? "noted" : "fine";
  const first = violations[0]?.message ?? fault ?? notes[0] ?? "";
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : "";
  const details = make(
    "details",
    { className: kind },
    make(
      "summary",
      {},
      make("span", { className: "status" }, String(status)),
      make("span", {}, method),
      make("span", { className: "target mono", title: target }, target),
      make("span", {}, request.operation ?? "?"),
    ),
  );
  // Made when it is looked at: a busy log has thousands.
  details.addEventListener("toggle", () => {
    if (details.open && !$(".verdict", details)) details.append(verdict(request));
  });
  if (first) $("summary", details).append(make("span", { className: "said" }, first + more));
  return make("li", { "data-seq": request.seq, "data-platform": request.platform }, details);
}

function verdict(request) {
  const { violations, notes, fault, signature } = request;
  const list = (items) => make("ul", {}, ...items.map((item) => make("li", {}, ...[item].flat())));
  const parts = [make("p", {}, `${request.platform}, request ${request.number}, ${new Date(request.time).toLocaleTimeString()}`), make("p", { className: "mono" }, request.target)];
  if (violations.length) {
    const items = violations.map(({ kind, at, message }) => [
      make("strong", {}, kind),
      at ? make("span", {}, " at ", make("code", {}, at)) : "",
      `: ${message}`,
    ]);
    parts.push(make("h4", {}, "What was wrong"), list(items));
  } else {
    parts.push(make("p", {}, "Nothing was wrong with it."));
  }
  if (fault) parts.push(make("h4", {}, "Done on purpose"), make("p", {}, make("code", {}, fault)));
  if (notes.length) parts.push(make("h4", {}, "To know"), list(notes));
  if (signature) parts.push(make("h4", {}, `Signature (${signature.scheme})`), signed(signature));
  return make("div", { className: "verdict" }, ...parts);
}

function signed({ ok, expected_message, signed_message, mistake, expected, received }) {
  const texts = (named) =>
    make(
      "table",
      {},
      make(
        "tbody",
        {},
        ...named.map(([name, pieces]) =>
          make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, make("pre", { className: "text" }, ...pieces))),
        ),
      ),
    );
  if (ok) {
    return make("div", {}, make("p", {}, "It is right."), texts([["signed", shown(expected_message)], ["signature", shown(expected)]]));
  }
  const [wanted, came] = signed_message === null ? [shown(expected_message), ["not found by trying the usual mistakes"]] : differing(expected_message, signed_message);
  const [right, wrong] = received === null ? [shown(expected), ["none came"]] : differing(expected, received);
  return make(
    "div",
    {},
    mistake ? make("p", {}, "You signed ", make("strong", {}, mistake), ".") : null,
    texts([
      ["to be signed", wanted],
      ["you signed", came],
      ["expected", right],
      ["received", wrong],
    ]),
  );
}

/** Line feeds and other invisible characters are seen. */
function visible(text) {
  return text.replace(/[\u0000-\u001f\u007f\u00a0\u200b-\u200f\ufeff]/g, (c) =>
    c === "\n" ? "⏎\n" : `␛${c.codePointAt(0).toString(16).padStart(2, "0")}`,
  );
}

function shown(text) {
  return text === "" ? ["(empty)"] : [visible(text)];
}

/** Both texts in pieces, with what the other one lacks marked: character by character, along their longest common subsequence. */
function differing(left, right) {
  const [a, b] = [Array.from(left), Array.from(right)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const [inA, inB] = common(middleA, middleB);
  const mark = (all, middle, kept) => {
    const flags = all.map((_, index) => {
      const at = index - start;
      return at >= 0 && at < middle.length && !kept.has(at);
    });
    return runs(all, flags);
  };
  return [mark(a, middleA, inA), mark(b, middleB, inB)];
}

/** The places of a longest common subsequence in each; nothing is common to texts too long to compare. */
function common(a, b) {
  const [inA, inB] = [new Set(), new Set()];
  if (a.length * b.length > 4_000_000) return [inA, inB];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      inA.add(i);
      inB.add(j);
      i += 1;
      j += 1;
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return [inA, inB];
}

function runs(characters, flags) {
  const pieces = [];
  let from = 0;
  for (let to = 1; to <= characters.length; to += 1) {
    if (to < characters.length && flags[to] === flags[from]) continue;
    const text = visible(characters.slice(from, to).join(""));
    pieces.push(flags[from] ? make("mark", {}, text) : text);
    from = to;
  }
  return pieces.length ? pieces : ["(empty)"];
}

function filter() {
  const { platform, wrong } = $("#filter").elements;
  for (const { request, row } of log.rows) {
    row.hidden = (platform.value !== "" && request.platform !== platform.value) || (wrong.checked && !isWrong(request));
  }
  $("#none").hidden = log.rows.length > 0;
}

async function showCounts() {
  for (const { name, requests } of await ask("platforms")) {
    $(`[data-platform="${name}"] .count`).textContent = String(requests);
  }
}

// ---- faults

let kinds = [];
let listed = "";

async function showKinds() {
  const { kinds: known } = await ask("faults");
  kinds = known;
  const groups = Map.groupBy ? Map.groupBy(kinds, ({ group }) => group) : kinds.reduce((map, kind) => map.set(kind.group, [...(map.get(kind.group) ?? []), kind]), new Map());
  for (const [group, members] of groups) {
    const options = members.map(({ kind }) => make("option", { value: kind }, kind));
    $("#fault select[name=fault]").append(make("optgroup", { label: group }, ...options));
  }
  $("#fault select[name=fault]").value = "status";
  showTakes();
}

function showTakes() {
  const { summary, takes } = kinds.find(({ kind }) => kind === $("#fault").elements.fault.value);
  $("#summary").replaceChildren(...summary.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part)));
  const fields = takes.map(({ name, min, max, default: otherwise }) => {
    const input = make("input", { name, type: "number", min, max, placeholder: otherwise ?? "", required: otherwise === null });
    input.dataset.takes = "";
    if (name === "status" && otherwise === null) input.value = "503";
    return make("label", {}, name, input);
  });
  $("#takes").replaceChildren(...fields);
}

function showOperations(form, any) {
  const { platform, operation } = form.elements;
  const chosen = platforms.filter(({ name }) => platform.value === "" || name === platform.value);
  const options = chosen.flatMap(({ operations }) =>
    operations.map(({ id, method, path, grade }) => make("option", { value: id, title: `${method} ${path}` }, grade === "documented" ? id : `${id} (${grade})`)),
  );
  operation.replaceChildren(...(any ? [make("option", { value: "" }, "any")] : []), ...options);
}

async function setFault(event) {
  event.preventDefault();
  const fault = {};
  for (const input of event.target.elements) {
    if (!input.name || input.value === "") continue;
    fault[input.name] = input.type === "number" ? Number(input.value) : input.value;
  }
  try {
    await ask("faults", "POST", fault);
    $("#fault-error").textContent = "";
    await showFaults();
  } catch (error) {
    $("#fault-error").textContent = error.message;
  }
}

async function showFaults() {
  const { active } = await ask("faults");
  const text = JSON.stringify(active);
  if (text === listed) return;
  listed = text;
  const focused = document.activeElement?.dataset?.fault;
  const items = active.map(({ id, fired, ...fault }) => {
    const told = Object.entries(fault).filter(([, value]) => value !== null && value !== undefined);
    const remove = make("button", { type: "button", "aria-label": `Remove fault ${id}`, "data-fault": id }, "Remove");
    remove.addEventListener("click", async () => {
      await ask(`faults/${id}`, "DELETE");
      await showFaults();
    });
    return make("li", {}, make("code", {}, told.map(([name, value]) => `${name}=${value}`).join(",")), make("span", {}, `done ${fired} times`), remove);
  });
  $("#active").replaceChildren(...items);
  if (focused) $(`[data-fault="${focused}"]`)?.focus();
}

// ---- snippets

const LANGUAGES = { curl: "curl", python: "Python", rust: "Rust" };
let language = "curl";
let snippets = {};

function showTabs() {
  const tabs = Object.entries(LANGUAGES).map(([key, name]) => {
    const tab = make("button", { type: "button", role: "tab", id: `tab-${key}`, "aria-controls": "code", "data-language": key }, name);
    tab.addEventListener("click", () => select(key));
    return tab;
  });
  $("#tabs").replaceChildren(...tabs);
  $("#tabs").addEventListener("keydown", (event) => {
    const keys = Object.keys(LANGUAGES);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    select(keys[(keys.indexOf(language) + step + keys.length) % keys.length]);
    $(`#tab-${language}`).focus();
  });
}

function select(key) {
  language = key;
  for (const tab of $("#tabs").children) {
    const chosen = tab.dataset.language === key;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  $("#code").setAttribute("aria-labelledby", `tab-${key}`);
  $("#code code").textContent = snippets[key] ?? "There is no example of this one.";
}

async function showSnippets() {
  const { platform, operation } = $("#choose").elements;
  if (!operation.value) return;
  snippets = await ask(`snippets?platform=${encodeURIComponent(platform.value)}&operation=${encodeURIComponent(operation.value)}`);
  select(language);
}

// ---- state

async function showState() {
  const rows = Object.entries(await ask("state")).flatMap(([platform, collections]) =>
    collections.map(({ name, scope, records, created, changed, removed }) =>
      make(
        "tr",
        {},
        make("td", {}, platform),
        make("td", {}, name),
        make("td", { className: "mono" }, Object.values(scope).join(" ")),
        ...[records, created, changed, removed].map((number) => make("td", { className: "number" }, String(number))),
      ),
    ),
  );
  $("#state tbody").replaceChildren(...rows);
}

// ---- everything

function listen() {
  $("#filter").addEventListener("change", filter);
  $("#pause").addEventListener("click", ({ target }) => {
    log.paused = !log.paused;
    target.setAttribute("aria-pressed", String(log.paused));
    target.textContent = log.paused ? "Go on" : "Pause";
  });
  $("#reset").addEventListener("click", async () => {
    await ask("reset", "POST");
    for (const { row } of log.rows.splice(0)) row.remove();
    filter();
    await Promise.all([showFaults(), showState(), showCounts()]);
  });
  $("#fault").addEventListener("submit", setFault);
  $("#fault").elements.fault.addEventListener("change", showTakes);
  $("#fault").elements.platform.addEventListener("change", () => showOperations($("#fault"), true));
  $("#no-faults").addEventListener("click", async () => {
    await ask("faults", "DELETE");
    await showFaults();
  });
  $("#choose").elements.platform.addEventListener("change", () => {
    showOperations($("#choose"), false);
    showSnippets();
  });
  $("#choose").elements.operation.addEventListener("change", showSnippets);
  $("#code .copy").addEventListener("click", ({ target }) => copy(target, $("#code code").textContent));
}

async function keepUp() {
  try {
    await poll();
    $("#status").textContent = "";
  } catch {
    $("#status").textContent = "The sandbox does not answer: was it stopped? This page goes on asking.";
  }
  setTimeout(keepUp, POLL);
}

await showPlatforms();
await showKinds();
showTabs();
showOperations($("#fault"), true);
showOperations($("#choose"), false);
listen();
await showSnippets();
await keepUp();
