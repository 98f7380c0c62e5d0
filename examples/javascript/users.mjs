#!/usr/bin/env node
// Lists all users of a Peki chatbot in the sandbox, with Node 18 or later and no packages.
//
//     users.mjs [ORIGIN]      the origin of the sandbox's control API, by default http://127.0.0.1:4010

import { createHmac } from "node:crypto";

class Peki {
  constructor(baseUrl, key, secret) {
    Object.assign(this, { baseUrl: baseUrl.replace(/\/$/, ""), key, secret });
  }

  signature(target, timestamp) {
    // The third line is the body, empty in a GET.
    const message = ["GET", target, "", timestamp].join("\n");
    return createHmac("sha256", this.secret).update(message).digest("base64");
  }

  async get(path) {
    const url = new URL(this.baseUrl + path);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const response = await fetch(url, {
      headers: {
        "Content-Type": "application/json",
        "X-API-Key": this.key,
        // The signed path includes the path of the base URL.
        "X-Signature": this.signature(url.pathname + url.search, timestamp),
        "X-Timestamp": timestamp,
      },
    });
    if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { status: response.status });
    return response.json();
  }

  // All users, page by page.
  async *users(chatbot) {
    for (let page = 1, pages = 1; page <= pages; page++) {
      const response = await this.get(`/Dev/${encodeURIComponent(chatbot)}/users?page=${page}&pageSize=40`);
      yield* response.data;
      pages = response.totalPages;
    }
  }
}

// Makes a common mistake: it signs the path without the path of the base URL.
class WrongPathPeki extends Peki {
  signature(target, timestamp) {
    return super.signature(target.slice(new URL(this.baseUrl).pathname.length), timestamp);
  }
}

const control = process.argv[2] ?? "http://127.0.0.1:4010";
const ask = async (target) => (await fetch(`${control}/_sandbox/${target}`)).json();

const sandbox = (await ask("platforms")).find((platform) => platform.name === "peki");
const account = [sandbox.base_url, sandbox.credentials.api_key, sandbox.credentials.api_secret];
const chatbot = sandbox.scope.chatbotId;

const ids = new Set();
for await (const user of new Peki(...account).users(chatbot)) ids.add(user.id);
const expected = (await ask("state")).peki.find((collection) => collection.name === "users").records;
console.log(`users: ${ids.size} of ${expected}`);

let status = 200;
try {
  await new WrongPathPeki(...account).users(chatbot).next();
} catch (error) {
  if (error.status === undefined) throw error;
  status = error.status;
}
// The response says no more than Peki would. The sandbox records the reason.
const last = (await ask("requests?platform=peki&limit=1000")).requests.at(-1);
const reasons = last.violations.map((violation) => violation.message);
console.log(`refused with ${status}: ${reasons.join("; ")}`);

const asExpected = ids.size === expected && last.status === 401 && status === 401 && reasons.length > 0;
process.exitCode = asExpected ? 0 : 1;
