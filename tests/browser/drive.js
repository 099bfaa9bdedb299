// drive.js CHROMIUM DIR: filters, sorting and keys of weekly.html; no dialog and no request anywhere.
const { chromium } = require('playwright-core');
const fs = require('fs');
const [, , executablePath, dir] = process.argv;
let bad = 0;
const want = (ok, what) => { if (!ok) { console.log('browser: ' + what); bad = 1; } };

(async () => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  for (const file of fs.readdirSync(dir).filter(f => f.endsWith('.html'))) {
    const page = await browser.newPage();
    page.on('console', m => want(false, file + ' console: ' + m.text()));
    page.on('pageerror', e => want(false, file + ' error: ' + e.message));
    page.on('dialog', d => { want(false, file + ' dialog'); d.dismiss(); });
    page.on('request', r => want(r.url().startsWith('file://' + dir), file + ' asks for ' + r.url()));
    await page.goto('file://' + dir + '/' + file);
    want(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), file + ' is too wide');
    if (file === 'weekly.html') {
      const shown = () => page.locator('section.incident:visible').count();
      const all = await shown();
      await page.selectOption('[name=incident]', { index: 1 });
      want(await shown() === 1, 'the incident filter leaves ' + await shown());
      await page.keyboard.press('Escape');
      await page.waitForTimeout(50);
      want(await shown() === all, 'Escape does not show all');
      await page.selectOption('[name=severity]', 'critical');
      want(await shown() >= 1 && await shown() < all, 'the severity filter leaves ' + await shown());
      await page.click('button[type=reset]');
      await page.selectOption('[name=host]', { index: 1 });
      want(await shown() >= 1 && await shown() < all, 'the host filter leaves ' + await shown());
      await page.click('button[type=reset]');
      const table = page.locator('table.sort', { has: page.locator('tr[data-incident]') }).first();
      const ranks = async () => (await table.locator('tbody tr td:first-child').allTextContents()).map(s => parseInt(s, 10));
      await table.locator('th button').first().click();
      await table.locator('th button').first().press('Enter');
      const r = await ranks();
      want(r.every((v, i) => i === 0 || r[i - 1] >= v), 'sorting down gives ' + r);
      await page.locator('a.ev').first().click();
      want(await page.evaluate(() => !!document.querySelector(':target')), 'an evidence mark leads nowhere');
    }
    await page.close();
  }
  await browser.close();
  process.exit(bad);
})();
