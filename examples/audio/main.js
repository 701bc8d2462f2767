/**
 * The page: makes a Buf, gives its writer's side to a worklet and a reader's to a worker, and draws what the worker says.
 *
 * On a page with COOP and COEP the ring is in shared memory; elsewhere the same two sides are joined by messages.
 */
import { addProcessors, audioReader, audioWriter } from "forebay/audio";
import { portedBuf, SharedArena, transferOf } from "forebay/threads";

const $ = (id) => document.getElementById(id);
const shape = { element: "f32", channels: 1, capacity: 65_536, maxWindow: 4096 };
let running;

/** What takes the sides: `writer` and `player` for audio, `reader` for the worker. */
async function makeBuf() {
  if (!crossOriginIsolated) {
    const { writer, reader } = portedBuf({ ...shape, pool: 32 });
    return { writer, reader, player: undefined, close: () => undefined };
  }
  const arena = await SharedArena.create({ bytes: 2 ** 20 });
  const buf = arena.buf({ ...shape, readers: 2 });
  const close = () => {
    buf.close();
    arena.close();
  };
  return { writer: buf, reader: buf.share(), player: buf, close };
}

async function openSource(context, kind) {
  if (kind === "microphone") {
    const constraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints });
    const close = () => {
      for (const track of stream.getTracks()) track.stop();
    };
    return { node: context.createMediaStreamSource(stream), close };
  }
  // A tone that wanders between two octaves.
  const tone = new OscillatorNode(context, { type: "sawtooth", frequency: 440 });
  const slow = new OscillatorNode(context, { frequency: 0.15 });
  const depth = new GainNode(context, { gain: 220 });
  const quiet = new GainNode(context, { gain: 0.4 });
  slow.connect(depth).connect(tone.frequency);
  tone.connect(quiet);
  tone.start();
  slow.start();
  return { node: quiet, close: () => tone.stop() };
}

/** What the worker says: that it has attached, pictures, and that it has come to the end. */
function listenTo(worker) {
  const told = {};
  const attached = new Promise((resolve, reject) => Object.assign(told, { attached: resolve, broken: reject }));
  const finished = new Promise((resolve) => Object.assign(told, { done: resolve }));
  worker.onmessage = ({ data }) => (data.kind === "picture" ? show(data) : told[data.kind](data));
  worker.onerror = ({ message }) => told.broken(new Error(message));
  return { attached, finished };
}

async function start() {
  const context = new AudioContext();
  const buf = await makeBuf();
  const worker = new Worker("worker.js", { type: "module" });
  const undo = [() => context.close(), () => worker.terminate()];
  try {
    await Promise.all([context.resume(), addProcessors(context)]);
    const source = await openSource(context, $("source").value);
    undo.unshift(source.close);
    const told = listenTo(worker);
    worker.postMessage({ shared: buf.reader, rate: context.sampleRate }, transferOf(buf.reader));
    // From then on, what is written waits for it.
    await told.attached;
    const player = $("listen").checked && buf.player ? audioReader(context, buf.player, { prefill: 4096 }) : undefined;
    player?.node.connect(context.destination);
    const writer = audioWriter(context, buf.writer);
    writer.done.catch(complain);
    source.node.connect(writer.node);
    running = { writer, player, finished: told.finished, undo, close: buf.close };
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
}

/** Ends the stream, has the worker look at what is left, and then lets go of everything. */
async function stop() {
  const { writer, player, finished, undo, close } = running;
  await writer.close();
  const counts = await finished;
  latest = undefined;
  showCounts(counts);
  await player?.close();
  for (const step of undo) await step();
  running = undefined;
  close();
}

let latest;
function show(picture) {
  if (!latest) requestAnimationFrame(draw);
  latest = picture;
}

const number = new Intl.NumberFormat();
const decibels = (value) => (value > 0 ? `${(20 * Math.log10(value)).toFixed(1)} dB` : "silence");

function showCounts({ frames, windows }) {
  const { counts } = running.writer;
  $("frames").textContent = number.format(frames);
  $("windows").textContent = number.format(windows);
  $("lost").textContent = number.format(counts.lost);
  $("lost").className = counts.lost > 0 ? "bad" : "";
  $("quantum").textContent = counts.quantum > 0 ? `${counts.quantum} frames` : "–";
  if (running.player) $("underruns").textContent = number.format(running.player.counts.events);
}

function draw() {
  if (!latest) return;
  const { wave, bands, rms, peak, pitch } = latest;
  const picture = latest;
  latest = undefined;
  if (running) showCounts(picture);
  $("level").textContent = decibels(rms);
  $("peak").textContent = decibels(peak);
  $("pitch").textContent = pitch > 0 ? `${pitch.toFixed(0)} Hz` : "–";
  drawWave(surface($("wave")), wave);
  drawBands(surface($("bands")), bands);
}

/** A canvas as sharp as the screen, empty, in the page's colour. */
function surface(canvas) {
  const scale = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * scale);
  const height = Math.round(canvas.clientHeight * scale);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, width, height);
  pen.strokeStyle = pen.fillStyle = getComputedStyle(canvas).color;
  return { pen, width, height, scale };
}

function drawWave({ pen, width, height, scale }, wave) {
  pen.lineWidth = 1.5 * scale;
  pen.lineJoin = "round";
  pen.beginPath();
  for (let i = 0; i < wave.length; i++) {
    pen.lineTo((i / (wave.length - 1)) * width, (0.5 - wave[i] * 0.48) * height);
  }
  pen.stroke();
}

function drawBands({ pen, width, height, scale }, bands) {
  const step = width / bands.length;
  const floor = 60;
  for (let i = 0; i < bands.length; i++) {
    const part = Math.max(0, 1 + (20 * Math.log10(bands[i] + 1e-9)) / floor);
    const tall = Math.max(scale, part * height);
    pen.fillRect(i * step + scale / 2, height - tall, step - scale, tall);
  }
}

function complain(error) {
  $("problem").hidden = false;
  $("problem").textContent = error.message;
}

$("path").textContent = crossOriginIsolated
  ? "The ring is in shared memory: nothing is copied between them."
  : "This page has no shared memory: the frames go by messages, in buffers that go round.";
$("listen").disabled = !crossOriginIsolated;
$("controls").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("problem").hidden = true;
  $("start").disabled = true;
  try {
    await (running ? stop() : start());
  } catch (error) {
    complain(error);
  }
  $("start").disabled = false;
  $("start").textContent = running ? "Stop" : "Start";
  $("source").disabled = Boolean(running);
  $("listen").disabled = Boolean(running) || !crossOriginIsolated;
});
