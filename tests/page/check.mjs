// Opens the pages of `accord negotiate`, `accord matrix` and `accord validate` (`--format html`) in a
// browser: axe-core, keyboard, requests, paper, narrow windows.
// Needs $ACCORD (the binary; default target/debug/accord) and $CHROMIUM (default /usr/bin/chromium). Each check is shown
// to fail on a page that was broken for it.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { A4, hidden, keyboard, overflow, tableRoles, violations } from './checks.mjs';
import { clean, instances, reports, tenThousand } from './reports.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const wide = { width: 1280, height: 900 };
const narrow = { width: 320, height: 800 };
const paper = { width: A4, height: 1000 };
let browser;

before(async () => (browser = await chromium.launch({ executablePath, args })));
after(async () => {
  await browser?.close();
  clean();
});

/** Opens a file and does something with the page; returns what that gives. */
async function on(file, { viewport = wide, scheme = 'light', media = 'screen', watch } = {}, doing) {
  const page = await browser.newPage({ viewport, colorScheme: scheme });
  try {
    watch?.(page);
    await page.emulateMedia({ media, colorScheme: scheme });
    await page.goto(pathToFileURL(file).href);
    return await doing(page);
  } finally {
    await page.close();
  }
}

/** What the page asks for, and what it complains of. */
async function noises(file) {
  const heard = [];
  const watch = (page) => {
    page.on('request', (r) => r.isNavigationRequest() || heard.push(`requests ${r.url()}`));
    page.on('console', (m) => heard.push(`says ${m.text()}`));
    page.on('pageerror', (e) => heard.push(`throws ${e.message}`));
    page.on('dialog', (d) => (heard.push(`asks ${d.message()}`), d.dismiss()));
  };
  await on(file, { watch }, (page) => page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true))));
  return heard;
}

const onPaper = { viewport: paper, media: 'print', scheme: 'dark' };

for (const [name, file] of Object.entries(reports)) {
  test(`${name}: axe-core finds nothing, light, dark, narrow and on paper`, async () => {
    assert.deepEqual(await on(file, {}, violations), []);
    assert.deepEqual(await on(file, { scheme: 'dark' }, violations), []);
    assert.deepEqual(await on(file, { viewport: narrow }, violations), []);
    assert.deepEqual(await on(file, onPaper, violations), []);
  });
  test(`${name}: the keyboard reaches and opens all`, async () => {
    assert.deepEqual(await on(file, {}, keyboard), []);
  });
  test(`${name}: nothing is loaded, nothing is complained of`, async () => {
    assert.deepEqual(await noises(file), []);
  });
  test(`${name}: nothing is cut off or lost, at any width`, async () => {
    for (const width of [1280, 1100, 1000, 700, 320]) {
      const viewport = { width, height: 800 };
      assert.deepEqual(await on(file, { viewport }, overflow), [], `at ${width}`);
      assert.deepEqual(await on(file, { viewport }, (page) => hidden(page, false)), [], `at ${width}`);
    }
    const roles = await on(file, {}, tableRoles);
    assert.ok(roles.table > 3 && roles.columnheader > 20 && roles.rowheader > 5, JSON.stringify(roles));
    assert.deepEqual(await on(file, { viewport: narrow }, tableRoles), roles);
  });
  test(`${name}: on A4 nothing is cut off, and folded parts are unfolded`, async () => {
    assert.deepEqual(await on(file, onPaper, overflow), []);
    assert.deepEqual(await on(file, onPaper, (page) => hidden(page, true)), []);
    const pdf = await on(file, {}, (page) => page.pdf({ format: 'A4' }));
    assert.ok(pdf.subarray(0, 5).toString() === '%PDF-' && pdf.length > 10_000, `${pdf.length} bytes`);
  });
}

test('validation: axe-core finds nothing, the keyboard reaches all, nothing is loaded or cut off', async () => {
  for (const options of [{}, { scheme: 'dark' }, { viewport: narrow }, onPaper]) {
    assert.deepEqual(await on(instances, options, violations), []);
    assert.deepEqual(await on(instances, options, overflow), []);
    assert.deepEqual(await on(instances, options, (page) => hidden(page, options === onPaper)), []);
  }
  assert.deepEqual(await on(instances, {}, keyboard), []);
  assert.deepEqual(await noises(instances), []);
});

