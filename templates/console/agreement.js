// What a negotiation gave: verdict, counts, the scopes to ask for, type by type, witnesses.

import { h, chip, code, copier, count_of, fill, folded, number, paged, short, table, ticked } from './dom.js';
import { rules } from './service.js';
import { AGREEMENT, USABLE, inWords } from './words.js';

/** The lists of items of a type, and how an item is named. */
const LISTS = [
  ['interactions', 'Interaction', (i) => i.code],
  ['profiles', 'Profile', (i) => `${short(i.required)} (${i.direction})`],
  ['searchParams', 'Search parameter', (i) => i.name],
  ['combinations', 'Combination', (i) => [...i.required, ...(i.optional ?? []).map((o) => `(${o})`)].join(' + ')],
  ['includes', 'Include', (i) => `${i.reverse ? '_revinclude' : '_include'}=${i.code}`],
  ['operations', 'Operation', (i) => i.name],
  ['flags', 'Feature', (i) => `${i.name}: ${i.value}`],
];
/** How many types are shown at a time, and rows of a type. */
const [TYPES, ROWS] = [25, 500];

export function agreementView(answer, name) {
  const [kind, verdict, meaning] = AGREEMENT[answer.verdict];
  const { summary } = answer;
  const used = new Set();
  const why = (codes) =>
    [codes ?? []].flat().map((c, i) => (used.add(c), [i > 0 && ', ', h('span', { 'data-reason': c }, inWords(c))]));
  const glossary = h('div', {});
  const view = h(
    'div',
    { class: 'agreement' },
    h(
      'div',
      { class: `card verdict ${kind}` },
      h('h2', { tabindex: '-1' }, verdict),
      h('p', {}, meaning),
      h(
        'p',
        {},
        `${answer.parties.client.title ?? 'The client'} and ${name}. The server supports ${number(summary.types.server)} of the client’s ${count_of(summary.types.client, 'resource type')}.`,
      ),
      strengths(answer.counts),
      (answer.why ?? []).length > 0 && h('p', {}, why(answer.why)),
    ),
    askView(answer, why),
    h('h3', {}, 'Resource types'),
    typeTable(answer, why),
    paged(answer.resources, TYPES, 'types', (type) => h('li', {}, typeView(type, why))).element,
    system(answer.system, why),
    scopesView(answer, why),
    hooksView(answer.hooks ?? [], why),
    issuesView(answer.issues ?? []),
    folded('Full result as JSON', code(JSON.stringify(answer, null, 2), 100_000)),
    glossary,
  );
  (answer.issues ?? []).forEach((i) => used.add(i.rule));
  rules().then(
    (all) => {
      const known = [...used].filter((c) => all.has(c)).sort();
      // Where there is room for it, the reason is told in full.
      for (const e of view.querySelectorAll('.ask [data-reason]'))
        if (all.has(e.dataset.reason)) fill(e, ticked(all.get(e.dataset.reason).meaning));
      for (const e of view.querySelectorAll('[data-reason]')) if (all.has(e.dataset.reason)) e.title = all.get(e.dataset.reason).meaning;
      if (known.length)
        fill(
          glossary,
          folded(
            'What the reasons mean',
            h(
              'dl',
              {},
              known.map((c) => [
                h('dt', {}, inWords(c), ' ', h('code', {}, c)),
                h(
                  'dd',
                  {},
                  ticked(all.get(c).meaning),
                  all.get(c).help && h('span', { class: 'note' }, ' ', ticked(all.get(c).help)),
                ),
              ]),
            ),
          ),
        );
    },
    () => {},
  );
  return view;
}

/** How many items of each strength work. */
function strengths(counts) {
  const chips = ({ ok, failed, unknown }) => [
    chip('ok', `${number(ok)} ok`),
    failed > 0 && [' ', chip('error', `${number(failed)} failed`)],
    unknown > 0 && [' ', chip('open', `${number(unknown)} unknown`)],
  ];
  const used = Object.entries(counts ?? {}).filter(([, c]) => c.ok + c.failed + c.unknown > 0);
  return h(
    'dl',
    {},
    used.map(([strength, c]) => [h('dt', {}, strength), h('dd', {}, chips(c))]),
  );
}

