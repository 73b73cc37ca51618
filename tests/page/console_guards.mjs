// What must hold on every tab of the web page: axe-core, the keyboard, narrow windows, hostile instances, refusals, tokens,
// the policy, the size. Needs what check.mjs needs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { violations } from './checks.mjs';
import { hostile } from './instances.mjs';
import { args, on, serve } from './service.mjs';
import { WAYS, slow, start, validate, verdict } from './ways.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
let [browser, service] = [];

before(async () => {
  [browser, service] = await Promise.all([chromium.launch({ executablePath, args }), serve()]);
});
after(async () => {
  await browser?.close();
  service?.stop();
});
const open = (options, doing) => on(browser, service.origin, options, doing);
const narrow = { width: 320, height: 800 };

test('an instance that holds markup everywhere does nothing', () =>
  open({ allowed: (text) => /status of 4\d\d/.test(text) }, async (page) => {
    for (const text of hostile()) {
      await validate(page, text);
      await page.$$eval('#panel-validate details', (all) => all.forEach((d) => (d.open = true)));
    }
    await page.click('#tab-fhirpath');
    for (const expression of ["'<img src=x onerror=alert(1)>'", '<script>alert(1)</script>', 'descendants()']) {
      await page.fill('#panel-fhirpath .expression', expression);
      await page.fill('#panel-fhirpath .editor textarea', hostile()[0]);
      await start(page, 'fhirpath', '.card, .fault');
    }
    await page.click('#tab-negotiate');
    await page.click('text=Example: one server');
    const evil = '<img src=x onerror=alert(1)>';
    await page.fill(
      '#panel-negotiate .editor textarea >> nth=0',
      JSON.stringify({
        resourceType: 'CapabilityStatement',
        title: evil,
        name: evil,
        status: 'active',
        kind: 'requirements',
        fhirVersion: '4.0.1',
        format: ['json'],
        rest: [
          {
            mode: 'client',
            resource: [
              {
                type: evil,
                supportedProfile: [evil],
                interaction: [{ code: evil }],
                searchParam: [{ name: evil, type: evil }],
              },
            ],
          },
        ],
      }),
    );
    await start(page, 'negotiate', '.verdict, .fault');
    await page.click('#tab-compare');
    await page.getByRole('combobox', { name: 'First' }).fill(evil);
    await page.getByRole('combobox', { name: 'Second' }).fill(evil);
    await start(page, 'compare', '.fault');
    assert.equal(
      await page.evaluate(() => document.querySelectorAll('main img, main script, main iframe, main svg').length),
      0,
    );
  }));

for (const [name, way] of Object.entries(WAYS)) {
  test(`${name}: axe-core finds nothing, light, dark and narrow; nothing is too wide at 320`, slow, async () => {
    for (const options of [{}, { scheme: 'dark' }, { viewport: narrow, reducedMotion: 'reduce' }]) {
      await open({ ...options, hash: `#${name}` }, async (page) => {
        assert.deepEqual(await violations(page), []);
        await way(page);
        assert.deepEqual(await violations(page), [], JSON.stringify(options));
        assert.equal(
          await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth),
          true,
          JSON.stringify(options),
        );
        await page.click('#theme');
        await page.click('#theme');
        await page.waitForFunction(() => document.getAnimations().length === 0);
        assert.deepEqual(await violations(page), [], 'the other colours');
      });
    }
  });
}

test('the keyboard alone does it all, and shows where it is', () =>
  open({}, async (page) => {
    const to = async (what, key = 'Tab') => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press(key);
        const at = await page.evaluate(() => ({
          text:
            document.activeElement.id +
            ' ' +
            (document.activeElement.labels?.[0]?.textContent ??
              document.activeElement.getAttribute('aria-label') ??
              document.activeElement.textContent),
          is: document.activeElement.matches(':focus-visible'),
          seen: (() => {
            const b = document.activeElement.getBoundingClientRect();
            return b.bottom > 0 && b.top < innerHeight;
          })(),
        }));
        assert.ok(at.is && at.seen, `focus is not seen at ${at.text}`);
        if (what.test(at.text)) return;
      }
      assert.fail(`Tab does not reach ${what}`);
    };
    await to(/Skip to content/);
    await to(/tab-validate/);
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-fhirpath');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-validate');
    await to(/^field-\S+ Instance|Instance$/);
    if ((await page.evaluate(() => document.activeElement.tagName)) !== 'TEXTAREA') await to(/ Instance$/);
    await page.keyboard.insertText('{"resourceType":"Patient","gender":"F"}');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.verdict');
    await page.keyboard.press('F8');
    assert.equal(
      await page.evaluate(() =>
        document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd),
      ),
      '"gender":"F"',
    );
    await to(/show in the text/);
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TEXTAREA');
  }));

