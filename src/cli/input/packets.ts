/** Bytes that a call says to be packets: their samples, and what became of them. */
import { Fault } from "../../fault.js";
import type { PacketCounts } from "../../source/packet-count.js";
import { type PacketFormat, packetLayout } from "../../source/packet-format.js";
import { packetSource } from "../../source/packets.js";
import type { Source } from "../../source/source.js";
import { type InputOptions, samplesOf } from "./options.js";
import { named, packetFormatOf } from "./packet.js";

/** Who finds no packet in the room of so many, or in so many bytes, is told so. */
const patiencePackets = 16;
const patienceBytes = 4096;
/** Milliseconds from one look at that to the next. */
const lookMs = 250;

/** The samples of a source of packets. */
export function unpacked(
  base: Source,
  options: InputOptions,
  live: boolean,
): { source: Source; counts: () => PacketCounts } {
  try {
    const format = named(() => packetFormatOf(options.packet!, samplesOf(options).frameBytes));
    const source = packetSource(base, format);
    const counts = () => source.counts;
    return { source: live ? impatient(source, format, counts) : source, counts };
  } catch (error) {
    void base.close?.();
    throw error;
  }
}

/** Samples of a sensor, which is not listened to for ever when it sends no packets of this format. */
export function impatient(base: Source, format: PacketFormat, counts: () => PacketCounts): Source {
  const most = Math.max(patienceBytes, patiencePackets * packetLayout(format).most);
  return {
    ...(base.name !== undefined && { name: base.name }),
    ...(base.copies !== undefined && { copies: base.copies }),
    ...(base.events && { events: base.events }),
    async read(into, position, signal) {
      if (counts().packets > 0) return base.read(into, position, signal);
      // A read waits for samples, whatever else comes.
      let timer: NodeJS.Timeout | undefined;
      const inVain = new Promise<never>((_, reject) => {
        timer = setInterval(() => {
          const { packets, skippedBytes } = counts();
          if (packets === 0 && skippedBytes > most) reject(new Fault("source-failed", noPacket(skippedBytes)));
        }, lookMs);
      });
      try {
        return await Promise.race([base.read(into, position, signal), inVain]);
      } finally {
        clearInterval(timer);
      }
    },
    close: () => base.close?.(),
  };
}

const counted = new Intl.NumberFormat("en");

const noPacket = (bytes: number) =>
  `there is no packet in the ${counted.format(bytes)} bytes that came: is --packet right, and the --baud of a serial line?`;

/** What is to be warned of. */
export function packetWarnings(counts: PacketCounts | undefined): string[] {
  if (!counts || counts.packets > 0 || counts.skippedBytes === 0) return [];
  return [noPacket(counts.skippedBytes)];
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
