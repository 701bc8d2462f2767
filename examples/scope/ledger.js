/** The ledger: what was sent is delivered or lost, and every loss has a line. */
import { clock, count, duration } from "./text.js";

const $ = (id) => document.getElementById(id);
const mostLines = 200;

export function clearLedger() {
  $("gaps").replaceChildren();
  $("no-gaps").hidden = false;
}

/** Shows the sums; the badge says whether they balance. */
export function showSums(sent, delivered, lost) {
  $("sent").textContent = count(sent);
  $("delivered").textContent = count(delivered);
  $("lost").textContent = $("lost-too").textContent = count(lost);
  $("lost").className = $("lost-too").className = lost > 0 ? "bad" : "";
  const balances = delivered + lost === sent;
  $("balance").value = balances ? "balances" : "does not balance";
  $("balance").className = `badge ${balances ? "good" : "bad"}`;
}

/** Adds lines for gaps, the latest first. `go` is called with a gap whose line was pressed. */
export function addLines(gaps, rate, go) {
  const list = $("gaps");
  for (const gap of gaps) {
    const line = document.createElement("li");
    const when = document.createElement("button");
    when.type = "button";
    when.textContent = clock(gap.begin / rate, 1e-3);
    when.setAttribute("aria-label", `Show the gap at ${when.textContent}`);
    when.addEventListener("click", () => go(gap));
    const size = document.createElement("b");
    size.textContent = `${count(gap.lost)} lost · ${duration(gap.lost / rate)}`;
    const why = document.createElement("small");
    why.textContent = `${gap.cause} · ${new Date(gap.time).toLocaleTimeString("en-GB")}`;
    line.append(when, size, why);
    list.prepend(line);
  }
  while (list.children.length > mostLines) list.lastElementChild.remove();
  $("no-gaps").hidden = list.children.length > 0;
}
