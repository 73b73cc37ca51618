// The pages that are looked at: made by the binary that $ACCORD names, from what lies in this repository.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'accord-page-'));
const accord = process.env.ACCORD ?? join(root, 'target/debug/accord');
const statements = 'tests/golden/statements';
const example = [
  '--client', 'examples/client.json', '--server', 'examples/server.json', '--smart', 'examples/smart-configuration.json',
  '--scope', 'launch/patient patient/Patient.rs patient/Observation.crs openid fhirUser',
];

/** Writes the page of a negotiation, or of a matrix; returns the file. */
function page(name, options, command = 'negotiate') {
  const html = execFileSync(accord, [command, ...options, '--format', 'html'], { cwd: root, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  const file = join(folder, `${name}.html`);
  writeFileSync(file, html);
  return file;
}

/** A client of so many types with search parameters. */
function large(types, parameters) {
  const resource = Array.from({ length: types }, (_, t) => ({
    type: `Type${t}`,
    interaction: [{ code: 'read' }],
    searchParam: Array.from({ length: parameters }, (_, p) => ({ name: `parameter-${p}`, type: 'token' })),
  }));
  const rest = [{ mode: 'client', resource }];
  const file = join(folder, 'large-client.json');
  const statement = { resourceType: 'CapabilityStatement', status: 'active', kind: 'requirements', fhirVersion: '4.0.1', format: ['json'], rest };
  writeFileSync(file, JSON.stringify(statement));
  return file;
}

/** The pages by name. */
export const reports = {
  example: page('example', example),
  guides: page('guides', ['--client', 'ig:hl7.fhir.ca.baseline#1.2.0', '--server', 'ig:hl7.fhir.us.core#6.1.0']),
  hooks: page('hooks', ['--client', 'examples/cds-services.json', '--server', 'examples/server.json', '--scope', 'patient/Patient.r']),
  matrix: page('matrix', ['--client', statements, 'tests/page/hostile-client.json', '--server', statements, 'examples/server.json'], 'matrix'),
  guidesMatrix: page('guides-matrix', ['--client', 'ig:hl7.fhir.ca.baseline#1.2.0', 'examples/client.json', '--server', 'ig:hl7.fhir.us.core#6.1.0', 'examples/server.json', 'tests/golden/statements/older-server.json'], 'matrix'),
  hostile: page('hostile', ['--client', 'tests/page/hostile-client.json', '--server', 'examples/server.json']),
};

/** The page of `accord validate` on these inputs, some of which are invalid, and one of which is not there. */
function validation() {
  const file = join(folder, 'validation.html');
  const hostile = join(folder, 'hostile.json');
  writeFileSync(hostile, JSON.stringify({ resourceType: 'Patient', birthDate: '<img src=x onerror=alert(1)>\u202e"', gender: `${'long'.repeat(200)}` }));
  const inputs = ['examples', 'tests/golden/instances', hostile, 'not-there.json'];
  spawnSync(accord, ['validate', ...inputs, '--level', 'information', '--quiet', '--output', file], { cwd: root, stdio: 'ignore' });
  return file;
}
export const instances = validation();

/** Takes away all that was written. */
export const clean = () => rmSync(folder, { recursive: true, force: true });

/** A page of more than ten thousand rows. */
export const tenThousand = page('large', ['--client', large(100, 100), '--server', 'examples/server.json']);
