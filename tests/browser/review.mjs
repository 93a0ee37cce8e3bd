// Drives the review app in a real Chromium. Usage: node review.mjs STEP URL CHROMIUM [ARGUMENT…]. Prints one JSON object.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [step, url, executablePath, ...rest] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

async function open(options) {
  const page = await (await browser.newContext(options)).newPage();
  page.found = [];
  page.on('pageerror', error => page.found.push(`error: ${error.message}`));
  page.on('console', message => { if (message.type() === 'error') page.found.push(`console: ${message.text()}`); });
  page.on('request', request => { if (request.isNavigationRequest()) page.wanted = request.url(); });
  page.on('dialog', dialog => { page.found.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  return page;
}

const rowOf = page => page.locator('#row').getAttribute('data-row');

// A refused decision says why, and does not leave the page.
async function press(page, key) {
  const left = page.waitForNavigation({ timeout: 60_000 });
  await page.keyboard.press(key);
  try {
    await left;
  } catch (error) {
    // The server was killed when it had kept the decision and not yet sent the next page: a person loads that again.
    if (error.message.includes('ERR_CONNECTION') || error.message.includes('ERR_EMPTY_RESPONSE')) return reload(page);
    throw new Error(`${key} at ${page.url()}: ${await page.locator('#said').textContent()} ${page.found.join('; ')} ${error.message}`);
  }
}

async function serve(program, run, port) {
  const child = spawn('dotnet', [program, 'review', run, '--port', port], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const text of child.stdout) {
    const found = /http:\/\/[^ ]+/.exec(text);
    if (found) return { process: child, url: found[0] };
  }
  throw new Error('the server said nothing');
}

async function twoReviewers(address, view, count, before) {
  const pages = [await open(), await open()];
  for (const [who, page] of pages.entries()) {
    await page.goto(address);
    await page.locator('#reviewer').fill(`reviewer ${who}`);
    await Promise.all([page.waitForNavigation(), page.locator('#reviewer').press('Enter')]);
    await page.goto(`${address}/rows?${view}`);
    // Each has claimed its first row before either decides: else both may be told of one row, and it is theirs to leave it.
    const claimed = page.waitForResponse(answer => answer.url().endsWith('/api/claims'));
    await page.locator('table.rows a').nth(who).click();
    await claimed;
  }
  const decided = [];
  await Promise.all(pages.map(async (page, who) => {
    for (let i = 0; i < count; i++) {
      // Not waited for: the other reviewer presses keys while a server starts anew.
      const told = before();
      decided.push({ row: await rowOf(page), who });
      await press(page, who === 0 ? 'a' : 'x');
      await told;
    }
  }));
  // A request to a server that was killed fails, and is sent again.
  const found = pages.flatMap(page => page.found).filter(text => !/ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to fetch/.test(text));
  return { decided, found };
}

async function reload(page) {
  for (let n = 1; ; n++) {
    try {
      return await page.goto(page.wanted);
    } catch (error) {
      if (n === 100) throw error;
      await page.waitForTimeout(300);
    }
  }
}

const steps = {
  // Through a list by keys alone: decide some rows of one check, overturn others, take one back.
  async walk(view, count) {
    const page = await open();
    await page.goto(`${url}/rows?${view}`);
    const listed = await page.locator('#count').textContent();
    await page.locator('table.rows a').first().click();
    const decided = [];
    const times = [];
    for (let i = 0; i < Number(count); i++) {
      const row = await rowOf(page);
      const ruling = i % 4 === 0 ? 'accept' : 'reject';
      if (ruling === 'reject') await page.keyboard.press('1');
      await press(page, ruling === 'accept' ? 'a' : 'x');
      // From the browser's request for the next row until it is shown whole.
      times.push(await page.evaluate(() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd));
      decided.push({ row, ruling });
    }
    // Back by k, and the last decision there is undone.
    await press(page, 'k');
    const undone = await rowOf(page);
    await press(page, 'u');
    return { listed, decided, times, undone, progress: await page.locator('#progress').textContent(), found: page.found };
  },

  // Two reviewers at once in one view, on a server that is killed at half of the decisions and started anew.
  async killed(program, run, view, count) {
    let server = await serve(program, run, '0');
    let decisions = 0;
    try {
      return await twoReviewers(server.url, view, Number(count), async () => {
        if (++decisions !== Number(count)) return;
        server.process.kill('SIGKILL');
        server = await serve(program, run, new URL(server.url).port);
      });
    } finally {
      server.process.kill('SIGKILL');
    }
  },

  // Changes a call's arguments, plays, and keeps the edit.
  async edit(row, tool, wrong, right) {
    const page = await open();
    await page.goto(`${url}/row/${row}`);
    await page.keyboard.press('e');
    await page.locator('#editor[open]').waitFor();
    const calls = page.locator('.edited-call');
    for (let i = 0; i < await calls.count(); i++) {
      const call = calls.nth(i);
      if (await call.locator('.name').inputValue() !== tool || await call.locator('.arguments').inputValue() !== wrong) continue;
      await call.locator('.arguments').fill(right);
    }
    await page.locator('#play').click();
    await page.locator('#played p').waitFor();
    const played = await page.locator('#played p').textContent();
    const verdicts = await page.locator('#played tbody th').allTextContents();
    const canSave = await page.locator('#save').isEnabled();
    if (canSave) await Promise.all([page.waitForNavigation(), page.locator('#save').click()]);
    return { played, verdicts, canSave, found: page.found };
  },

  // What a page shows of hostile text, and whether any of it ran.
  async hostile(row) {
    const page = await open();
    await page.goto(`${url}/row/${row}`);
    const words = await page.locator('.words').allTextContents();
    const whole = page.locator('details[data-whole]').first();
    let length = 0;
    if (await whole.count()) {
      await Promise.all([page.waitForResponse(answer => answer.url().includes('/api/message/')), whole.locator('summary').click()]);
      await page.waitForFunction(() => document.querySelector('details[data-whole] pre').textContent.length > 0);
      length = (await whole.locator('pre').textContent()).length;
    }
    return { length, messages: await page.locator('.message').count(), words, ran: await page.evaluate(() => window.ran ?? null), scripts: await page.locator('main script, main img').count(), found: page.found };
  },

  // Serious findings of axe-core on each page, narrow and dark, and wide and light; and whether a page is wider than the screen.
  async axe(...paths) {
    const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    const findings = [];
    for (const [width, colorScheme] of [[390, 'dark'], [1440, 'light']])
      for (const path of paths) {
        const page = await open({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
        await page.goto(url + path);
        await page.evaluate(source);
        const result = await page.evaluate(() => window.axe.run());
        for (const violation of result.violations.filter(v => v.impact === 'serious' || v.impact === 'critical'))
          findings.push(`${width} ${colorScheme} ${path}: ${violation.id} at ${violation.nodes[0].target}`);
        if (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth))
          findings.push(`${width} ${colorScheme} ${path}: wider than the screen`);
        findings.push(...page.found.map(f => `${width} ${colorScheme} ${path}: ${f}`));
        await page.context().close();
      }
    return { findings };
  },

  async shots(folder, ...paths) {
    for (const width of [390, 1440])
      for (const colorScheme of ['light', 'dark'])
        for (const [place, path] of paths.entries()) {
          const page = await open({ viewport: { width, height: 900 }, colorScheme });
          await page.goto(url + path);
          await page.screenshot({ path: `${folder}/${place}-${width}-${colorScheme}.png` });
          await page.context().close();
        }
    return {};
  },
};

try {
  console.log(JSON.stringify(await steps[step](...rest)));
} finally {
  await browser.close();
}
