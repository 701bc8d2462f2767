/** What is said at a conversion's end. */
import { duration, withPrefix } from "../figure/ticks.js";
import type { Input } from "../input/open.js";
import { packetText, packetWarnings } from "../input/packets.js";
import type { Conversion } from "./conversion.js";

const whole = new Intl.NumberFormat("en");

const counted = (count: number, noun: string) => `${whole.format(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Prints the ledger: lines on standard error, or an object on standard output. */
export function report({ name, recording, packets }: Input, conversion: Conversion, json: boolean): void {
  const { ledger, output, target, rate, channels } = conversion;
  const { delivered, lost, gaps } = ledger;
  // What ended it says why by itself.
  const warnings = [...recording.warnings, ...(conversion.fault === undefined ? packetWarnings(packets?.()) : [])];
  if (json) {
    const facts = {
      source: name,
      from: {
        format: recording.format,
        sampleFormat: recording.sampleFormat,
        rate: recording.rate ?? null,
        channels: recording.channels,
      },
      to: { format: target.format, sampleFormat: target.sampleFormat, rate: rate ?? null, channels },
      files: output.paths,
      ledger: { delivered, lost, sent: delivered + lost, gaps },
      written: output.frames,
      filled: output.filled,
      packets: packets?.(),
      warnings,
    };
    process.stdout.write(`${JSON.stringify(facts)}\n`);
    return;
  }
  const time = rate === undefined ? "" : ` (${duration(output.frames / rate)} at ${withPrefix(rate, "Hz")})`;
  const where = output.paths.map((path) => (path === "-" ? "standard output" : path)).join(", ");
  const complex = target.complex ? "c" : "";
  console.error(
    `${where}: ${counted(output.frames, "frame")}${time}, ${complex}${target.sampleFormat}, ${counted(channels, "channel")}`,
  );
  const filled = output.filled > 0 ? `; ${counted(output.filled, "frame")} written in their place` : "";
  const losses = gaps === 0 ? "nothing lost" : `${counted(lost, "frame")} lost in ${counted(gaps, "gap")}${filled}`;
  console.error(`${name}: ${counted(delivered, "frame")} came, ${losses}`);
  if (packets) console.error(`${name}: ${packetText(packets())}`);
  for (const warning of warnings) console.error(`forebay: ${name}: ${warning}`);
}
