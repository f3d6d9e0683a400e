// The pictures of the demo's drops: each SVG of app/demo/pictures becomes the JPEG beside it.
import { readdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const folder = new URL("../../app/demo/pictures/", import.meta.url);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1600, height: 840 } });
for (const name of readdirSync(folder).filter((n) => n.endsWith(".svg"))) {
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${readFileSync(new URL(name, folder), "utf8")}`);
  await page.screenshot({ path: new URL(name.replace(".svg", ".jpg"), folder).pathname, type: "jpeg", quality: 74 });
}
await browser.close();