test('what the service refuses is told in words', () =>
  open({ allowed: (text) => /status of (413|503|415)|net::ERR/.test(text) }, async (page) => {
    const answered = async (status, headers, text) => {
      await page.route('**/$validate*', (route) =>
        route.fulfill({
          status,
          headers: { 'content-type': 'application/fhir+json', ...headers },
          body: JSON.stringify({
            resourceType: 'OperationOutcome',
            issue: [{ severity: 'error', code: 'x', details: { text } }],
          }),
        }),
      );
      await validate(page, '{}');
      await page.unroute('**/$validate*');
      return page.textContent('#panel-validate .results .fault');
    };
    assert.match(
      await answered(413, {}, 'the body exceeds the limit of 10 bytes'),
      /413.*exceeds the limit of 10 bytes/s,
    );
    assert.match(
      await answered(503, { 'retry-after': '5' }, 'too many requests are waiting'),
      /503.*Try again in 5 seconds/s,
    );
    await page.route('**/$validate*', (route) => route.fulfill({ status: 415, body: '<h1>no</h1>' }));
    await validate(page, '{}');
    assert.match(await page.textContent('#panel-validate .results .fault'), /415.*does not come from this service/s);
    await page.unroute('**/$validate*');
    await page.route('**/$validate*', (route) => route.abort());
    await validate(page, '{}');
    assert.match(await page.textContent('#panel-validate .results .fault'), /did not answer/);
    await page.unroute('**/$validate*');
    // What takes long can be given up.
    await page.route('**/$validate*', () => {});
    await page.click('#panel-validate .primary');
    await page.click('#panel-validate .busy button:has-text("Cancel")');
    await page.waitForSelector('#panel-validate .results:has-text("Cancelled")');
  }));

test('a token is asked for where one is needed, and used', async () => {
  const closed = await serve({ ACCORD_READ_TOKENS: 'let-me-read' });
  try {
    await on(browser, closed.origin, { allowed: (text) => text.includes('401') }, async (page) => {
      await validate(page, '{"resourceType":"Patient"}');
      assert.match(await page.textContent('#panel-validate .results .fault'), /requires a token \(401\)/);
      await page.click('text=Enter a token');
      await page.keyboard.insertText('let-me-read');
      await page.keyboard.press('Enter');
      await start(page, 'validate', '.verdict');
      assert.equal(await verdict(page), 'Valid');
      await page.getByRole('combobox', { name: 'Add a guide' }).fill('us core');
      await page.waitForSelector('[role=option]:visible:has-text("hl7.fhir.us.core#")');
      assert.ok(!page.url().includes('let-me-read'));
    });
  } finally {
    closed.stop();
  }
});

test('a real limit of the service is told', async () => {
  const small = await serve({ ACCORD_LIMIT_BODY_BYTES: '1000' });
  try {
    await on(browser, small.origin, { allowed: (text) => text.includes('413') }, async (page) => {
      await validate(page, JSON.stringify({ resourceType: 'Patient', name: [{ text: 'x'.repeat(2000) }] }));
      assert.match(
        await page.textContent('#panel-validate .results .fault'),
        /not examined \(413\).*exceeds the limit of 1000 bytes/s,
      );
    });
  } finally {
    small.stop();
  }
});

test('the page is small, and its own policy keeps the rest out', async () => {
  let bytes = 0;
  const names = ['', 'console/page.css', 'console/icon.svg'];
  for (const name of names) {
    const answer = await fetch(`${service.origin}/${name}`, { headers: { accept: 'text/html, */*' } });
    const text = await answer.text();
    names.push(
      ...[...text.matchAll(/from '\.\/([\w.]+)'|src="\/(console\/\w+\.js)"/g)]
        .map((m) => m[2] ?? `console/${m[1]}`)
        .filter((n) => !names.includes(n)),
    );
    bytes += gzipSync(text).length;
    assert.equal(answer.status, 200, name);
  }
  assert.doesNotMatch(await (await fetch(service.origin)).text(), /<script(?![^>]* src=)|<style| style=| on\w+=/);
  for (const name of names.filter((n) => n.endsWith('.js'))) {
    const text = await (await fetch(`${service.origin}/${name}`)).text();
    names.push(
      ...[...text.matchAll(/from '\.\/([\w.]+)'/g)].map((m) => `console/${m[1]}`).filter((n) => !names.includes(n)),
    );
    assert.doesNotMatch(
      text,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|localStorage|sessionStorage|indexedDB|eval\(/,
      name,
    );
  }
  assert.ok(names.length >= 15 && bytes <= 250_000, `${names.length} files, ${bytes} bytes`);
});

test('what must not happen is heard', async () => {
  const doing = [
    [
      'script',
      () => document.body.append(Object.assign(document.createElement('script'), { textContent: 'alert(1)' })),
    ],
    [
      'image',
      () => document.body.append(Object.assign(document.createElement('img'), { src: 'http://localhost:9/x.png' })),
    ],
    ['style', () => document.body.setAttribute('style', 'color: red')],
    ['storage', () => localStorage.setItem('x', 'y')],
    ['fault', () => console.error('x')],
  ];
  for (const [name, act] of doing) {
    const heard = on(browser, service.origin, {}, async (page) => {
      await page.evaluate(act);
      await page.waitForTimeout(100);
    });
    await assert.rejects(heard, `${name} is heard`);
  }
});
