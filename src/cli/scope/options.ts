import type { PacketDescription } from "../input/packet.js";

/** The options of `forebay scope`, as commander hands them over. */
export interface ScopeOptions {
  readonly png?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly element?: string;
  readonly rate?: number;
  readonly channels?: number;
  readonly baud?: number;
  readonly packet?: PacketDescription;
  readonly seconds?: number;
  readonly window?: number;
  readonly hop?: number;
  readonly channel?: number;
  readonly size?: { readonly width: number; readonly height: number };
  readonly dark?: boolean;
}
