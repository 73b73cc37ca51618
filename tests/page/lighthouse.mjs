// Lighthouse's accessibility score of each tab: run by hand, `npm run lighthouse`. Lighthouse is fetched for it, and is
// none of the packages that the tests need. Ends with 1 where a tab has a fault.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from './service.mjs';

const CHROME_PATH = process.env.CHROMIUM ?? '/usr/bin/chromium';
const folder = mkdtempSync(join(tmpdir(), 'accord-lighthouse-'));
const service = await serve();
try {
  for (const tab of ['validate', 'fhirpath', 'negotiate', 'compare']) {
    const file = join(folder, `${tab}.json`);
    execFileSync(
      'npx',
      [
        '--yes',
        'lighthouse@12.2.3',
        `${service.origin}/#${tab}`,
        '--quiet',
        '--only-categories=accessibility',
        '--output=json',
        `--output-path=${file}`,
        '--chrome-flags=--headless --no-sandbox --disable-gpu',
      ],
      { env: { ...process.env, CHROME_PATH, CI: 'true' }, stdio: 'inherit' },
    );
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const faults = Object.values(report.audits)
      .filter((a) => a.score !== null && a.score < 1)
      .map((a) => `${a.id}: ${a.title}`);
    console.log(`${tab}: ${report.categories.accessibility.score * 100}`, faults.join('; '));
    if (faults.length) process.exitCode = 1;
  }
} finally {
  service.stop();
  rmSync(folder, { recursive: true, force: true });
}
