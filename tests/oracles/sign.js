#!/usr/bin/env node
// Prints the signature of a case of tests/vectors, from its string-to-sign.txt and the secret and encoding in its
// request.json, with nothing but Node's own crypto module.
//
//     sign.js <case dir>
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const directory = process.argv[2];
if (directory === undefined || process.argv.length !== 3) {
  console.error("usage: sign.js <case dir>");
  process.exit(2);
}
const request = JSON.parse(fs.readFileSync(path.join(directory, "request.json"), "utf8"));
const message = fs.readFileSync(path.join(directory, "string-to-sign.txt"));
const { encoding } = request.recipe;
if (!["base64", "base64url", "hex"].includes(encoding)) {
  console.error(`unknown encoding ${encoding}`);
  process.exit(2);
}
// Node's base64url is the one without padding.
console.log(crypto.createHmac("sha256", request.credentials.secret).update(message).digest(encoding));
