// What a page must be, each as a list of faults: empty where there is none.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The width of an A4 page within its margins, in CSS pixels. */
export const A4 = Math.floor(((210 - 2 * 12) / 25.4) * 96);

/** What axe-core finds, with everything unfolded. */
export async function violations(page) {
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  return found.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) => `${v.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`));
}

/** What is wider than the page, or than its cell. */
export function overflow(page) {
  return page.evaluate(() => {
    const faults = [];
    const { scrollWidth, clientWidth } = document.scrollingElement;
    if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} wide in ${clientWidth}`);
    const name = (e) => `${e.tagName} ${e.textContent.trim().slice(0, 60)}`;
    const isSeen = (e) => !e.closest('thead') && !e.closest('.aside, .rows caption, .skip');
    for (const e of document.querySelectorAll('h1, h2, h3, h4, p, th, td, dt, dd, li, pre')) {
      if (isSeen(e) && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline') faults.push(`cut off: ${name(e)}`);
    }
    for (const e of document.querySelectorAll('td .chip, th bdi')) {
      const cell = e.closest('td, th').getBoundingClientRect();
      if (isSeen(e) && e.getBoundingClientRect().right > cell.right + 1) faults.push(`sticks out of its cell: ${name(e)}`);
    }
    return faults.slice(0, 10);
  });
}

/** What of the tables and of the folded parts cannot be seen. */
export function hidden(page, folded) {
  return page.evaluate((folded) => {
    const parts = document.querySelectorAll(folded ? 'tbody th, tbody td, details dl, details pre, details li' : 'tbody th, tbody td');
    const isSeen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
    return [...parts].filter((e) => !isSeen(e)).slice(0, 10).map((e) => `not shown: ${e.tagName} ${e.textContent.trim().slice(0, 60)}`);
  }, folded);
}

/** How many nodes of each role of tables assistive technology is told of. */
export async function tableRoles(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const roles = {};
  for (const { ignored, role } of nodes) {
    if (!ignored && /^(table|row|cell|columnheader|rowheader)$/.test(role?.value)) roles[role.value] = (roles[role.value] ?? 0) + 1;
  }
  return roles;
}

/** What the keyboard alone does not reach, does not open, or reaches without showing it. */
export async function keyboard(page) {
  const faults = [];
  const total = await page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], summary, input')];
    all.forEach((e, i) => (e.dataset.at = i));
    return all.length;
  });
  const reached = new Set();
  for (;;) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.at === undefined || reached.has(at.at)) break;
    reached.add(at.at);
    if (!at.isShown) faults.push(`focus cannot be seen: ${at.text}`);
    if (!at.isSummary) continue;
    await page.keyboard.press('Enter');
    if ((await focused(page)).isOpen === at.isOpen) faults.push(`does not open: ${at.text}`);
    if (at.isOpen) await page.keyboard.press('Enter');
  }
  if (reached.size !== total) faults.push(`Tab reaches ${reached.size} of ${total} links, boxes and folded parts`);
  return faults.slice(0, 10);
}

function focused(page) {
  return page.evaluate(() => {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return {
      at: e.dataset.at,
      text: e.textContent.trim().slice(0, 60),
      isShown: inView && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      isSummary: e.tagName === 'SUMMARY',
      isOpen: e.parentElement?.open === true,
    };
  });
}
