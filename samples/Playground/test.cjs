// Uses the playground in headless Chromium: node test.cjs SITE WORK [SCREENSHOTS]. test.sh calls it.
const { chromium } = require('playwright-core');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const zlib = require('node:zlib');

const [site, work, screenshots] = process.argv.slice(2);
const xorSeconds = 3, spiralSeconds = 60, longestGap = 250, phone = { width: 360, height: 740 }, desktop = { width: 1280, height: 900 };
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' };

// A plain server of static files, under a path of its own: the page must not lean on its address.
const base = '/some/where/', served = new Map();
const server = http.createServer((request, response) => {
  const name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  const file = path.join(site, name.slice(base.length) || 'index.html');
  if (!name.startsWith(base) || !file.startsWith(site) || !fs.existsSync(file))
    return response.writeHead(404).end();
  const bytes = fs.readFileSync(file);
  served.set(file, bytes);
  response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' }).end(bytes);
});

let browser, origin;
const problems = [];

async function open(hash = '', options = {}) {
  const context = await browser.newContext({ viewport: desktop, ...options });
  const page = await context.newPage();
  page.on('console', message => { if (message.type() === 'error') problems.push(`console: ${message.text()}`); });
  page.on('pageerror', error => problems.push(`error: ${error.message}`));
  page.on('request', request => { if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) problems.push(`outside address: ${request.url()}`); });
  page.on('response', response => { if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`); });
  await page.goto(origin + base + hash);
  await page.waitForFunction(() => document.getElementById('code').textContent.length > 0, null, { timeout: 60_000 });
  return page;
}

const text = (page, id) => page.locator(`#${id}`).textContent();
const picture = page => page.locator('#plane').evaluate(canvas => canvas.toDataURL());
const waitForText = (page, id, part, timeout = 10_000) => page.waitForFunction(([id, part]) => document.getElementById(id).textContent.includes(part), [id, part], { timeout });
const shoot = async (page, name) => { if (screenshots) await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true }); };

/** Seconds from the click on Train to the message that all is learned. */
async function learn(page, seconds) {
  const start = performance.now();
  await page.click('#train');
  await waitForText(page, 'message', 'Learned', 1000 * seconds);
  return (performance.now() - start) / 1000;
}

