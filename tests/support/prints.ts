/** What an example says that it prints. */
import { projectFile } from "./host.js";

/** The lines behind `// prints:`, in order. */
export function printsOf(path: string): string[] {
  const text = new TextDecoder().decode(projectFile(path));
  return [...text.matchAll(/^\/\/ prints: (.*)$/gm)].map((match) => match[1] as string);
}