function askView({ ask }, why) {
  if (!ask) return null;
  const more = (title, all) =>
    all?.length > 0 && [
      h('dt', {}, title),
      h(
        'dd',
        {},
        all.map((i) =>
          h(
            'div',
            {},
            h('code', {}, i.token ?? i.item ?? JSON.stringify(i)),
            ' ',
            h('span', { class: 'note' }, why(i.why)),
          ),
        ),
      ),
    ];
  return h(
    'div',
    { class: 'card ask' },
    h('h3', {}, 'Scopes to request'),
    h(
      'div',
      { class: 'row' },
      h('code', { class: 'scope' }, ask.scope || '(none)'),
      ask.scope && copier(() => ask.scope, 'the scopes'),
    ),
    h('dl', {}, more('Missing from the request', ask.missing), more('Requested but not needed', ask.beyond)),
  );
}

/** Types by what is negotiated: how many of the rows work. */
function typeTable({ resources }, why) {
  const shown = resources.slice(0, ROWS);
  const cell = (rows) => (rows?.length ? share(rows) : h('span', { class: 'note' }, '–'));
  const share = (rows) => {
    const ok = rows.filter((r) => r.usable === 'yes' || r.usable === 'likely').length;
    const failed = rows.some((r) => r.usable === 'no');
    return chip(failed ? (ok ? 'warning' : 'error') : ok === rows.length ? 'ok' : 'open', `${ok} of ${rows.length}`);
  };
  return [
    table(
      'Usable items by resource type',
      ['Type', 'Verdict', ...LISTS.slice(0, 3).map(([, n]) => `${n}s`), 'Other', 'Why'],
      shown.map((t) => [
        t.type,
        chip(AGREEMENT[t.verdict][0], AGREEMENT[t.verdict][1].toLowerCase()),
        ...LISTS.slice(0, 3).map(([key]) => cell(t[key])),
        cell(LISTS.slice(3).flatMap(([key]) => t[key] ?? [])),
        why(t.why),
      ]),
    ),
    resources.length > ROWS && h('p', { class: 'note' }, `The first ${ROWS} of ${resources.length} are shown.`),
  ];
}

const rowsOf = (entry, why, lists) =>
  lists.flatMap(([key, kind, name]) =>
    (entry[key] ?? []).map((i) => [
      h('span', { class: 'data' }, name(i) ?? ''),
      kind,
      i.weighs ?? '',
      word(i.server),
      word(i.scope),
      word(i.usable),
      why(i.why),
    ]),
  );
const word = (value) => (value ? chip(USABLE[value] ?? 'information', value) : h('span', { class: 'note' }, '–'));
const HEADS = ['Item', 'Kind', 'Strength', 'Server', 'Scopes', 'Usable', 'Why'];

function typeView(type, why) {
  const rows = rowsOf(type, why, LISTS);
  return folded(
    [type.type, ' ', chip(AGREEMENT[type.verdict][0], AGREEMENT[type.verdict][1].toLowerCase())],
    table(`${type.type} items`, HEADS, rows.slice(0, ROWS)),
    rows.length > ROWS && h('p', { class: 'note' }, `The first ${ROWS} of ${rows.length} are shown.`),
    (type.profiles ?? []).filter((p) => p.witness || p.openCount || p.evidence?.length).map((p) => profileView(p)),
  );
}

