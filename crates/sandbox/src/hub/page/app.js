"use strict";

async function platforms() {
  const answer = await fetch("/_sandbox/platforms");
  const rows = (await answer.json()).map((platform) => {
    const row = document.createElement("tr");
    for (const text of [platform.name, platform.base_url, platform.requests]) {
      row.insertCell().textContent = text;
    }
    return row;
  });
  document.getElementById("platforms").replaceChildren(...rows);
}

platforms();
