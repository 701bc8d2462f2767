/** What --help says of --packet. */
export const packetHelp = `\
--packet says how a device packs its samples, in words with commas between; places
and lengths are bytes from a packet's first one, uN is a number of N bits (u16be:
its high byte first). What is lost is counted where packets have a sequence.
  sync=AA55        the bytes that each packet begins with
  header=8         bytes before its samples (default: to the end of sync, sequence, length)
  samples=64       samples in a packet, of each channel; or
  bytes=134        the length of the whole packet; or
  length=u16@2+8   where each packet tells its length, and how much to add to it
  sequence=u16@2   where its number stands
  counts=samples   the number counts samples, not packets
  first=0          the number that a device begins with: what is lost before is counted
  late=16          so many numbers back are a packet that comes too late, and is left out
  checksum=crc16   what it ends with: sum8 xor8 crc8 crc16 crc16-modbus crc32, with be
                   behind for big-endian, as in crc16be@2, which begins at byte 2`;
