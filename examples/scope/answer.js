/** Answers requests for the page's files. */
import { answersFrom } from "../lib/answer.js";

export const answer = answersFrom("examples/scope");
