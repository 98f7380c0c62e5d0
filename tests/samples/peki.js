#!/usr/bin/env node
// Lists the first users of a Peki chatbot and reads one of them, with Node's own crypto and fetch.
// Environment: BASE_URL (such as https://api.peki.ai/api), PEKI_API_KEY, PEKI_API_SECRET, PEKI_CHATBOT_ID.
"use strict";

const crypto = require("node:crypto");

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

async function get(base, path) {
  const url = new URL(base.replace(/\/$/, "") + path);
  const timestamp = String(Math.floor(Date.now() / 1000));
  // The third line is the body, which a GET does not have.
  const message = ["GET", url.pathname + url.search, "", timestamp].join("\n");
  const signature = crypto.createHmac("sha256", setting("PEKI_API_SECRET")).update(message).digest("base64");
  const answer = await fetch(url, {
    headers: {
      "Content-Type": "application/json",
      "X-API-Key": setting("PEKI_API_KEY"),
      "X-Signature": signature,
      "X-Timestamp": timestamp,
    },
  });
  if (!answer.ok) throw new Error(`GET ${url.pathname} answered with status ${answer.status}`);
  const body = await answer.json();
  if (body.error !== null && body.error !== undefined) throw new Error(`GET ${url.pathname} failed: ${body.error}`);
  return body;
}

async function main() {
  const users = `/Dev/${encodeURIComponent(setting("PEKI_CHATBOT_ID"))}/users`;
  const page = await get(setting("BASE_URL"), `${users}?page=1&pageSize=20`);
  console.log(`users: ${page.data.length} of ${page.totalItems}`);
  const first = page.data[0].id;
  const user = await get(setting("BASE_URL"), `${users}/${encodeURIComponent(first)}`);
  if (user.data.id !== first) throw new Error("another user came than the one that was asked for");
  console.log("user: found");
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
