import type { PacketDescription } from "../input/packet.js";

/** The options of `forebay convert`, as commander hands them over. */
export interface ConvertOptions {
  readonly to?: string;
  readonly element?: string;
  readonly rate?: number;
  readonly decimate?: number;
  readonly fir?: string;
  readonly channels?: "mix" | readonly number[];
  readonly gaps?: "zero" | "hold" | "split";
  readonly fromElement?: string;
  readonly fromRate?: number;
  readonly fromChannels?: number;
  readonly baud?: number;
  readonly packet?: PacketDescription;
  readonly seconds?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}
