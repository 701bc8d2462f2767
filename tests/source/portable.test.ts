/** The portable sources against the one suite of sources. */
import { bytesSource } from "../../src/index.js";
import { sourceConformance } from "../conformance/source.js";
import { turns } from "../flow/support.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { neverAnswers } from "../hostile/never_answers.js";

sourceConformance("bytes in memory", async (content) => ({ source: bytesSource(content) }), {
  seekable: true,
  sync: true,
});

sourceConformance(
  "a user's asynchronous source",
  async (content) => {
    const chunks = chunkedSource(content, [3, 50]);
    const read = async (into: Uint8Array, position: number) => {
      if (chunks.reads % 5 === 0) await turns();
      return chunks.read(into, position, new AbortController().signal);
    };
    return { source: { read } };
  },
  {
    seekable: false,
    sync: false,
    waits: async (content) => ({ source: neverAnswers(content) }),
    breaks: async (content) => ({ source: { ...errorInTheMiddle(content, content.length), seekable: false } }),
  },
);
