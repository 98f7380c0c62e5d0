#!/usr/bin/env node
// Prints the signature of a case of tests/vectors, from its string-to-sign.txt and the secret and encoding in its
// request.json, with Node's own crypto module only.
//
//     sign.js <case dir>
//     sign.js --batch      prints one for each line of standard input: JSON with `secret`, `encoding`, and `message` in base64
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

function sign(secret, encoding, message) {
  if (!["base64", "base64url", "hex"].includes(encoding)) {
    throw new Error(`unknown encoding ${encoding}`);
  }
  // Node's base64url is the one without padding.
  return crypto.createHmac("sha256", secret).update(message).digest(encoding);
}

function main([argument, ...more]) {
  if (argument === undefined || more.length !== 0) {
    throw new Error("usage: sign.js <case dir> | --batch");
  }
  if (argument === "--batch") {
    for (const line of fs.readFileSync(0, "utf8").trimEnd().split("\n")) {
      const { secret, encoding, message } = JSON.parse(line);
      console.log(sign(secret, encoding, Buffer.from(message, "base64")));
    }
    return;
  }
  const request = JSON.parse(fs.readFileSync(path.join(argument, "request.json"), "utf8"));
  const message = fs.readFileSync(path.join(argument, "string-to-sign.txt"));
  console.log(sign(request.credentials.secret, request.recipe.encoding, message));
}

main(process.argv.slice(2));
