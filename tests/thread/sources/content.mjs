// A source that a worker makes by its address: `content`, then its end, an error, or nothing any more.
export default function contentSource(content, then, most = 7) {
  return {
    name: "content",
    async read(into, position, signal) {
      const some = content.subarray(position, position + Math.min(most, into.length));
      into.set(some);
      if (some.length > 0) return some.length;
      if (then === "break") throw new Error("no more of that");
      if (then === "end") return 0;
      return new Promise((_, reject) => {
        const letGo = () => reject(signal.reason);
        if (signal.aborted) letGo();
        else signal.addEventListener("abort", letGo, { once: true });
      });
    },
    close() {
      if (then === "close badly") throw new Error("it does not close");
    },
  };
}
