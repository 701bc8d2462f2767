/** The filters' exports with wrong numbers and with spoilt states: see wild-calls.ts. */
import { wildCalls } from "../support/wild-calls.js";

wildCalls("the filters' exports", {
  firOpen: ["place", "small", "small", "small", "place"],
  firReset: ["place", "small", "small", "small"],
  firRun: ["place", "small", "small", "small", "place", "small", "place"],
  resampleOpen: ["place", "small", "small", "small", "place"],
  resampleReset: ["place", "small", "small", "small"],
  resampleRun: ["place", "small", "small", "small", "small", "place", "small", "place"],
  sosOpen: ["place", "small", "small", "place"],
  sosReset: ["place", "small", "small"],
  sosRun: ["place", "small", "small", "place", "small", "place"],
});
