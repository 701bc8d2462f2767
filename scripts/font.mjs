// Draws the letters of figures: DejaVu Sans (free to embed, like the Bitstream Vera fonts it is made of) through Chromium's
// canvas into src/cli/figure/letters.ts, sixteen steps of grey a pixel. Run it when letters are missing; Debian: chromium,
// fonts-dejavu-core.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");
const text = `${ascii}µ×·–−°…²±√ΔäöüßÄÖÜéèàñ`;
const fonts = [
  { name: "plain", css: "14px 'DejaVu Sans'", height: 18, base: 14 },
  { name: "bold", css: "bold 16px 'DejaVu Sans'", height: 20, base: 16 },
];

const page = `<!doctype html><meta charset="utf-8"><pre id="out"></pre><script>
const answer = [];
for (const font of ${JSON.stringify(fonts)}) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const letters = [];
  for (const letter of ${JSON.stringify([...text])}) {
    pen.font = font.css;
    const advance = Math.round(pen.measureText(letter).width);
    canvas.width = Math.max(1, advance);
    canvas.height = font.height;
    pen.font = font.css;
    pen.fillText(letter, 0, font.base);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    let pixels = "";
    for (let i = 3; i < data.length; i += 4) pixels += Math.round(data[i] / 17).toString(16);
    letters.push({ letter, advance, pixels });
  }
  answer.push({ ...font, letters });
}
document.getElementById("out").textContent = btoa(unescape(encodeURIComponent(JSON.stringify(answer))));
</script>`;

const folder = mkdtempSync(join(tmpdir(), "forebay-font-"));
writeFileSync(join(folder, "page.html"), page);
const dom = execFileSync("chromium", ["--headless", "--no-sandbox", "--dump-dom", `file://${folder}/page.html`], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "ignore"],
});
rmSync(folder, { recursive: true });
const answer = JSON.parse(Buffer.from(/<pre id="out">([^<]+)/.exec(dom)[1], "base64").toString("utf8"));

/** Grey values two a byte, as base64. */
const packed = (letters) => {
  const pixels = letters.map((letter) => letter.pixels).join("");
  return Buffer.from(pixels.length % 2 ? `${pixels}0` : pixels, "hex").toString("base64");
};
const table = ({ name, height, base, letters }) => `
export const ${name}: Letters = {
  height: ${height},
  base: ${base},
  letters: ${JSON.stringify(letters.map(({ letter }) => letter).join(""))},
  advances: ${JSON.stringify(letters.map(({ advance }) => advance).join(" "))},
  pixels:
    ${JSON.stringify(packed(letters))},
};
`;
writeFileSync(
  "src/cli/figure/letters.ts",
  `/** Letters as pictures, made of DejaVu Sans by scripts/font.mjs. */

/** A font at one size. */
export interface Letters {
  /** Rows of every letter, in pixels. */
  readonly height: number;
  /** The row on which letters stand. */
  readonly base: number;
  /** Which there are. */
  readonly letters: string;
  /** The width of each in pixels, by blanks apart. */
  readonly advances: string;
  /** Coverage of 0 to 15, two pixels a byte, letter after letter and row after row, as base64. */
  readonly pixels: string;
}
${answer.map(table).join("")}`,
);
