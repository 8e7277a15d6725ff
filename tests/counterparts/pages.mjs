// A browser that uses the pages of the sandbox: `pages.mjs`, with what to do as JSON on its standard input.
//
// Prints one line of JSON: where each payment ended, and what else was seen. Ends with an error at the first check that
// fails.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const { origin, sessions, shop, program, screenshots } = JSON.parse(readFileSync(0, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({
  executablePath: program,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP rebound.example 127.0.0.1, MAP other.example 127.0.0.1",
  ],
});
const wrong = [];
const ended = {};
const seen = { requests: 0, pages: 0 };

async function context(options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(20_000);
  context.on("console", (message) => {
    const text = message.text();
    // Statuses are checked below, and what the other site may not load is meant to fail.
    const isExpected = text.includes("status of") || text.includes("http://rebound.example");
    if (message.type() === "error" && !isExpected) wrong.push(`console: ${text}`);
  });
  context.on("request", (request) => {
    seen.requests += 1;
    const url = request.url();
    const known = [origin, shop, "http://rebound.example", "http://other.example"];
    if (!known.some((one) => url.startsWith(one))) wrong.push(`loads ${url}`);
  });
  return context;
}

async function picture(page, name) {
  if (screenshots) await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
}

const at = async (page, name) => {
  await page.waitForURL((url) => url.href.startsWith(shop));
  ended[name] = page.url();
};

/// Opens the checkout of a session, does something there, and ends in the shop.
async function pay(page, name, act) {
  await page.goto(sessions[name]);
  await act(page);
  await at(page, name);
}

const choose = async (page, outcome) => {
  await page.locator(`[name=outcome][value=${outcome}]`).check();
};
const submit = (page) => page.getByRole("button", { name: /^Pay / }).click();

// With scripts and without.
await Promise.all([["", true], ["_plain", false]].map(async ([suffix, javaScriptEnabled]) => {
  const page = await (await context({ javaScriptEnabled })).newPage();
  await pay(page, `paid${suffix}`, async () => {
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "Pay 299.90 NOK");
    await page.getByLabel("Vipps").check();
    await submit(page);
  });
  await pay(page, `declined${suffix}`, async () => {
    await choose(page, "declined");
    await page.getByLabel("Error of the bank").selectOption("EXPIRED_CARD");
    await submit(page);
  });
  await pay(page, `confirmed${suffix}`, async () => {
    await choose(page, "challenge");
    await submit(page);
    await page.getByRole("heading", { name: "Confirm the payment" }).waitFor();
    await page.getByRole("button", { name: "Confirm" }).click();
  });
  await pay(page, `unverified${suffix}`, async () => {
    await choose(page, "challenge");
    await submit(page);
    await page.getByRole("button", { name: "Fail the check" }).click();
  });
  for (const outcome of ["on_hold", "rejected", "failed"]) {
    await pay(page, `${outcome}${suffix}`, async () => {
      await choose(page, outcome);
      await submit(page);
    });
  }
  await pay(page, `cancelled${suffix}`, async () => {
    await page.getByRole("button", { name: /^Cancel/ }).click();
  });
  await page.goto(sessions[`expired${suffix}`]);
  await choose(page, "expired");
  await submit(page);
  await page.getByRole("heading", { name: "Expired session" }).waitFor();

  // What is over stays over.
  for (const [name, title] of [
    ["paid", "Paid session"],
    ["declined", "Failed payment"],
    ["on_hold", "Payment on hold"],
    ["rejected", "Declined payment"],
    ["expired", "Expired session"],
    ["withdrawn", "Cancelled session"],
  ]) {
    await page.goto(sessions[`${name}${suffix}`] ?? sessions[name]);
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), title);
    assert.equal(await page.locator("form").count(), 0, title);
  }
  const response = await page.goto(`${origin}/v1/view/T12345678.unknown`);
  assert.equal(response.status(), 404);
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "Unknown session");
  await page.context().close();
}));

