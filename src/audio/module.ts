/** Having an AudioContext load the processors. */
import { Unsupported } from "../fault.js";
import { inlinedProcessors } from "../worklet/inline-processors.js";

/** Where the processors come from. */
export interface AddProcessorsOptions {
  /**
   * The address of `forebay/worklet/processors` or of a module of yours that calls `registerProcessors`. Default: a blob of the
   * inlined text, which every bundler carries; a page whose Content-Security-Policy forbids `blob:` scripts gives the address.
   */
  readonly url?: string | URL;
}

/** Loads both processors into an AudioContext, once for each. Throws `unsupported` where there is no AudioWorklet. */
export async function addProcessors(context: BaseAudioContext, options: AddProcessorsOptions = {}): Promise<void> {
  if (!context.audioWorklet) {
    throw new Unsupported("There is no AudioWorklet here. Serve the page over https, or from localhost.");
  }
  if (options.url !== undefined) return context.audioWorklet.addModule(options.url);
  const url = URL.createObjectURL(new Blob([inlinedProcessors], { type: "text/javascript" }));
  try {
    await context.audioWorklet.addModule(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
