// The SARIF of `accord validate` against the whole schema of SARIF 2.1.0, as the library for tests that Microsoft
// publishes carries it. Needs $ACCORD (the binary; default target/debug/accord).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const Ajv = require('ajv');
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const accord = process.env.ACCORD ?? join(root, 'target/debug/accord');
const folder = mkdtempSync(join(tmpdir(), 'accord-sarif-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const ajv = new Ajv({ schemaId: 'auto', meta: false, allErrors: true, logger: false });
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'));
ajv._opts.defaultMeta = 'http://json-schema.org/draft-04/schema';
const valid = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));

const write = (name, text) => (writeFileSync(join(folder, name), text), name);
write('bad.json', readFileSync(join(root, 'examples/us-core-patient-invalid.json')));
write('open.json', '{"resourceType":"Patient","meta":{"profile":["http://clinic.example/unheard-of"]}}');
write('many.ndjson', '{"resourceType":"Patient","active":1}\n{"resourceType":"Patient"}\n{"resourceType":\n');
write('cut.json', '{"resourceType":"Patient","name":[{"use":"{0} [x](javascript:1) \\u0000');
write('a#b%20 ü.json', '{"resourceType":"Patient","contact":[{"gender":"male"}]}');
write('rules.toml', '[[suppressions]]\nrule = "invariant"\nreason = "known {x}"\n[levels]\nelement-min = "information"\n');

for (const [name, args] of Object.entries({
  'issues of an instance': ['bad.json'],
  'an open question': ['open.json'],
  'lines of NDJSON': ['many.ndjson', '--level', 'information'],
  'a text that is cut off': ['cut.json'],
  'a name that is no URI, and suppressions': ['a#b%20 ü.json', 'bad.json', '--config', 'rules.toml'],
  'standard input, and a file that is not there': ['-', 'nobody.json'],
  'nothing to tell': ['--quiet', 'a#b%20 ü.json', '--config', 'rules.toml'],
})) {
  test(`SARIF: ${name}`, () => {
    const config = args.includes('--config') ? [] : ['--no-config'];
    const input = '{"resourceType":"Patient","gender":"x"}';
    const run = spawnSync(accord, ['validate', ...args, ...config, '--format', 'sarif'], { cwd: folder, input });
    const log = JSON.parse(run.stdout);
    assert.ok(valid(log), JSON.stringify(valid.errors, null, 1));
    for (const result of log.runs[0].results) {
      // Section 3.27.10: only what failed has a level.
      assert.equal(result.kind === 'fail', result.level !== 'none', JSON.stringify(result));
    }
    if (name === 'an open question') assert.deepEqual(log.runs[0].results.map((r) => r.kind), ['open']);
    const wrong = structuredClone(log);
    wrong.runs[0].tool.driver.rules = 1;
    assert.ok(!valid(wrong), 'the schema refuses something');
  });
}
