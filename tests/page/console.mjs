// The web page of `accord serve`, on a service that is started for it: what each tab does. Needs what check.mjs needs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { violations } from './checks.mjs';
import { bundle, manyIssues } from './instances.mjs';
import { args, on, serve } from './service.mjs';
import { WAYS, example, rules, slow, start, verdict } from './ways.mjs';

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

test('validate: the verdict, places that lead to the text and back, reasons, slices that were tried', () =>
  open({}, async (page) => {
    await WAYS.validate(page);
    assert.equal(await verdict(page), 'Invalid');
    assert.ok((await rules(page)).includes('slice-min'));
    const marks = await page.$$eval('#panel-validate .layer mark', (all) => all.map((m) => m.textContent));
    assert.ok(marks.includes('"birthDate": "1987-02-30"') && marks.includes('"gender": "F"'), marks.join());
    await page.click('.issue .go:has-text("Patient.birthDate")');
    const selected = await page.evaluate(() =>
      document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd),
    );
    assert.equal(selected, '"birthDate": "1987-02-30"');
    assert.match(await page.textContent('.issue[aria-current=true] .says'), /not a valid date/);
    // Back from the text: the caret goes into another mark.
    await page.evaluate(() =>
      document.activeElement.setSelectionRange(
        document.activeElement.value.indexOf('"F"'),
        document.activeElement.value.indexOf('"F"'),
      ),
    );
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() =>
      /value set/.test(document.querySelector('.issue[aria-current=true] .says').textContent),
    );
    await page.click('.issue summary:has-text("slice-min")');
    const why = await page.textContent('.issue:has(summary:has-text("slice-min"))');
    for (const part of ['What to do', 'Demanded by', 'Slices tried', 'text, entry 0', 'us-core-race|'])
      assert.ok(why.includes(part), `${part} in ${why}`);
    // What is typed behind it makes the result an old one.
    await page.fill('#panel-validate textarea', '{}');
    assert.match(await page.textContent('#panel-validate .results'), /text has changed/);
  }));

test('validate: XML, NDJSON, what is open and what would decide it', () =>
  open({}, async (page) => {
    await example(page, 'validate', 3);
    await start(page, 'validate');
    const marks = await page.$$eval('#panel-validate .layer mark', (all) => all.map((m) => m.textContent));
    assert.ok(marks.includes('<effectiveDateTime value="2026-02-31"'), marks.join());
    await example(page, 'validate', 4);
    await start(page, 'validate');
    assert.match(await page.textContent('.verdict'), /3 lines: valid 1 undetermined 1 invalid 1/);
    assert.match(await page.textContent('.issue .where'), /Line 2/);
    await example(page, 'validate', 2);
    await start(page, 'validate');
    assert.equal(await verdict(page), 'Undetermined');
    assert.match(await page.textContent('.card.open ul'), /Load the package/);
    assert.equal(await page.textContent('.issue.open dt:nth-of-type(2)'), 'What would decide it');
    await example(page, 'validate', 1);
    await start(page, 'validate');
    assert.equal(await verdict(page), 'Valid');
  }));

test('validate: what is edited while it is judged gets no marks of the text before', () =>
  open({}, async (page) => {
    await page.route(/validate\?/, async (route) => {
      await page.fill('#panel-validate textarea', '{ "resourceType": "Patient", "active": true }');
      await route.continue();
    });
    await page.fill('#panel-validate textarea', '{"resourceType":"Patient","gender":"unsure"}');
    await start(page, 'validate');
    assert.match(await page.textContent('#panel-validate .results'), /Invalid.*text has changed/s);
    assert.equal(await page.locator('#panel-validate .layer mark').count(), 0);
    await page.unroute(/validate\?/);
    await start(page, 'validate');
    await page.waitForFunction(() => document.querySelector('#panel-validate .verdict h2').textContent === 'Valid');
    await page.selectOption('#panel-validate select:has(option[value="3.0"])', '3.0');
    assert.match(await page.textContent('#panel-validate .results'), /FHIR version have changed/);
  }));

