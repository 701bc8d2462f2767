/** The raw exports of assembly/exports/{measure,measure_time,pyramid}.ts. Handles, pointers and lengths as in exports.ts. */
export interface MeasureExports {
  convertSamples(
    sourceHandle: number,
    source: number,
    sourceFormat: number,
    targetHandle: number,
    target: number,
    targetFormat: number,
    count: number,
    profile: number,
  ): number;
  splitFrames(
    sourceHandle: number,
    source: number,
    targetHandle: number,
    target: number,
    frames: number,
    channels: number,
    size: number,
    plane: number,
  ): number;
  shiftBytes(): number;
  shiftReset(stateHandle: number, state: number, low: number, high: number): number;
  shiftRun(
    sourceHandle: number,
    source: number,
    targetHandle: number,
    target: number,
    frames: number,
    stateHandle: number,
    state: number,
  ): number;
  meanRun(
    sourceHandle: number,
    source: number,
    targetHandle: number,
    target: number,
    frames: number,
    channels: number,
    alpha: number,
    stateHandle: number,
    state: number,
  ): number;
  envelopeRun(
    sourceHandle: number,
    source: number,
    targetHandle: number,
    target: number,
    frames: number,
    channels: number,
    complex: number,
    attack: number,
    release: number,
    stateHandle: number,
    state: number,
  ): number;
  levelsBytes(channels: number): number;
  levelsReset(stateHandle: number, state: number, channels: number): number;
  levelsRun(
    sourceHandle: number,
    source: number,
    targetHandle: number,
    target: number,
    frames: number,
    channels: number,
    hop: number,
    stateHandle: number,
    state: number,
  ): number;
  levelsFinish(targetHandle: number, target: number, channels: number, stateHandle: number, state: number): number;
  triggerBytes(): number;
  triggerReset(
    stateHandle: number,
    state: number,
    armRising: number,
    fireRising: number,
    armFalling: number,
    fireFalling: number,
    holdOff: number,
  ): number;
  triggerNext(
    sourceHandle: number,
    source: number,
    frames: number,
    channels: number,
    channel: number,
    stateHandle: number,
    state: number,
  ): number;
  resyncBytes(channels: number): number;
  resyncReset(stateHandle: number, state: number, channels: number): number;
  resyncStep(stateHandle: number, state: number, channels: number, whole: number, low: number, high: number): number;
  resyncRun(
    sourceHandle: number,
    source: number,
    frames: number,
    targetHandle: number,
    target: number,
    most: number,
    channels: number,
    stateHandle: number,
    state: number,
  ): number;
  pyramidBytes(channels: number, recent: number, bins: number, levels: number): number;
  pyramidReset(handle: number, state: number, channels: number, recent: number, bins: number, levels: number): number;
  pyramidFrames(handle: number, state: number): number;
  pyramidAdd(
    sourceHandle: number,
    source: number,
    frames: number,
    handle: number,
    state: number,
    channels: number,
    recent: number,
    bins: number,
    levels: number,
  ): number;
  pyramidSkip(
    frames: number,
    handle: number,
    state: number,
    channels: number,
    recent: number,
    bins: number,
    levels: number,
  ): number;
  pyramidQuery(
    from: number,
    to: number,
    columns: number,
    targetHandle: number,
    target: number,
    handle: number,
    state: number,
    channels: number,
    recent: number,
    bins: number,
    levels: number,
  ): number;
}