// A session that was paid in another tab meanwhile.
{
  const page = await (await context({})).newPage();
  const other = await page.context().newPage();
  await page.goto(sessions.twice);
  await other.goto(sessions.twice);
  await submit(other);
  await at(other, "twice");
  await submit(page);
  await page.getByRole("heading", { name: "Paid session" }).waitFor();
  await page.context().close();
}

// With the keyboard alone.
{
  const page = await (await context({})).newPage();
  await page.goto(sessions.keyboard);
  const key = (name) => page.keyboard.press(name);
  const focused = () => page.evaluate(() => {
    const { name, value, textContent } = document.activeElement;
    return name ? `${name}=${value}` : textContent.trim();
  });
  await key("Tab");
  assert.equal(await focused(), "Skip to the content");
  await key("Enter");
  for (let presses = 0; !(await focused()).startsWith("payment_type="); presses += 1) {
    assert.ok(presses < 5, await focused());
    await key("Tab");
  }
  await key("ArrowDown");
  await key("Tab");
  assert.equal(await focused(), "outcome=paid");
  for (let presses = 0; (await focused()) !== "outcome=declined"; presses += 1) {
    assert.ok(presses < 7);
    await key("ArrowDown");
  }
  await key("Tab");
  assert.match(await focused(), /^decline_code=/);
  await page.keyboard.type("INSUFF");
  await key("Tab");
  assert.equal(await focused(), "pay=yes");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  await key("Enter");
  await at(page, "keyboard");
  await page.context().close();
}

// Express: address, shipping, discount code, and a shop that does not respond.
{
  const page = await (await context({})).newPage();
  await page.goto(sessions.express);
  await picture(page, "express");
  await page.getByText("Save the address first.").waitFor();
  await page.getByLabel("Postal code").fill("5003");
  await page.getByRole("button", { name: "Save the address" }).click();
  await page.getByLabel("Home delivery").check();
  await page.getByRole("button", { name: "Choose shipping" }).click();
  await page.getByRole("heading", { name: "Pay 348.90 NOK" }).waitFor();
  await page.getByLabel("Discount codes").fill("WINTER");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("heading", { name: "Pay 298.90 NOK" }).waitFor();
  await picture(page, "express-chosen");
  await submit(page);
  await at(page, "express");

  await page.goto(sessions.unreachable);
  await page.getByRole("button", { name: "Save the address" }).click();
  await page.getByRole("alert").getByText("callback").waitFor();
  await page.context().close();
}

// The dashboard.
{
  const page = await (await context({ javaScriptEnabled: false })).newPage();
  const heading = (name) => page.getByRole("heading", { name, exact: true });
  await page.goto(origin);
  const before = await page.locator(".now").textContent();
  await page.getByLabel("Turn forward by").fill("2");
  await page.getByRole("button", { name: "Turn forward" }).click();
  await page.getByRole("status").waitFor();
  const after = await page.locator(".now").textContent();
  const days = (Date.parse(after.replace(" UTC", "Z")) - Date.parse(before.replace(" UTC", "Z"))) / 86_400_000;
  assert.ok(days > 1.99 && days < 2.01, `${before} to ${after}`);

  await page.getByLabel("The next").last().selectOption("payments.get_session");
  await page.getByLabel("Gets").selectOption({ label: "503" });
  await page.getByRole("button", { name: "Plan the fault" }).click();
  await page.getByRole("listitem").filter({ hasText: "payments.get_session" }).getByText("503").waitFor();
  await page.getByRole("button", { name: "Remove all faults" }).click();
  await page.getByText("There are no more faults.").waitFor();
  await page.getByRole("button", { name: "Settle now" }).click();
  await page.getByText("are settled.").waitFor();

  await page.getByRole("link", { name: "Transactions", exact: true }).click();
  await page.getByRole("row").filter({ hasText: "FAILED" }).filter({ hasText: "declined" }).first().getByRole("link").click();
  await page.getByText("The card has expired.").first().waitFor();
  await page.getByText("Session", { exact: true }).waitFor();

  await page.goto(sessions.reviewed);
  await choose(page, "on_hold");
  await submit(page);
  await at(page, "reviewed");
  await page.goto(origin);
  await page.getByRole("row").filter({ hasText: "reviewed" }).filter({ hasText: "ON_HOLD" }).first().getByRole("link").click();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.locator("h1 + p").getByText("AUTHORIZED").waitFor();
  await page.getByRole("link", { name: "callback" }).first().click();
  await page.getByText("delivered").waitFor();
  assert.equal(await page.locator(".timeline > li").count(), 1);
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByRole("status").waitFor();
  assert.equal(await page.locator(".timeline > li").count(), 2);

  await page.goto(`${origin}/sandbox/requests`);
  await page.getByRole("row").filter({ hasText: "404" }).getByRole("link").click();
  await heading("Error NotFound").waitFor();
  await page.getByText("Check the id").waitFor();
  assert.ok(!(await page.content()).includes("Bearer ey"));
  await page.context().close();
}

