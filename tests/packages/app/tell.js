// Leaves the answer, or what went wrong, where the test looks for it.
export async function tell(run) {
  try {
    globalThis.answer = await run();
  } catch (error) {
    globalThis.answer = { error: String(error), name: error.name, code: error.code, cause: String(error.cause) };
  }
}