test('validate: profiles are found by words, chosen, and kept in the address, which keeps no text', () =>
  open({}, async (page) => {
    await page.fill('#panel-validate textarea', '{"resourceType":"Patient","gender":"male"}');
    const guides = page.getByRole('combobox', { name: 'Add a guide' });
    await guides.fill('us core 6.1.0');
    await page.waitForSelector('[role=option]:visible:has-text("hl7.fhir.us.core#6.1.0")');
    await guides.press('ArrowDown');
    await guides.press('Enter');
    const box = page.getByRole('combobox', { name: 'Add a profile' });
    await box.fill('core patient');
    await page.waitForSelector('[role=option]:visible:has-text("us-core-patient|6.1.0")');
    await box.press('ArrowDown');
    await box.press('Enter');
    await start(page, 'validate');
    assert.equal(await verdict(page), 'Invalid');
    await box.fill('core');
    await page.waitForSelector('[role=option]:visible');
    assert.deepEqual(await violations(page), []);
    await box.press('Escape');
    assert.match(
      decodeURIComponent(page.url()),
      /#validate\?guide=hl7.fhir.us.core#6.1.0&profile=http:\/\/hl7.org\/fhir\/us\/core\/StructureDefinition\/us-core-patient\|6.1.0$/,
    );
    await page.reload();
    assert.match((await page.locator('.picked').allTextContents()).join(), /us.core#6.1.0.*us-core-patient\|6.1.0/);
    assert.equal(await page.inputValue('#panel-validate textarea'), '');
  }));

test('validate: chosen guides are the only ones; several profiles hold at once', () =>
  open({}, async (page) => {
    const us = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient';
    const ips = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Patient-uv-ips';
    const patient = { resourceType: 'Patient', meta: { profile: [us, ips] }, gender: 'male' };
    await page.fill('#panel-validate textarea', JSON.stringify(patient));
    await start(page, 'validate');
    assert.ok(!(await rules(page)).includes('profile-unknown'));
    const guides = page.getByRole('combobox', { name: 'Add a guide' });
    await guides.fill('us core 6.1.0');
    await guides.press('Enter');
    assert.match(await page.textContent('#panel-validate .stale'), /guides, the profiles or the FHIR version/);
    await page.click('.picked button:has-text("Remove")');
    await guides.fill('us core 6.1.0');
    await page.waitForSelector('[role=option]:visible:has-text("hl7.fhir.us.core#6.1.0")');
    await guides.press('ArrowDown');
    await guides.press('Enter');
    await start(page, 'validate');
    const why = await page.textContent('#panel-validate .results');
    assert.match(why, /what would decide it.*Load the package.*Patient-uv-ips/s);
    assert.match(why, /us-core-patient\|6\.1\.0/);
    delete patient.meta;
    await page.fill('#panel-validate textarea', JSON.stringify(patient));
    const profiles = page.getByRole('combobox', { name: 'Add a profile' });
    for (const url of ['http://hl7.org/fhir/StructureDefinition/Patient', us]) {
      await profiles.fill(url);
      await profiles.press('Enter');
    }
    await start(page, 'validate');
    assert.match(await page.textContent('#panel-validate .results'), /us-core-patient\|6\.1\.0/);
    assert.deepEqual(await violations(page), []);
  }));

test('validate: a line that is refused does not keep the others from being judged', () =>
  open({ allowed: (text) => /status of (422|503)/.test(text) }, async (page) => {
    let busy = 2;
    await page.route(/validate\?/, (route) => {
      const text = route.request().postData();
      const [status, headers] = text.includes('"busy"') && busy-- > 0 ? [503, { 'retry-after': '0.1' }] : [422, {}];
      if (!text.includes('"refused"') && status !== 503) return route.continue();
      const issue = [{ severity: 'error', code: 'processing', details: { text: 'it is `too odd`' } }];
      const body = JSON.stringify({ resourceType: 'OperationOutcome', issue });
      return route.fulfill({ status, headers, contentType: 'application/fhir+json', body });
    });
    const line = (id, more) => JSON.stringify({ resourceType: 'Patient', id, ...more });
    const lines = [line('a'), line('refused'), line('busy'), line('b', { active: 1 }), line('refused')];
    await page.fill('#panel-validate textarea', lines.join('\n'));
    await start(page, 'validate');
    assert.match(
      await page.textContent('.results .verdict'),
      /5 lines: valid 2 undetermined 0 invalid 1 not examined 2/,
    );
    assert.match(await page.textContent('.refused'), /Not examined: 2 lines.*Line 2.*too odd.*Line 5/s);
    await page.fill('#panel-validate textarea', `{"resourceType":\n${line('a')}\n`);
    await start(page, 'validate');
    assert.match(await page.textContent('.results .verdict'), /2 lines: valid 1 undetermined 0 invalid 1/);
    await page.fill('#panel-validate textarea', `${line('a')}\n${line('refused')}`);
    await start(page, 'validate');
    assert.equal(await verdict(page), 'Undetermined', 'what was not examined is not valid');
    assert.deepEqual(await violations(page), []);
  }));

test('validate: twelve megabytes on one line', slow, () =>
  open({}, async (page) => {
    await page.setInputFiles('#panel-validate input[type=file]', {
      name: 'bundle.json',
      mimeType: 'application/json',
      buffer: bundle(12_000),
    });
    await page.waitForSelector('.excerpt');
    await start(page, 'validate');
    await page.click('.issue .go:has-text("entry[30]")');
    assert.equal(await page.textContent('mark.chosen'), '"gender": "x30"');
    assert.ok((await page.evaluate(() => document.querySelector('.excerpt').textContent.length)) < 4000);
    assert.equal(await page.inputValue('#panel-validate textarea'), '');
    await page.click('mark >> nth=0');
    assert.match(await page.textContent('.issue[aria-current=true]'), /value set/);
  }),
);

test('validate: texts are dropped and pasted; what is no UTF-8 is refused', () =>
  open({}, async (page) => {
    const given = (type, text, name) =>
      page.evaluate(
        ([type, text, name]) => {
          const data = new DataTransfer();
          if (name) data.items.add(new File([text], name));
          else data.setData('text', text);
          const area = document.querySelector('#panel-validate textarea');
          area.dispatchEvent(
            type === 'drop'
              ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
              : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
          );
        },
        [type, text, name],
      );
    await given('drop', '{"resourceType":"Patient","gender":"male"}', 'patient.json');
    await page.waitForFunction(() => document.querySelector('#panel-validate textarea').value.includes('male'));
    await start(page, 'validate');
    assert.equal(await verdict(page), 'Valid');
    await page.click('#panel-validate button:has-text("Clear")');
    await given(
      'paste',
      JSON.stringify({ resourceType: 'Patient', name: [{ text: 'x'.repeat(300_000) }], gender: 'F' }),
    );
    await page.waitForSelector('.excerpt:visible');
    await start(page, 'validate');
    await page.click('.issue .go');
    assert.equal(await page.textContent('mark.chosen'), '"gender":"F"');
    await page.setInputFiles('#panel-validate input[type=file]', {
      name: 'latin.json',
      mimeType: 'application/json',
      buffer: Buffer.from([0x7b, 0xe9, 0x7d]),
    });
    await page.waitForSelector('.editor .fault:visible');
    assert.match(await page.textContent('#panel-validate .editor .fault'), /latin.json is not UTF-8/);
  }));

test('validate: ten thousand issues', slow, () =>
  open({}, async (page) => {
    await page.setInputFiles('#panel-validate input[type=file]', {
      name: 'many.ndjson',
      mimeType: 'application/x-ndjson',
      buffer: manyIssues(11),
    });
    await start(page, 'validate');
    assert.ok(Number((await page.textContent('.results > h3')).replace(/\D/g, '')) > 10_000);
    assert.equal(await page.$$eval('.issue', (all) => all.length), 50);
    await page.click('.pages button:has-text("Next")');
    assert.match(await page.textContent('.pages .place'), /Page 2 of 2\d\d/);
    await page.keyboard.press('F8');
    assert.equal(await page.$$eval('.issue.current', (all) => all.length), 1);
  }),
);

test('fhirpath: items with places, traces, the tree, steps; where an expression is wrong', () =>
  open({}, async (page) => {
    await WAYS.fhirpath(page);
    const told = await page.textContent('#panel-fhirpath .results');
    for (const part of ['2 items', 'Okafor', 'Traces', 'Syntax tree', 'Evaluation steps', 'string[]'])
      assert.ok(told.includes(part), part);
    await page.click('#panel-fhirpath .go:has-text("Patient.name[0].family")');
    assert.equal(
      await page.evaluate(() =>
        document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd),
      ),
      '"Okafor"',
    );
    await page.selectOption('#panel-fhirpath select[aria-label="Examples of expressions"]', '2');
    await start(page, 'fhirpath');
    assert.equal(await page.$$eval('#panel-fhirpath .results section', (all) => all.length), 2);
  }));