const tests = {
  async 'XOR is learned in the page'() {
    const start = performance.now(), page = await open(), loaded = (performance.now() - start) / 1000;
    const raw = [...served.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    const packed = pack => [...served.values()].reduce((sum, bytes) => sum + pack(bytes).length, 0);
    console.log(`  loaded in ${loaded.toFixed(1)} s: ${served.size} files, ${(raw / 1e6).toFixed(2)} MB; ${(packed(zlib.gzipSync) / 1e6).toFixed(2)} MB by gzip, ${(packed(zlib.brotliCompressSync) / 1e6).toFixed(2)} MB by brotli`);
    const before = await picture(page), took = await learn(page, xorSeconds);
    console.log(`  learned ${took.toFixed(2)} s after the click, in ${await text(page, 'epoch')} epochs`);
    assert.ok(took < xorSeconds);
    assert.equal(await text(page, 'accuracy'), '100 %');
    assert.notEqual(await picture(page), before, 'the picture of the output has not changed');
    assert.equal(await text(page, 'train'), 'Train', 'it pauses when all is learned');
    await shoot(page, 'xor');
  },

  async 'a spiral is learned in the page'() {
    const page = await open('#data=spirals');
    const took = await learn(page, spiralSeconds);
    console.log(`  learned ${took.toFixed(2)} s after the click, in ${await text(page, 'epoch')} epochs`);
    assert.ok(took < spiralSeconds);
    await page.waitForTimeout(200);
    await shoot(page, 'spirals');
  },

  async 'circles and moons are learned too'() {
    const page = await open();
    for (const data of ['circles', 'moons']) {
      await page.check(`input[name=data][value=${data}]`);
      await page.waitForFunction(data => location.hash.includes(data), data);
      console.log(`  ${data} ${(await learn(page, spiralSeconds)).toFixed(2)} s`);
    }
  },

  async 'the page stays responsive at full speed'() {
    const page = await open('#data=spirals&hidden=8,8,8,8&activation=Tanh&rate=0.001');
    await page.selectOption('#speed', 'full');
    const measured = page.evaluate(() => new Promise(done => {
      const start = performance.now();
      let last = start, longest = 0, frames = 0;
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (now - start > 4000)
          return done({ longest, frames });
        channel.port2.postMessage(0);
      };
      (function frame() { frames++; requestAnimationFrame(frame); })();
      channel.port2.postMessage(0);
    }));
    await page.click('#train');
    const { longest, frames } = await measured, epochs = await text(page, 'epoch');
    await page.click('#train');
    console.log(`  longest gap of the main thread ${longest.toFixed(0)} ms, ${(frames / 4).toFixed(0)} frames a second, ${epochs} epochs of 200 points in 4 s (2-8-8-8-8-1, batches of 10)`);
    assert.ok(longest < longestGap);
    assert.ok(Number(epochs.replaceAll(',', '')) > 20);
  },

  async 'one epoch, pause, start over and other first weights'() {
    const page = await open('#data=circles');
    const code = await text(page, 'code');
    await page.click('#step');
    await waitForText(page, 'epoch', '1');
    const loss = await text(page, 'loss');
    await page.click('#step');
    await waitForText(page, 'epoch', '2');
    assert.notEqual(await text(page, 'loss'), loss);
    assert.match(await text(page, 'code'), /epochs: 2,/);
    await page.click('#reset');
    await waitForText(page, 'epoch', '0');
    assert.equal(await text(page, 'code'), code);
    await page.click('#step');
    await waitForText(page, 'epoch', '1');
    assert.equal(await text(page, 'loss'), loss, 'the same weights, the same loss');
    await page.click('#seed');
    await waitForText(page, 'code', 'seed: 2,');
    await page.click('#step');
    await waitForText(page, 'epoch', '1');
    assert.notEqual(await text(page, 'loss'), loss);
    await page.selectOption('#speed', 'slow');
    await page.click('#train');
    await page.waitForFunction(() => +document.getElementById('epoch').textContent > 3);
    await page.click('#train');
    await page.waitForTimeout(200);
    const paused = await text(page, 'epoch');
    await page.waitForTimeout(300);
    assert.equal(await text(page, 'epoch'), paused);
  },

  async 'settings reach the code and the address, and the address brings them back'() {
    const page = await open();
    await page.click('#more');
    await waitForText(page, 'layers', '2 hidden layers');
    await page.selectOption('select[data-layer="2"]', '7');
    await waitForText(page, 'code', 'new Dense(7)');
    for (const [id, value, shown] of [['activation', 'LeakyReLU', 'new LeakyReLU()'], ['optimizer', 'Momentum', 'momentum: 0.9'], ['rate', '0.3', 'new Sgd(0.3'], ['batch', '1', 'batchSize: 1)']]) {
      await page.selectOption(`#${id}`, value);
      await waitForText(page, 'code', shown);
    }
    assert.equal(await page.locator('.neuron').count(), 2 + 4 + 7 + 1);
    const again = await open(new URL(page.url()).hash);
    assert.equal(await text(again, 'code'), await text(page, 'code'));
    await again.click('.neuron >> nth=3');
    assert.equal(await text(again, 'output-title'), 'Layer 1, neuron 2');
    for (let i = 0; i < 2; i++)
      await again.click('#fewer');
    await waitForText(again, 'layers', '0 hidden layers');
    assert.equal(await again.locator('.neuron').count(), 3);
  },

  async 'a wrong address is answered, and the page goes on'() {
    const page = await open('#data=cubes');
    await waitForText(page, 'code', 'what XOR makes of them');
    assert.match(await text(page, 'message'), /There is no data cubes/);
    await learn(page, 10);
  },

  async 'points are drawn by mouse and by keys, taken back and learned'() {
    const page = await open('#data=drawn');
    assert.ok(await page.locator('#invitation').isVisible());
    assert.ok(await page.locator('#train').isDisabled());
    const { x, y, width } = await page.locator('#plane').boundingBox();
    await page.mouse.move(x + 0.2 * width, y + 0.3 * width);
    await page.mouse.down();
    await page.mouse.move(x + 0.2 * width, y + 0.7 * width, { steps: 10 });
    await page.mouse.up();
    await waitForText(page, 'code', '[0, 0, 0');
    assert.ok(await page.locator('#invitation').isHidden());
    await page.check('input[name=brush][value="1"]');
    await page.focus('#plane');
    for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'Enter', 'ArrowRight', 'Space'])
      await page.keyboard.press(key);
    await waitForText(page, 'code', '1, 1, 1]');
    await page.click('#undo');
    await page.waitForFunction(() => !document.getElementById('code').textContent.includes('1, 1, 1]'));
    assert.match(await text(page, 'code'), /0, 0, 0, 1, 1\];/);
    await learn(page, 20);
    await shoot(page, 'drawn');
    await page.click('#clear');
    await page.locator('#invitation').waitFor();
  },

  async 'the keyboard is enough'() {
    const page = await open();
    const reached = new Set();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.name));
    }
    for (const stop of ['train', 'step', 'reset', 'data', 'activation', 'optimizer', 'rate', 'batch', 'speed', 'seed', 'more', 'head', 'neuron', 'copy'])
      assert.ok(reached.has(stop), `Tab does not reach ${stop}: ${[...reached].join(', ')}`);
    await page.focus('input[name=data]');
    await page.keyboard.press('ArrowRight');
    await waitForText(page, 'code', 'a disk, and a ring');
    await page.focus('#train');
    await page.keyboard.press('Enter');
    await waitForText(page, 'message', 'Learned', 30_000);
  },

  async 'the code can be copied'() {
    const page = await open('#data=moons', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.click('#copy');
    await waitForText(page, 'copy', 'Copied');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await text(page, 'code'));
  },

  async 'a phone shows everything without scrolling sideways, and takes fingers'() {
    const page = await open('#data=spirals&hidden=8,8,8,8', { viewport: phone, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
    await page.tap('#train');
    await page.waitForFunction(() => document.getElementById('epoch').textContent !== '0');
    const narrow = async () => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= phone.width, 'it scrolls sideways');
    await narrow();
    for (const id of ['train', 'plane', 'graph', 'curve', 'data', 'code']) {
      const box = await page.locator(`#${id}`).boundingBox();
      assert.ok(id === 'code' || (box.x >= 0 && box.x + box.width <= phone.width), `${id} reaches beyond the screen`);
    }
    await shoot(page, 'phone');
    await page.tap('text=Draw');
    await page.locator('#invitation').waitFor();
    await page.locator('#plane').scrollIntoViewIfNeeded();
    const { x, y, width } = await page.locator('#plane').boundingBox();
    await page.touchscreen.tap(x + width / 2, y + width / 2);
    await waitForText(page, 'code', 'float[] y = [0];');
    await narrow();
    await shoot(page, 'phone-drawn');
  },

  async 'the dark mode is dark'() {
    const luminance = page => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).reduce((sum, part) => sum + +part, 0) / 3);
    const light = await open(), dark = await open('#data=moons', { colorScheme: 'dark' });
    assert.ok(await luminance(light) > 200 && await luminance(dark) < 50);
    await learn(dark, spiralSeconds);
    await dark.waitForTimeout(200);
    const middle = page => page.locator('#scale').evaluate(canvas => canvas.getContext('2d').getImageData(128, 0, 1, 1).data[0]);
    assert.ok(await middle(light) > 200 && await middle(dark) < 50, 'the middle of the colours is the ground');
    await shoot(dark, 'dark');
    await dark.emulateMedia({ colorScheme: 'light' });
    await dark.waitForFunction(() => document.getElementById('scale').getContext('2d').getImageData(128, 0, 1, 1).data[0] > 200);
  },

  async 'the program that the page shows, run by dotnet, ends at the loss of the page'() {
    fs.mkdirSync(work, { recursive: true });
    fs.writeFileSync(path.join(work, 'listing.csproj'), `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally></PropertyGroup>
  <ItemGroup><ProjectReference Include="${path.join(__dirname, '../../src/MiniNet/MiniNet.csproj')}" /></ItemGroup>
</Project>`);
    for (const hash of ['#data=xor', '#data=spirals&hidden=8,6', '#data=moons&activation=GELU&optimizer=RmsProp&rate=0.003']) {
      const page = await open(hash);
      for (let epoch = 1; epoch <= 3; epoch++) {
        await page.click('#step');
        await waitForText(page, 'code', `epochs: ${epoch},`);
      }
      const shown = await text(page, 'loss');
      fs.writeFileSync(path.join(work, 'Program.cs'), await text(page, 'code'));
      const printed = execFileSync('dotnet', ['run', '-v', 'quiet', '--project', work], { encoding: 'utf8' });
      const loss = Number(printed.match(/epoch 3\/3 {2}loss ([\d.]+)/)[1]);
      console.log(`  ${hash}: ${shown} here, ${loss} there`);
      assert.ok(Math.abs(loss - Number(shown)) < 2e-4, printed);
    }
  },
};

(async () => {
  await new Promise(listening => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    problems.length = 0;
    let reason = null;
    try {
      await test();
    } catch (error) {
      reason = error;
    }
    if (problems.length > 0)
      reason ??= new Error(problems.join('\n'));
    console.log(`${reason ? 'FAILED' : 'passed'}  ${name}`);
    if (reason) {
      failed++;
      console.log(String(reason.stack ?? reason), problems.join('\n'));
    }
    for (const context of browser.contexts())
      await context.close();
  }
  await browser.close();
  server.close();
  console.log(failed === 0 ? 'The playground works.' : `${failed} of ${Object.keys(tests).length} failed.`);
  process.exitCode = failed === 0 ? 0 : 1;
})();
