// The pictures of README.md, of a demo that runs: node readme.mjs http://127.0.0.1:8080
// A short animation of its stage, and pages as each kind of person sees them.
import { writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { chromium } from "playwright-core";

const base = process.argv[2] ?? "http://127.0.0.1:8080";
const file = (name) => new URL(`../../.readme/${name}`, import.meta.url).pathname;
// A browser that a program drives says so, and is no person.
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-blink-features=AutomationControlled"] });

const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]), out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
};

// chunks of a PNG, by their names.
function* chunks(png) {
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at), type = png.toString("latin1", at + 4, at + 8);
    yield [type, png.subarray(at + 8, at + 8 + length)];
    at += 12 + length;
  }
}

// animated makes one PNG of several: each is {png, ms, x, y}, and covers a part of the first.
function animated(frames) {
  let number = 0;
  const out = [frames[0].png.subarray(0, 8)];
  frames.forEach(({ png, ms, x = 0, y = 0 }, i) => {
    for (const [type, data] of chunks(png)) {
      if (type === "IHDR") {
        if (i === 0) {
          const count = Buffer.alloc(8);
          count.writeUInt32BE(frames.length, 0);
          out.push(chunk("IHDR", data), chunk("acTL", count));
        }
        const control = Buffer.alloc(26);
        [number++, data.readUInt32BE(0), data.readUInt32BE(4), x, y].forEach((n, k) => control.writeUInt32BE(n, 4 * k));
        control.writeUInt16BE(ms, 20);
        control.writeUInt16BE(1000, 22);
        out.push(chunk("fcTL", control));
      } else if (type === "IDAT") {
        const head = Buffer.alloc(4);
        if (i > 0) head.writeUInt32BE(number++, 0);
        out.push(i === 0 ? chunk("IDAT", data) : chunk("fdAT", Buffer.concat([head, data])));
      }
    }
  });
  return Buffer.concat([...out, chunk("IEND", Buffer.alloc(0))]);
}

const hide = "document.querySelectorAll('.demo-strip, .demo-languages').forEach((e) => e.remove())";

async function stage() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, deviceScaleFactor: 0.6, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(base + "/stage");
  // The desk looks at the map.
  const calm = async () => {
    await page.waitForTimeout(900);
    for (const f of page.frames()) await f.evaluate(hide).catch(() => {});
    await page.frame({ name: "desk" })?.evaluate("scrollTo(0, document.querySelector('.ripple-map').closest('.card').offsetTop - 20)").catch(() => {});
  };
  const frames = [];
  const shoot = async (ms) => frames.push({ png: await page.screenshot(), ms });
  await page.waitForTimeout(1200);
  await calm();
  await shoot(1800);
  await page.click("[data-friend]");
  for (let hop = 0; hop < 4; hop++) {
    await page.waitForTimeout(900);
    await calm();
    await shoot(900);
    await page.waitForSelector("[data-pass-on]:not([disabled])");
    await page.waitForTimeout(1600);
    await calm();
    await shoot(hop === 3 ? 3000 : 1400);
    if (hop < 3) await page.click("[data-pass-on]");
  }
  const whole = animated(frames);
  if (whole.length > 1.5 * 2 ** 20) throw new Error(`the animation has ${whole.length} bytes`);
  writeFileSync(file("stage.png"), whole);
  console.log(frames.length, "frames,", whole.length, "bytes");
  await context.close();
}

async function shot(name, role, path, size, { follow, height } = {}) {
  const [width, high, scale] = size;
  const context = await browser.newContext({ viewport: { width, height: high }, deviceScaleFactor: scale, locale: "en-GB" });
  const page = await context.newPage();
  if (role) {
    await page.goto(`${base}/demo/signin/${role}`);
    await page.click("main form button[type=submit]");
    await page.waitForLoadState();
  }
  await page.goto(base + path);
  if (follow) await page.goto(new URL(await page.getAttribute(follow, "href"), base).href);
  await page.evaluate(hide);
  await page.waitForTimeout(400);
  await page.screenshot({ path: file(name), clip: { x: 0, y: 0, width, height: height ?? high } });
  await context.close();
}

await stage();
await shot("campaign.png", "owner", "/campaigns", [1360, 1000, 0.9], { follow: 'main table a[href^="/campaigns/"]' });
await shot("link.png", "ambassador", "/ripples", [680, 1000, 0.9], { follow: 'main article h2 a' });
await shot("reader.png", "", "/demo", [390, 844, 1.5], { follow: '[data-role=reader] a' });
await shot("home.png", "ambassador", "/", [390, 844, 1.5]);
await shot("board.png", "ambassador", "/squad", [390, 844, 1.5]);
await browser.close();