// Other web sites.
{
  const page = await (await context({})).newPage();
  const port = new URL(origin).port;
  const rebound = await page.goto(`http://rebound.example:${port}/`);
  assert.equal(rebound.status(), 403);
  assert.ok(!(await page.content()).includes("Client secret"));

  await page.route("http://other.example/", (route) => route.fulfill({
    contentType: "text/html",
    body: `<form method="post" action="${origin}/sandbox/clock"><input name="count" value="9"><input name="unit" value="days"><button>Go</button></form>`,
  }));
  await page.goto("http://other.example/");
  const [response] = await Promise.all([
    page.waitForResponse(`${origin}/sandbox/clock`),
    page.getByRole("button").click(),
  ]);
  assert.equal(response.status(), 403);
  await page.context().close();
}

// Accessibility, and nothing that a small screen cuts off.
{
  const id = (url) => url.slice(url.lastIndexOf("/") + 1);
  const details = `${origin}/sandbox/transactions`;
  const pages = {
    checkout: sessions.open,
    challenge: `${sessions.open}/challenge?payment_type=vipps`,
    closed: sessions.paid,
    address: sessions.fresh,
    unknown: `${origin}/v1/view/T12345678.unknown`,
    overview: `${origin}/`,
    sessions: `${origin}/sandbox/sessions`,
    session: `${origin}/sandbox/sessions/${id(sessions.declined)}`,
    transactions: details,
    transaction: null,
    deliveries: `${origin}/sandbox/deliveries`,
    delivery: null,
    requests: `${origin}/sandbox/requests`,
    request: null,
    problem: `${origin}/sandbox/transactions/unknown`,
  };
  const screens = [
    ["light", { colorScheme: "light", viewport: { width: 1200, height: 900 } }],
    ["dark", { colorScheme: "dark", viewport: { width: 1200, height: 900 } }],
    ["small", { colorScheme: "light", viewport: { width: 320, height: 640 } }],
  ];
  await Promise.all(screens.map(async ([screen, options]) => {
    const page = await (await context({ ...options, bypassCSP: true })).newPage();
    for (const [name, url] of Object.entries(pages)) {
      if (url === null) {
        const text = { delivery: "delivered", request: "404", transaction: "FAILED" }[name];
        const failed = page.getByRole("row").filter({ hasText: text });
        await page.goto(await failed.first().getByRole("link").first().evaluate((link) => link.href));
      } else {
        await page.goto(url);
      }
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      await picture(page, `${name}-${screen}`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      for (const { id, nodes } of violations) {
        wrong.push(`${name} ${screen}: ${id}: ${nodes.map((node) => node.html).join(" ").slice(0, 400)}`);
      }
      const surplus = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (surplus > 0) wrong.push(`${name} ${screen}: ${surplus} pixels too wide`);
      seen.pages += 1;
    }
    await page.context().close();
  }));
}

await browser.close();
assert.deepEqual(wrong, []);
console.log(JSON.stringify({ ended, ...seen }));