test('fhirpath: a slip of the pen is told with its place', () =>
  open({ allowed: (text) => text.includes('422') }, async (page) => {
    await page.click('#tab-fhirpath');
    await page.fill('#panel-fhirpath .expression', 'name.given.(');
    await start(page, 'fhirpath', '.fault');
    assert.match(await page.textContent('#panel-fhirpath .results .fault'), /cannot be answered \(422\).*column 12/s);
    assert.equal(await page.evaluate(() => document.activeElement.selectionStart), 11);
  }));

test('negotiate: one server, guides, several servers, the scopes to ask for', slow, () =>
  open({}, async (page) => {
    await page.click('#tab-negotiate');
    await page.click('text=Example: one server');
    await start(page, 'negotiate', '.verdict');
    assert.equal(await page.textContent('#panel-negotiate .verdict h2'), 'Degraded');
    assert.match(await page.textContent('#panel-negotiate .scope'), /launch\/patient .*patient\/Observation\.s/);
    await page.click('#panel-negotiate button:has-text("Copy")');
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      await page.textContent('#panel-negotiate .scope'),
    );
    await WAYS.negotiate(page);
    assert.match(await page.textContent('#panel-negotiate .results'), /One client, 2 servers.*Degraded.*Incompatible/s);
    assert.doesNotMatch(await page.textContent('#panel-negotiate .results .ask'), /not-needed/);
    await page.click('text=Example: one server');
    await page.selectOption('#panel-negotiate select[id^=kind] >> nth=0', 'guide');
    await page.selectOption(
      '#panel-negotiate select:has(option:text("hl7.fhir.ca.baseline#1.2.0")) >> nth=0',
      'ig:hl7.fhir.ca.baseline#1.2.0',
    );
    await page.selectOption('#panel-negotiate select[id^=kind] >> nth=1', 'guide');
    await page.selectOption(
      '#panel-negotiate .side:nth-of-type(1) select:has(option[value="ig:hl7.fhir.us.core#6.1.0"]):visible >> nth=1',
      'ig:hl7.fhir.us.core#6.1.0',
    );
    await start(page, 'negotiate', '.verdict');
  }),
);

