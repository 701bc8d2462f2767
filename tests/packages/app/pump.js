// The library's worker, as an entry of the app's own: for bundlers that do not carry what a dependency starts.
import "forebay/web-worker";
