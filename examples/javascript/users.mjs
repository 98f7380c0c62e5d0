#!/usr/bin/env node
// Lists all users of a Peki chatbot from the sandbox, with what comes with Node 18 or later.
//
//     users.mjs [ADDRESS]      of the sandbox's control API, http://127.0.0.1:4010 unless told

import { createHmac } from "node:crypto";

class Peki {
  constructor(baseUrl, key, secret) {
    Object.assign(this, { baseUrl: baseUrl.replace(/\/$/, ""), key, secret });
  }

  signature(target, timestamp) {
    // The third line is the body, which a GET does not have.
    const message = ["GET", target, "", timestamp].join("\n");
    return createHmac("sha256", this.secret).update(message).digest("base64");
  }

  async get(path) {
    const url = new URL(this.baseUrl + path);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const answer = await fetch(url, {
      headers: {
        "Content-Type": "application/json",
        "X-API-Key": this.key,
        // The path of the base URL is signed too.
        "X-Signature": this.signature(url.pathname + url.search, timestamp),
        "X-Timestamp": timestamp,
      },
    });
    if (!answer.ok) throw Object.assign(new Error(`answered with ${answer.status}`), { status: answer.status });
    return answer.json();
  }

  // All users, page by page.
  async *users(chatbot) {
    for (let page = 1, pages = 1; page <= pages; page++) {
      const answer = await this.get(`/Dev/${encodeURIComponent(chatbot)}/users?page=${page}&pageSize=40`);
      yield* answer.data;
      pages = answer.totalPages;
    }
  }
}

// Makes a usual mistake: it signs the path without that of the base URL.
class ForgetfulPeki extends Peki {
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
const there = (await ask("state")).peki.find((collection) => collection.name === "users").records;
console.log(`users: ${ids.size} of ${there}`);

let status = 200;
try {
  await new ForgetfulPeki(...account).users(chatbot).next();
} catch (error) {
  if (error.status === undefined) throw error;
  status = error.status;
}
// The answer says no more than Peki would; the sandbox knows why.
const last = (await ask("requests?platform=peki&limit=1000")).requests.at(-1);
const reasons = last.violations.map((violation) => violation.message);
console.log(`refused with ${status}: ${reasons.join("; ")}`);

const good = ids.size === there && last.status === 401 && status === 401 && reasons.length > 0;
process.exitCode = good ? 0 : 1;
