// A service that is started for the tests, and a browser page that hears of all that must not happen.

import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const accord = process.env.ACCORD ?? join(root, 'target/debug/accord');

/** What Chromium is started with: nothing that asks elsewhere. */
export const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts `accord serve` on a free port of this machine; gives its address and what stops it. */
export async function serve(environment = {}) {
  const child = spawn(accord, ['serve', '--listen', '127.0.0.1:0'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  const origin = await new Promise((resolve, reject) => {
    const hear = (data) => {
      told += data;
      const address = /listening on (http:\/\/[\d.:]+)/.exec(told);
      if (address) resolve(address[1]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`accord serve ended with ${code}: ${told}`)));
  });
  for (let i = 0; i < 600; i++) {
    if ((await fetch(`${origin}/health/ready`)).ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin, stop: () => child.kill('SIGTERM') };
}

/** Opens the page; `doing` gets it. Fails where the page throws, complains, is refused by its policy, or asks elsewhere. */
export async function on(
  browser,
  origin,
  { viewport = { width: 1360, height: 900 }, scheme = 'light', hash = '', allowed = () => false, reducedMotion } = {},
  doing,
) {
  const context = await browser.newContext({
    viewport,
    colorScheme: scheme,
    reducedMotion,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const heard = [];
  const hear = (text) => allowed(text) || heard.push(text);
  page.on(
    'request',
    (r) => r.url().startsWith(`${origin}/`) || r.url().startsWith('data:') || hear(`asks elsewhere: ${r.url()}`),
  );
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && hear(`says ${m.text()}`));
  page.on('pageerror', (e) => hear(`throws ${e.message}`));
  page.on('dialog', (d) => (hear(`asks ${d.message()}`), d.dismiss()));
  try {
    await page.addInitScript(() => {
      globalThis.refusedByPolicy = [];
      addEventListener('securitypolicyviolation', (e) =>
        globalThis.refusedByPolicy.push(`${e.violatedDirective} ${e.blockedURI}`),
      );
    });
    await page.goto(`${origin}/${hash}`);
    await page.waitForFunction(() => document.querySelector('[role=tabpanel]:not([hidden]) .primary'));
    const given = await doing(page, heard);
    heard.push(...(await page.evaluate(() => globalThis.refusedByPolicy)).filter((text) => !allowed(text)));
    const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    if (stored.join() !== '0,0,') heard.push(`stores ${stored}`);
    if (heard.length) throw new Error(heard.join('\n'));
    return given;
  } finally {
    await context.close();
  }
}
