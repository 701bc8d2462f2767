/** Serves the page: `npm run example:audio`; see `serve` for what may follow `--`. */
import { serve } from "../lib/serve.js";
import { answer } from "./answer.js";

serve(answer);
