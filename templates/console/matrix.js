// One client beside many servers: who has what, what all have, who lacks what, what would unlock most.

import { h, button, chip, count_of, folded, number, table } from './dom.js';
import { AGREEMENT, WORKS, inWords } from './words.js';

/** How many rows of each list are shown. */
const ROWS = 200;

/** A result of `POST /negotiate/matrix` for one client; `open(place)` shows the pair with a server. */
export function matrixView(matrix, open) {
  const [report] = matrix.reports;
  const names = matrix.servers.map((s) => s.name);
  const listed = (places) => places.map((place) => names[place]).join(', ');
  return h(
    'div',
    { class: 'matrix' },
    h('h2', { tabindex: '-1' }, `One client, ${count_of(names.length, 'server')}`),
    h(
      'p',
      {},
      `${matrix.clients[0].name} works with ${number(report.works.length)} of ${count_of(names.length, 'server')}`,
      report.works.length > 0 && `: ${listed(report.works)}`,
      '.',
    ),
    report.otherVersion.length > 0 &&
      h('p', { class: 'note' }, `Another FHIR version, left out below: ${listed(report.otherVersion)}.`),
    byType(matrix, names, open),
    changes(report, listed),
    lacking(report, listed),
    common(report),
  );
}

function cells(row, columns) {
  return h('tr', row === 'All' ? { class: 'total' } : {}, h('th', { scope: 'row' }, row), columns);
}

/** Types by servers, under the verdicts. */
function byType({ cells: all }, names, open) {
  const types = [...new Set(all.flatMap((cell) => cell.byType.map((t) => t.type)))];
  const verdict = (cell, place) =>
    h(
      'td',
      {},
      chip(AGREEMENT[cell.verdict][0], AGREEMENT[cell.verdict][1]),
      ' ',
      button('Details', () => open(place), { class: 'small', 'aria-label': `Details of ${names[place]}` }),
    );
  const works = (type) => (cell) => {
    const entry = cell.byType.find((t) => t.type === type);
    const [kind, words] = entry ? WORKS[entry.works] : [];
    return h('td', {}, entry ? chip(kind, words) : h('span', { class: 'note' }, 'not needed'));
  };
  return grid('Servers compared', ['Type', ...names], [
    cells('All', all.map(verdict)),
    types.slice(0, ROWS).map((type) => cells(type, all.map(works(type)))),
    cells(
      'Scopes to request',
      all.map((cell) => h('td', {}, cell.ask ? h('code', {}, cell.ask) : h('span', { class: 'note' }, 'none'))),
    ),
  ]);
}

function grid(caption, heads, rows) {
  return h(
    'div',
    { class: 'wide', tabindex: '0', role: 'group', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, rows),
    ),
  );
}

function changes({ changes: all }, listed) {
  if (all.length === 0) return null;
  const told = (change) => [
    change.without.length > 0 && `do without ${change.without.join(', ')}`,
    change.scope !== null && [change.without.length > 0 && '; ', 'request ', h('code', {}, change.scope)],
  ];
  return h(
    'div',
    { class: 'card' },
    h('h3', {}, 'What the client could change'),
    h(
      'ul',
      {},
      all
        .slice(0, ROWS)
        .map((change) => h('li', {}, told(change), ` – then it works with ${listed(change.unlocks)}, too`)),
    ),
    h('p', { class: 'note' }, 'Each change was made and negotiated again.'),
  );
}

function lacking({ lacking: all }, listed) {
  if (all.length === 0) return null;
  return folded(
    `Missing somewhere: ${number(all.length)}`,
    table(
      'What is missing where',
      ['Requirement', 'Strength', 'Missing at', 'Unknown at', 'Why'],
      all
        .slice(0, ROWS)
        .map((item) => [
          h('span', { class: 'data' }, item.part),
          item.weighs ?? '',
          listed(item.lacking),
          listed(item.unknown),
          item.why.map(inWords).join(', '),
        ]),
    ),
    all.length > ROWS && h('p', { class: 'note' }, `The first ${ROWS} of ${number(all.length)} are shown.`),
  );
}

function common({ common: all }) {
  if (all.length === 0) return null;
  return folded(
    'What every server has',
    table(
      'What every server has',
      ['Type', 'Requirements'],
      all.slice(0, ROWS).map((item) => [item.type ?? 'whole system', item.parts.join(', ')]),
    ),
  );
}

/** The verdicts of pairs that were negotiated one by one; `open(place)` shows one. */
export function pairsView(answers, names, open) {
  const types = [...new Set(answers.flatMap((a) => a.resources.map((r) => r.type)))];
  const verdict = (answer, place) =>
    h(
      'td',
      {},
      chip(AGREEMENT[answer.verdict][0], AGREEMENT[answer.verdict][1]),
      ' ',
      button('Details', () => open(place), { class: 'small', 'aria-label': `Details of ${names[place]}` }),
    );
  const of = (type) => (answer) => {
    const entry = answer.resources.find((r) => r.type === type);
    const [kind, words] = entry ? AGREEMENT[entry.verdict] : [];
    return h('td', {}, entry ? chip(kind, words.toLowerCase()) : h('span', { class: 'note' }, 'not needed'));
  };
  return h(
    'div',
    {},
    h('h2', { tabindex: '-1' }, `One client, ${count_of(names.length, 'server')}`),
    grid('Servers compared', ['Type', ...names], [
      cells('All', answers.map(verdict)),
      types.slice(0, ROWS).map((type) => cells(type, answers.map(of(type)))),
    ]),
  );
}