function profileView(profile) {
  const open = (profile.evidence ?? []).flatMap((e) => e.open ?? []);
  return folded(
    ['Profile ', h('code', {}, short(profile.required)), ` (${profile.direction}): ${profile.status ?? 'unknown'}`],
    h(
      'dl',
      {},
      h('dt', {}, 'Required'),
      h('dd', {}, h('code', {}, profile.required)),
      profile.satisfiedBy && [h('dt', {}, 'Satisfied by'), h('dd', {}, h('code', {}, profile.satisfiedBy))],
      (profile.evidence ?? []).map((e) => [
        h('dt', {}, 'Evidence'),
        h(
          'dd',
          {},
          h('code', {}, e.rule),
          e.validity && ` validity ${e.validity}`,
          e.coverage && `, coverage ${e.coverage}`,
        ),
      ]),
      open.length > 0 && [
        h('dt', {}, 'Not proven'),
        h(
          'dd',
          {},
          open
            .slice(0, ROWS)
            .map((o) =>
              h(
                'div',
                {},
                typeof o === 'string' ? ticked(o) : h('code', {}, [o.kind, o.path, o.what].filter(Boolean).join(' ')),
              ),
            ),
        ),
      ],
      profile.bridge?.length > 0 && [
        h('dt', {}, 'The data would also have to meet'),
        h(
          'dd',
          {},
          h(
            'ul',
            {},
            profile.bridge
              .slice(0, ROWS)
              .map((b) => h('li', {}, typeof b === 'string' ? ticked(b) : h('code', {}, JSON.stringify(b)))),
          ),
        ),
      ],
    ),
    profile.witness && [
      h('p', {}, 'Counterexample: an instance of one profile that is invalid against the other.'),
      code(JSON.stringify(profile.witness, null, 2)),
    ],
  );
}

function system(entry, why) {
  const rows = entry ? rowsOf(entry, why, LISTS) : [];
  return rows.length > 0 && folded('System level', table('System items', HEADS, rows.slice(0, ROWS)));
}

function scopesView({ scopes, unusedGrants }, why) {
  if (!scopes?.length) return null;
  const kind = {
    granted: 'ok',
    downscoped: 'warning',
    upgraded: 'information',
    dropped: 'error',
    rejected: 'error',
    unknown: 'open',
  };
  return folded(
    `Scopes: ${number(scopes.length)}`,
    table(
      'Outcome of each scope',
      ['Requested', 'Outcome', 'Granted', 'Minimum', 'Why'],
      scopes
        .slice(0, ROWS)
        .map((s) => [
          h('code', {}, s.requested),
          chip(kind[s.outcome] ?? 'open', s.outcome),
          (s.predicted ?? []).map((p) => h('code', { class: 'block' }, p)),
          h('code', {}, s.minimal ?? ''),
          why(s.why),
        ]),
    ),
    unusedGrants?.length > 0 &&
      h(
        'p',
        { class: 'note' },
        'Granted but not needed: ',
        unusedGrants.map((g) => [h('code', {}, g), ' ']),
      ),
  );
}

/** The prefetch templates of a CDS Hooks discovery document. */
function hooksView(hooks, why) {
  if (hooks.length === 0) return null;
  const rows = hooks
    .slice(0, ROWS)
    .map((k) => [
      `${k.service} (${k.hook})`,
      h('code', {}, k.prefetch),
      h('code', {}, k.query),
      word(k.usable),
      [why(k.why), k.note ?? ''],
    ]);
  return folded(
    `Prefetch templates: ${number(hooks.length)}`,
    table('Prefetch templates', ['Service', 'Key', 'Query', 'Usable', 'Why'], rows),
  );
}

function issuesView(issues) {
  return (
    issues.length > 0 &&
    folded(
      `Remarks: ${number(issues.length)}`,
      h(
        'ul',
        { class: 'plain' },
        issues
          .slice(0, ROWS)
          .map((i) =>
            h(
              'li',
              { class: `issue ${i.severity}` },
              h('p', { class: 'says' }, chip(i.severity, i.party ?? i.severity), ' ', ticked(i.text)),
              i.path && h('code', {}, i.path),
              h('p', { class: 'note' }, h('code', {}, i.rule)),
            ),
          ),
      ),
    )
  );
}