test('negotiate: many servers from files, one request, what would unlock them', slow, () =>
  open({ hash: '#negotiate' }, async (page) => {
    const asked = [];
    page.on('request', (r) => r.url().includes('/negotiate') && asked.push(new URL(r.url()).pathname));
    const file = (name) => readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
    await page.locator('#panel-negotiate .side').first().locator('textarea').first().fill(file('client.json'));
    const server = JSON.parse(file('server.json'));
    const named = (title, change) => {
      const own = structuredClone({ ...server, title });
      change?.(own.rest[0]);
      return { name: `${title}.json`, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(own)) };
    };
    const without = (rest) => (rest.resource = rest.resource.filter((r) => r.type === 'Patient'));
    const files = [...Array(24)].map((_, i) => named(`Clinic ${i}`, i % 2 ? without : undefined));
    await page.setInputFiles('#panel-negotiate input[id^=files]', files);
    await page.waitForFunction(() => document.querySelectorAll('#panel-negotiate .side').length === 25);
    const latin = { name: 'latin.json', mimeType: 'application/json', buffer: Buffer.from([0x7b, 0xe9, 0x7d]) };
    await page.setInputFiles('#panel-negotiate input[id^=files]', [latin]);
    await page.waitForSelector('#panel-negotiate [role=status]:has-text("UTF-8 text: latin.json")');
    await start(page, 'negotiate', '.matrix');
    assert.deepEqual(asked, ['/negotiate/matrix']);
    const told = await page.textContent('#panel-negotiate .matrix');
    for (const part of ['One client, 24 servers', 'Clinic 23', 'Missing somewhere', 'not offered']) {
      assert.ok(told.includes(part), part);
    }
    await page.click('#panel-negotiate button[aria-label="Details of Clinic 1"]');
    await page.waitForSelector('.agreement');
    assert.deepEqual(asked, ['/negotiate/matrix', '/negotiate']);
    await page.locator('#panel-negotiate .side').nth(2).locator('textarea').first().fill('{"resourceType":"Patient"}');
    await start(page, 'negotiate', '.fault');
    assert.match(
      await page.textContent('#panel-negotiate .results .fault'),
      /Server 2: a CapabilityStatement is expected, and this is a Patient/,
    );
    await page.setInputFiles('#panel-negotiate .side >> nth=2 >> input[type=file] >> nth=0', files[1]);
    await page.waitForFunction(() => document.querySelectorAll('#panel-negotiate .editor textarea')[3].value.length > 99);
    await start(page, 'negotiate', '.matrix');
    await page.$$eval('#panel-negotiate .matrix details', (all) => all.forEach((d) => (d.open = true)));
    assert.deepEqual(await violations(page), []);
  }),
);

