/** Serves the page: `npm run example:scope`; see `serve` for what may follow `--`. */
import { serve } from "../lib/serve.js";
import { answer } from "./answer.js";

serve(answer);