test('validation: the boxes hide issues by severity, and the links lead somewhere', async () => {
  await on(instances, {}, async (page) => {
    const seen = (kind) => page.evaluate((k) => [...document.querySelectorAll(`.issue.${k}`)].filter((e) => e.offsetParent).length, kind);
    for (const kind of ['error', 'question', 'warning', 'note']) {
      assert.ok((await seen(kind)) > 0, kind);
      await page.uncheck(`#show-${kind}`);
      assert.equal(await seen(kind), 0, kind);
    }
    const lost = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].filter((a) => !document.getElementById(a.hash.slice(1))).length);
    assert.equal(lost, 0);
  });
});

test('ten thousand rows: shown, and nothing is too wide', async () => {
  const rows = await on(tenThousand, { viewport: narrow }, async (page) => {
    assert.deepEqual(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), true);
    return page.evaluate(() => document.querySelectorAll('.rows tbody tr').length);
  });
  assert.ok(rows >= 10_000, `${rows}`);
});

test('the skip link is first, and leads to the result', async () => {
  const at = await on(reports.example, {}, async (page) => {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await page.keyboard.press('Enter');
    return page.evaluate(() => document.activeElement.id);
  });
  assert.equal(at, 'main');
});

/** The example's page with one thing replaced. */
function broken(name, from, to) {
  const text = readFileSync(reports.example, 'utf8');
  assert.ok(from instanceof RegExp ? from.test(text) : text.includes(from), `${from} is on the page`);
  const file = reports.example.replace('example.html', `broken-${name}.html`);
  writeFileSync(file, text.replace(from, to));
  return file;
}

test('each check can fail', async () => {
  const finds = async (check, options, name, from, to) => {
    const faults = await on(broken(name, from, to), options, check);
    assert.notEqual(faults.length, 0, `${name} is found`);
  };
  const style = (css) => ['</style>', `${css}</style>`];
  await finds(violations, {}, 'language', ' lang="en"', '');
  await finds(violations, {}, 'contrast', ...style('.kind { color: #bbb }'));
  await finds(violations, { scheme: 'dark' }, 'contrast-dark', ...style('.kind { color: #444 }'));
  await finds(violations, onPaper, 'contrast-paper', ...style('@media print { .kind { color: #bbb } }'));
  await finds(keyboard, {}, 'unreachable', '<summary>', '<summary tabindex="-1">');
  await finds(keyboard, {}, 'no-focus', ...style('summary:focus-visible { outline: none }'));
  await finds(keyboard, {}, 'no-opening', '<details><summary>', '<div><summary tabindex="0">');
  await finds(overflow, onPaper, 'paper-too-wide', ...style('@media print { .rows { min-width: 900px } }'));
  await finds(overflow, onPaper, 'cell-cut', ...style('.rows tbody th bdi { white-space: nowrap; font-size: 40pt }'));
  await finds(overflow, { viewport: narrow }, 'too-wide', ...style('.stack { min-width: 400px }'));
  await finds((page) => hidden(page, false), { viewport: narrow }, 'lost', ...style('@media (max-width: 30rem) { .rows td:nth-child(4) { display: none } }'));
  await finds((page) => hidden(page, true), onPaper, 'folded', '::details-content', '::no-such-part');
  const policy = /<meta http-equiv[^>]*>/;
  const unguarded = readFileSync(reports.example, 'utf8').replace(policy, '');
  for (const [name, markup] of [
    ['request', '<img alt="" src="http://localhost:9/x.png">'],
    ['script', '<script>alert(1)</script>'],
    ['error', '<script>throw new Error("x")</script>'],
  ]) {
    const file = reports.example.replace('example.html', `broken-${name}.html`);
    writeFileSync(file, unguarded.replace('</main>', `${markup}</main>`));
    assert.notEqual((await noises(file)).length, 0, `${name} is heard`);
  }
  // The page's own policy stops what escaping would have let through.
  assert.match((await noises(broken('guarded', '</main>', '<script>alert(1)</script></main>'))).join(), /Content Security Policy/);
});
