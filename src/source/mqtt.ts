/**
 * The messages of an MQTT topic as a source, by a client of the package `mqtt`: each message is samples or packets of them.
 *
 * Copies: 1, from the message into the ring. There is no back-pressure: a broker sends what it has. Messages that wait unread
 * are queued up to `most` bytes; those above are dropped and are gaps. After a reconnection nobody knows what was missed:
 * it is a gap of 0 bytes, or of what the packets' numbers tell.
 */
import { Arrivals } from "../arrivals.js";
import { Unsupported } from "../fault.js";
import { PacketCount, type PacketCounts } from "./packet-count.js";
import { type PacketFormat, packetLayout } from "./packet-format.js";
import { PacketScan } from "./packet-scan.js";
import type { Source, SourceEvents } from "./source.js";

/** What is used of a client: an `MqttClient` of the package has it. */
export interface MqttReads {
  readonly connected: boolean;
  readonly reconnecting?: boolean;
  on(event: "message", listener: MqttListener): unknown;
  on(event: "connect" | "close" | "end", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "message", listener: MqttListener): unknown;
  removeListener(event: "connect" | "close" | "end", listener: () => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
  subscribeAsync(topic: string, options: { qos: 0 | 1 | 2 }): Promise<unknown>;
  unsubscribeAsync(topic: string): Promise<unknown>;
  endAsync(force?: boolean): Promise<unknown>;
}

/** Hears of a message; `packet` says whether it is one that the broker kept for newcomers. */
export type MqttListener = (topic: string, payload: Uint8Array, packet: { readonly retain?: boolean }) => void;

/** How a topic is read. */
export interface MqttSourceOptions {
  /** What messages call it. Default: the topic. */
  readonly name?: string;
  /** At most once, at least once, exactly once. Default 1; with packets, `sequence.late` leaves out what comes twice. */
  readonly qos?: 0 | 1 | 2;
  /** The packets that messages consist of; none of them goes across messages. Default: messages are samples. */
  readonly packets?: PacketFormat;
  /** Bytes that may wait unread. Default 4 MiB. */
  readonly most?: number;
  /** Whether to take a message that the broker kept from before. Default false. */
  readonly retained?: boolean;
  /** Whether closing the source leaves the client connected. Default false. */
  readonly keepOpen?: boolean;
}

/** How a broker is reached: the URL's options, which are those of the package. */
export interface OpenMqttOptions extends Omit<MqttSourceOptions, "keepOpen"> {
  readonly username?: string;
  readonly password?: string;
  readonly clientId?: string;
}

/** A topic as a source. */
export interface MqttSource extends Source {
  /** Gaps, and the marks of packets; positions in bytes of samples. */
  readonly events: SourceEvents;
  /** Bytes that have arrived and were not read yet. */
  readonly queued: number;
  /** Bytes of messages that were dropped because they were not read in time. */
  readonly dropped: number;
  /** What became of the packets, where messages consist of them. */
  readonly counts: PacketCounts | undefined;
  /** Resolves when the broker has taken the subscription; rejects when it refuses. */
  readonly subscribed: Promise<void>;
}

/** Connects to a broker and reads a topic. Throws `unsupported` without the package, and the package's error. */
export async function openMqtt(url: string, topic: string, options: OpenMqttOptions = {}): Promise<MqttSource> {
  let connect: typeof import("mqtt").connect;
  try {
    ({ connect } = await import("mqtt"));
  } catch (error) {
    throw new Unsupported(`Cannot connect to ${url}: install the package mqtt (npm install mqtt).`, {}, error);
  }
  const { username, password, clientId } = options;
  const given = Object.entries({ username, password, clientId }).filter(([, value]) => value !== undefined);
  const client = connect(url, Object.fromEntries(given));
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("connect", () => resolve());
      client.once("error", reject);
    });
    const source = mqttSource(client, topic, options);
    await source.subscribed;
    return source;
  } catch (error) {
    client.on("error", () => undefined);
    await client.endAsync(true);
    throw error;
  }
}

/**
 * A source over a topic, which may have wildcards, of a client that is connected or about to be. Closing it ends the client.
 * The stream ends when somebody else ends it; a client that does not connect again is a failure.
 */
export function mqttSource(client: MqttReads, topic: string, options: MqttSourceOptions = {}): MqttSource {
  return new Topic(client, topic, options);
}

