/** Bytes that a call says to be packets: their samples, and what became of them. */
import { Fault } from "../../fault.js";
import type { PacketCounts } from "../../source/packet-count.js";
import { type PacketFormat, packetLayout } from "../../source/packet-format.js";
import { packetSource } from "../../source/packets.js";
import type { Source } from "../../source/source.js";
import type { InputOptions } from "./options.js";
import { packetFormatOf } from "./packet.js";
import { named, samplesOf } from "./sensor.js";

/** Who finds none of the packets in the room of so many, or in so many bytes, is told so. */
const patiencePackets = 16;
const patienceBytes = 4096;

/** The samples of a source of packets. A device in which none is found is not listened to for ever. */
export function unpacked(
  base: Source,
  options: InputOptions,
  live: boolean,
): { source: Source; counts: () => PacketCounts } {
  try {
    const format = named(() => packetFormatOf(options.packet!, samplesOf(options).frameBytes));
    let found = () => 0;
    const source = packetSource(live ? impatient(base, format, () => found()) : base, format);
    found = () => source.counts.packets;
    return { source, counts: () => source.counts };
  } catch (error) {
    void base.close?.();
    throw error;
  }
}

/** The source, until so many bytes of it have come that there is no packet in it. */
function impatient(base: Source, format: PacketFormat, found: () => number): Source {
  const most = Math.max(patienceBytes, patiencePackets * packetLayout(format).most);
  let come = 0;
  return {
    ...(base.name !== undefined && { name: base.name }),
    ...(base.copies !== undefined && { copies: base.copies }),
    ...(base.events && { events: base.events }),
    async read(into, position, signal) {
      // Whoever reads on has looked at all that came.
      if (come > most && found() === 0) throw new Fault("source-failed", noPacket(come));
      const bytes = await base.read(into, position, signal);
      if (found() === 0) come += bytes;
      return bytes;
    },
    close: () => base.close?.(),
  };
}

const counted = new Intl.NumberFormat("en");

const noPacket = (bytes: number) =>
  `there is no packet in the first ${counted.format(bytes)} bytes of it: is --packet right, and --baud?`;

/** What is to be warned of. */
export function packetWarnings(counts: PacketCounts | undefined): string[] {
  if (!counts || counts.packets > 0 || counts.skippedBytes === 0) return [];
  return [`there is no packet in the ${counted.format(counts.skippedBytes)} bytes that came: is --packet right?`];
}

/** What became of them, in words. */
export function packetText({ packets, corrupt, late, skippedBytes }: PacketCounts): string {
  const facts = [
    `${counted.format(packets)} packets`,
    corrupt > 0 && `${counted.format(corrupt)} with a wrong checksum`,
    late > 0 && `${counted.format(late)} again or too late`,
    skippedBytes > 0 && `${counted.format(skippedBytes)} bytes of no packet`,
  ];
  return facts.filter(Boolean).join(", ");
}