test('negotiate: parties that are kept', async () => {
  const keeping = await serve({ ACCORD_ADMIN_TOKEN: 'let-me-write' });
  try {
    for (const [id, file] of [
      ['app', 'client'],
      ['clinic', 'server'],
    ]) {
      const statement = JSON.parse(readFileSync(new URL(`../../examples/${file}.json`, import.meta.url)));
      const answer = await fetch(`${keeping.origin}/parties/${id}`, {
        method: 'PUT',
        headers: { authorization: 'Bearer let-me-write', 'content-type': 'application/json' },
        body: JSON.stringify({ statement }),
      });
      assert.equal(answer.status, 201, await answer.text());
    }
    await on(browser, keeping.origin, { allowed: (text) => text.includes('401'), hash: '#negotiate' }, async (page) => {
      for (const [at, id] of [
        [0, 'app'],
        [1, 'clinic'],
      ]) {
        await page.selectOption(`#panel-negotiate select[id^=kind] >> nth=${at}`, 'party');
        await page
          .locator('#panel-negotiate .side')
          .nth(at)
          .getByLabel(/: party$/)
          .selectOption(id);
      }
      await start(page, 'negotiate', '.fault');
      assert.match(await page.textContent('#panel-negotiate .results'), /requires a token \(401\)/);
      await page.click('text=Enter a token');
      await page.keyboard.insertText('let-me-write');
      await page.keyboard.press('Enter');
      await start(page, 'negotiate', '.verdict');
    });
  } finally {
    keeping.stop();
  }
});

test('negotiate: a CDS Hooks discovery document', () =>
  open({ hash: '#negotiate' }, async (page) => {
    const file = (name) => readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
    const statement = (at) => page.locator('#panel-negotiate .side').nth(at).locator('textarea').first();
    await statement(0).fill(file('cds-services.json'));
    await statement(1).fill(file('server.json'));
    await page.fill('#panel-negotiate .expression', 'patient/Patient.r');
    await start(page, 'negotiate', '.verdict');
    const told = await page.textContent('#panel-negotiate .results');
    for (const part of ['Incompatible', 'Prefetch templates', '_include=ServiceRequest:requester', 'type absent']) {
      assert.ok(told.includes(part), part);
    }
  }));

test('compare: a relation with its witness, changes, an address that leads to the same', slow, () =>
  open({}, async (page) => {
    await WAYS.compare(page);
    assert.match(await page.textContent('#panel-compare .results'), /Proof/);
    const address = page.url();
    assert.match(
      decodeURIComponent(address),
      /#compare\?question=satisfies&first=http.*us-core-patient\|6\.1\.0&second=http/,
    );
    await page
      .getByRole('combobox', { name: 'First' })
      .fill('http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab|6.1.0');
    await page.getByRole('combobox', { name: 'Second' }).fill('http://hl7.org/fhir/StructureDefinition/bp|4.0.1');
    await start(page, 'compare', 'article');
    assert.match(
      await page.textContent('#panel-compare .results'),
      /No, refuted.*Counterexample: valid against the first, invalid against the second/s,
    );
    await example(page, 'compare', 2);
    await start(page, 'compare', '.verdict');
    assert.match(await page.textContent('#panel-compare .results'), /Breaking for writers.*1 profile changed/s);
    await page.goto('about:blank');
    await page.goto(address);
    assert.match(await page.inputValue('#panel-compare input[role=combobox] >> nth=0'), /us-core-patient\|6.1.0/);
  }),
);