class Topic implements MqttSource {
  readonly name: string;
  readonly copies = 1;
  readonly events: SourceEvents;
  readonly subscribed: Promise<void>;
  dropped = 0;
  readonly #client: MqttReads;
  readonly #topic: string;
  readonly #options: MqttSourceOptions;
  readonly #most: number;
  readonly #arrivals: Arrivals;
  readonly #scan: PacketScan | undefined;
  readonly #count: PacketCount | undefined;
  #away = false;
  #error: Error | undefined;

  constructor(client: MqttReads, topic: string, options: MqttSourceOptions) {
    this.name = options.name ?? topic;
    this.#client = client;
    this.#topic = topic;
    this.#options = options;
    this.#most = options.most ?? 4 * 2 ** 20;
    const layout = options.packets && packetLayout(options.packets);
    this.#scan = layout && new PacketScan(layout);
    this.#count = layout && new PacketCount(layout);
    this.#arrivals = new Arrivals(layout ? Number.POSITIVE_INFINITY : this.#most);
    this.events = this.#count?.events ?? this.#arrivals.events;
    client.on("message", this.#onMessage);
    client.on("connect", this.#onConnect);
    client.on("close", this.#onClose);
    client.on("end", this.#onEnd);
    client.on("error", this.#onError);
    this.subscribed = client.subscribeAsync(topic, { qos: options.qos ?? 1 }).then(
      () => undefined,
      (error: unknown) => {
        this.#arrivals.end(error);
        throw error;
      },
    );
    // Who does not wait for it is told by the next read.
    this.subscribed.catch(() => undefined);
  }

  get queued(): number {
    return this.#arrivals.queued;
  }

  get counts(): PacketCounts | undefined {
    if (this.#count === undefined || this.#scan === undefined) return undefined;
    const { packets, lostBytes, gaps, late } = this.#count;
    return { packets, lostBytes, gaps, late, corrupt: this.#scan.corrupt, skippedBytes: this.#scan.skipped };
  }

  readonly #onMessage: MqttListener = (topic, payload, packet) => {
    if (!isOf(this.#topic, topic)) return;
    if (packet.retain && !this.#options.retained) return;
    if (this.#count === undefined || this.#scan === undefined) {
      this.#arrivals.arrive(payload);
      this.dropped = this.#arrivals.dropped;
    } else if (this.#arrivals.queued + payload.length > this.#most) {
      this.dropped += payload.length;
      this.#count.cut({ lost: payload.length, cause: "overrun", time: Date.now() });
    } else {
      this.#unpack(this.#scan, this.#count, payload);
    }
  };

  #unpack(scan: PacketScan, count: PacketCount, message: Uint8Array): void {
    let begin = 0;
    while (scan.next(message, begin, message.length, true)) {
      begin = scan.end;
      const bytes = scan.payloadEnd - scan.payload;
      if (!count.take(message, scan.at, bytes, scan.skipped, scan.corrupt)) continue;
      this.#arrivals.arrive(message.subarray(scan.payload, scan.payloadEnd));
    }
  }

  readonly #onClose = (): void => {
    this.#away = true;
    // Whether it tries again is settled behind this event.
    setTimeout(() => {
      if (this.#client.connected || this.#client.reconnecting) return;
      this.#arrivals.end(this.#error ?? new Error("the connection to the broker was closed"));
    }, 0);
  };

  readonly #onConnect = (): void => {
    if (!this.#away) return;
    this.#away = false;
    this.#error = undefined;
    if (this.#count) this.#count.cut({ lost: 0, cause: "reconnected", time: Date.now() });
    else this.#arrivals.gap(0, "reconnected");
  };

  readonly #onEnd = (): void => this.#arrivals.end();

  /** What a client says of an attempt to connect; it tries again, or closes. */
  readonly #onError = (error: Error): void => {
    this.#error = error;
  };

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | PromiseLike<number> {
    return this.#arrivals.read(into, signal);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#arrivals.close();
    client.removeListener("message", this.#onMessage);
    client.removeListener("connect", this.#onConnect);
    client.removeListener("close", this.#onClose);
    client.removeListener("end", this.#onEnd);
    if (this.#options.keepOpen) {
      client.removeListener("error", this.#onError);
      if (client.connected) await client.unsubscribeAsync(this.#topic);
    } else {
      await client.endAsync(!client.connected);
    }
  }
}

/** Whether a topic is one of a subscription's: `+` stands for a level, `#` for all that follow. */
function isOf(subscription: string, topic: string): boolean {
  const wanted = subscription.split("/");
  const levels = topic.split("/");
  for (const [level, name] of wanted.entries()) {
    if (name === "#") return true;
    if (level >= levels.length || (name !== "+" && name !== levels[level])) return false;
  }
  return wanted.length === levels.length;
}
