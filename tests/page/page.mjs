// Tests the sandbox's page in a browser: `page.mjs HUB TOOLS SCREENSHOTS`.
//
// HUB is the origin of a sandbox without other users, TOOLS a folder with playwright-core in its node_modules, SCREENSHOTS the
// folder for screenshots.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";

const [hub, tools, screenshots] = process.argv.slice(2);
const { chromium } = createRequire(`${resolve(tools)}/`)("playwright-core");
mkdirSync(screenshots, { recursive: true });

const browser = await chromium.launch({
  executablePath: ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, permissions: ["clipboard-read", "clipboard-write"] });
const page = await context.newPage();
page.setDefaultTimeout(10_000);
const problems = [];
page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
page.on("pageerror", (error) => problems.push(String(error)));

const run = (script) => execFileSync("bash", ["-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
const newest = (status) => page.locator("#log > li").first().filter({ has: page.locator(`.status:text-is("${status}")`) });

await step("shows the platforms and their keys", async () => {
  await page.goto(hub);
  await page.locator("#platform-list article").nth(3).waitFor();
  assert.equal(await page.locator("#platform-list article").count(), 4);
  const peki = page.locator('[data-platform="peki"]');
  const platforms = await (await fetch(`${hub}/_sandbox/platforms`)).json();
  const { credentials } = platforms.find(({ name }) => name === "peki");
  await peki.getByRole("button", { name: "Copy api_secret" }).first().click();
  assert.equal(await clipboard(), credentials.api_secret);
});

let snippet;
await step("offers a snippet that runs, and shows its request", async () => {
  await page.locator("#choose select[name=platform]").selectOption("peki");
  await page.locator("#choose select[name=operation]").selectOption("list_users");
  await page.getByRole("tab", { name: "curl" }).click();
  await page.locator("#code code", { hasText: "openssl dgst" }).waitFor();
  await page.locator("#code .copy").click();
  snippet = await clipboard();
  assert.ok(JSON.parse(run(snippet)).data.length > 0);
  await newest(200).locator("summary").click();
  await newest(200).getByText("It is right.").waitFor();
});

await step("shows where a signature differs", async () => {
  const wrong = snippet.replace("GET\\n/api/", "GET\\n/");
  assert.notEqual(wrong, snippet);
  run(wrong);
  const row = newest(401);
  await row.locator("summary").click();
  await row.getByText("You signed the path without /api").waitFor();
  const marked = await row.locator("tr", { hasText: "to be signed" }).locator("mark").allTextContents();
  assert.deepEqual(marked, ["api/"]);
  await page.screenshot({ path: `${screenshots}/signature.png`, fullPage: true });
});

await step("suggests a parameter for a misspelled one", async () => {
  run(snippet.replaceAll("/users", "/users?pageNum=2"));
  await newest(400).or(newest(401)).or(newest(422)).getByText("did you mean page?").first().waitFor();
});

await step("sets a fault, counts it, and removes it", async () => {
  const form = page.locator("#fault");
  await form.locator("select[name=fault]").selectOption("status");
  await form.locator("select[name=platform]").selectOption("peki");
  await form.locator("select[name=operation]").selectOption("list_users");
  await form.locator("input[name=times]").fill("1");
  await form.getByRole("button", { name: "Set the fault" }).click();
  const active = page.locator("#active li");
  await active.getByText("done 0 times").waitFor();
  run(snippet);
  await newest(503).waitFor();
  await active.getByText("done 1 times").waitFor();
  run(snippet);
  await newest(200).waitFor();
  await active.getByRole("button", { name: /Remove fault/ }).click();
  await active.waitFor({ state: "detached" });
});

await step("explains an invalid fault", async () => {
  await page.locator("#fault").evaluate((form) => (form.noValidate = true));
  await page.locator("#fault input[name=rate]").fill("7");
  await page.getByRole("button", { name: "Set the fault" }).click();
  await page.locator("#fault-error", { hasText: "rate" }).waitFor();
  await page.locator("#fault input[name=rate]").fill("");
});
// The browser logs every refused request.
problems.splice(0, problems.length, ...problems.filter((text) => !text.includes("400 (Bad Request)")));

await step("filters, pauses and resets", async () => {
  const rows = page.locator("#log > li:visible");
  const all = await rows.count();
  await page.getByLabel("Only those with something wrong").check();
  const wrong = await rows.count();
  assert.ok(wrong > 0 && wrong < all, `${wrong} of ${all}`);
  await page.getByLabel("Only those with something wrong").uncheck();
  await page.getByRole("button", { name: "Pause" }).click();
  run(snippet);
  await page.waitForTimeout(1500);
  assert.equal(await rows.count(), all);
  await page.getByRole("button", { name: "Go on" }).click();
  await rows.nth(all).waitFor();
  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByText("No request has come in yet").waitFor();
});

await step("counts writes", async () => {
  await page.locator("#choose select[name=platform]").selectOption("chatbot");
  await page.locator("#choose select[name=operation]").selectOption("create_user");
  await page.locator("#code code", { hasText: "-X POST" }).waitFor();
  run(await page.locator("#code code").textContent());
  const row = page.locator("#state tr", { hasText: "chatbot" }).filter({ hasText: "users" });
  await row.locator("td").nth(4).getByText("1", { exact: true }).waitFor();
});

await step("works with the keyboard alone", async () => {
  await page.reload();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.getByRole("tab", { name: "curl" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator("#code code", { hasText: "import urllib.request" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Python");
  await page.locator("#log summary").first().focus();
  await page.keyboard.press("Enter");
  await page.locator("#log .verdict").first().waitFor();
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY");
});

for (const [name, width, colorScheme] of [["dark", 1400, "dark"], ["narrow", 380, "light"]]) {
  await step(`fits: ${name}`, async () => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(200);
    const over = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${over} pixels too wide`);
    await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
  });
}

await step("reports a sandbox that is gone", async () => {
  await context.setOffline(true);
  await page.getByText("The sandbox does not answer").waitFor();
  problems.splice(0, problems.length, ...problems.filter((text) => !text.includes("ERR_INTERNET_DISCONNECTED")));
});

await browser.close();
assert.deepEqual(problems, []);
console.log("the page works");

async function step(name, act) {
  try {
    await act();
    console.log(`ok: ${name}`);
  } catch (error) {
    await page.screenshot({ path: `${screenshots}/failed.png`, fullPage: true });
    console.error(`failed: ${name} (${screenshots}/failed.png)`);
    throw error;
  }
}
