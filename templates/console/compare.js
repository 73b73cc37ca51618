// The tab that sets profiles, or versions of guides, beside each other.

import {
  h,
  fill,
  button,
  chip,
  code,
  count_of,
  field,
  folded,
  number,
  paged,
  say,
  select,
  short,
  table,
  tick,
} from './dom.js';
import { combobox, packages, profiles } from './picker.js';
import { faultView, isCancelled, once, post, runner } from './service.js';
import { LEVEL, VALIDITY } from './words.js';
import { PAIRS } from './samples.js';

const names = async () => (await once('/packages')).packages.map((p) => `${p.id}#${p.version}`);
const QUESTIONS = [
  ['satisfies', 'Is every instance of the first profile valid against the second?'],
  ['diff', 'What has changed between the first and the second?'],
];
/** How many rows of a list are shown. */
const MOST = 200;

export function compareTab(panel, state) {
  const question = select(QUESTIONS, { on: { change: keep } });
  const suggest = profiles(undefined, async (text) => (text ? (await packages(names)(text)).slice(0, 8) : []));
  const side = (label, key) => {
    const box = combobox({ label, placeholder: 'a profile, or ID#VERSION of a package', suggest, chosen: keep });
    box.set(state.one(key));
    box.input.addEventListener('change', keep);
    return box;
  };
  const [left, right] = [side('First', 'first'), side('Second', 'second')];
  const both = tick('Check the other direction too', true);
  const explain = tick('Show the proof');
  const examples = select([['', 'Examples …'], ...PAIRS.map(([name], i) => [i, name])], {
    'aria-label': 'Examples of comparisons',
    on: { change: example },
  });
  const options = h('div', { class: 'row' }, both.element, explain.element);
  const results = h('div', { class: 'results', role: 'region', 'aria-label': 'Result' });
  const work = runner('Compare', run);
  question.value = state.one('question') || 'satisfies';

  function keep() {
    options.hidden = question.value !== 'satisfies';
    state.keep('question', question.value);
    state.keep('first', left.get());
    state.keep('second', right.get());
  }

  function example() {
    if (examples.value === '') return;
    const [, asked, a, b] = PAIRS[examples.value];
    question.value = asked;
    left.set(a);
    right.set(b);
    examples.value = '';
    keep();
  }

  async function run({ signal, progress }) {
    const missing = [left, right].find((s) => !s.get());
    if (missing) {
      fill(results, h('p', { class: 'fault', role: 'alert' }, 'Enter two profiles or packages, or choose an example.'));
      return missing.input.focus();
    }
    keep();
    progress(null, 'working');
    try {
      if (question.value === 'diff')
        showChanges(await post('/diff', { old: left.get(), new: right.get() }, { signal }));
      else
        showRelation(
          await post(
            '/satisfies',
            { left: left.get(), right: right.get(), both: both.input.checked, explain: explain.input.checked },
            { signal },
          ),
        );
    } catch (error) {
      fill(results, isCancelled(error) ? h('p', { class: 'note', role: 'status' }, 'Cancelled.') : faultView(error));
    }
  }

  function showRelation({ pairs }) {
    if (pairs.length === 0)
      return fill(
        results,
        h(
          'p',
          { class: 'fault', role: 'alert' },
          'There is nothing to compare: the two sides have no resource type in common.',
        ),
      );
    const counts = Object.entries(VALIDITY)
      .map(([key, [kind, name]]) => [kind, name, pairs.filter((p) => p.validity === key).length])
      .filter(([, , n]) => n);
    const list = paged(pairs, 20, 'pairs', (pair) => h('li', {}, pairView(pair, pairs.length <= 2)));
    fill(
      results,
      pairs.length <= 2 && h('h2', { class: 'aside' }, 'Result'),
      pairs.length > 2 &&
        h(
          'div',
          { class: 'card' },
          h('h2', {}, count_of(pairs.length, 'pair')),
          counts.map(([kind, name, n]) => [chip(kind, `${name}: ${number(n)}`), ' ']),
        ),
      list.element,
    );
    say(pairs.length === 1 ? VALIDITY[pairs[0].validity][1] : `${pairs.length} pairs compared`);
  }

  function showChanges(found) {
    const levels = Object.entries(found.counts)
      .filter(([, n]) => n)
      .map(([level, n]) => [chip(LEVEL[level]?.[0] ?? 'ok', `${LEVEL[level]?.[1] ?? level}: ${number(n)}`), ' ']);
    const worst = LEVEL[found.worst];
    const names = (title, all) =>
      all?.length > 0 &&
      folded(
        `${title}: ${number(all.length)}`,
        h(
          'ul',
          {},
          all.slice(0, MOST).map((n) => h('li', {}, h('code', {}, n))),
        ),
        all.length > MOST && h('p', { class: 'note' }, `The first ${MOST} are shown.`),
      );
    fill(
      results,
      h(
        'div',
        { class: `card verdict ${worst?.[0] ?? 'ok'}` },
        h('h2', {}, worst ? worst[1][0].toUpperCase() + worst[1].slice(1) : 'No breaking changes'),
        worst && h('p', {}, worst[2]),
        h('p', {}, levels),
        h(
          'p',
          { class: 'note' },
          `${count_of(found.profiles.length, 'profile')} changed, ${number(found.unchanged)} unchanged.`,
        ),
      ),
      names('Added', found.added),
      names('Removed', found.removed),
      paged(found.profiles, 20, 'profiles', (p) => h('li', {}, changedView(p))).element,
    );
    say(`${count_of(found.profiles.length, 'profile')} changed`);
  }

  fill(
    results,
    h(
      'div',
      { class: 'card hint' },
      h('h2', {}, 'Compare profiles or versions'),
      h(
        'p',
        {},
        'Find out whether every instance of one profile is valid against another, with a proof or a counterexample, or what has changed between two versions and whom it breaks.',
      ),
    ),
  );
  fill(
    panel,
    h(
      'div',
      { class: 'one' },
      h('div', { class: 'row' }, examples),
      field('Question', question),
      h('div', { class: 'grid even' }, left.element, right.element),
      h(
        'div',
        { class: 'row' },
        button(
          'Swap',
          () => {
            const a = left.get();
            left.set(right.get());
            right.set(a);
            keep();
          },
          { class: 'small' },
        ),
      ),
      options,
      work.element,
      results,
    ),
  );
  options.hidden = question.value !== 'satisfies';
}

function witnessView(witness, title, isOpen = false) {
  if (!witness) return null;
  const view = folded(
    title,
    table(
      'Issues against the second profile',
      ['Rule', 'Path', 'Element'],
      witness.issues
        .slice(0, MOST)
        .map((i) => [h('code', {}, i.rule), h('code', {}, i.path || '(itself)'), h('code', {}, i.element)]),
    ),
    code(JSON.stringify(witness.instance, null, 2)),
  );
  view.open = isOpen;
  return view;
}

function pairView(pair, isOpen) {
  const [kind, name, meaning] = VALIDITY[pair.validity];
  const open = pair.open ?? [];
  const missing = pair.mustSupport?.missing ?? [];
  return h(
    'article',
    { class: `card ${kind}` },
    h('h3', {}, name),
    h('p', {}, meaning),
    h(
      'p',
      { class: 'pair' },
      h('code', {}, pair.left),
      h('span', { class: 'note' }, ' against '),
      h('code', {}, pair.right),
    ),
    h(
      'dl',
      {},
      h('dt', {}, 'Coverage of the second'),
      h(
        'dd',
        {},
        pair.coverage,
        pair.covered?.length > 0 && [': ', pair.covered.map((c) => h('code', { class: 'block' }, c))],
      ),
      pair.conditions?.length > 0 && [
        h('dt', {}, 'Conditions'),
        h(
          'dd',
          {},
          pair.conditions.map((c) => h('code', { class: 'block' }, c)),
        ),
      ],
      pair.impossible && [h('dt', {}, 'Contradiction'), h('dd', {}, pair.impossible.reason)],
    ),
    open.length > 0 &&
      folded(
        `Not proven: ${number(pair.openCount)}`,
        table(
          'Requirements not proven',
          ['Path', 'Kind', 'What'],
          open.map((o) => [h('code', {}, o.path), o.kind, h('code', {}, o.what ?? '')]),
        ),
        pair.openCount > open.length && h('p', { class: 'note' }, `The first ${open.length} are shown.`),
      ),
    witnessView(pair.witness, 'Counterexample: valid against the first, invalid against the second', isOpen),
    pair.mustSupport?.missingCount > 0 &&
      folded(
        `Must-support elements that the first does not guarantee: ${number(pair.mustSupport.missingCount)}`,
        table(
          'Elements',
          ['Element', 'Why'],
          missing.map((m) => [h('code', {}, m.element), m.why]),
        ),
      ),
    pair.proof && folded('Proof', code(pair.proof)),
  );
}

const BREAK = {
  none: 'no sign of it',
  harmless: 'no, proven harmless',
  confirmed: 'yes, confirmed by an instance',
  open: 'possibly: neither proven nor refuted',
};

function changedView(profile) {
  const worst = ['writer', 'reader', 'must-support', 'documentation'].find((l) =>
    profile.changes.some((c) => c.level === l && !c.harmless),
  );
  const shown = profile.changes.slice(0, MOST);
  return h(
    'article',
    { class: `card ${LEVEL[worst]?.[0] ?? 'ok'}` },
    h('h3', {}, short(profile.new)),
    h('p', { class: 'note' }, h('code', {}, profile.old)),
    h(
      'dl',
      {},
      h('dt', {}, 'Is old data invalid now?'),
      h('dd', {}, BREAK[profile.writer.status]),
      h('dt', {}, 'Is new data invalid against the old version?'),
      h('dd', {}, BREAK[profile.reader.status]),
    ),
    shown.length > 0 &&
      folded(
        count_of(profile.changes.length, 'change'),
        table(
          'Changes',
          ['Element', 'What', 'Impact', 'Before', 'After'],
          shown.map((c) => [
            h('code', {}, c.element),
            `${c.facet} ${c.effect}`,
            c.harmless ? chip('ok', 'harmless') : chip(LEVEL[c.level][0], LEVEL[c.level][1]),
            h('span', { class: 'data' }, c.old ?? ''),
            h('span', { class: 'data' }, c.new ?? '', c.note && h('small', {}, ` ${c.note}`)),
          ]),
        ),
        profile.changes.length > MOST && h('p', { class: 'note' }, `The first ${MOST} are shown.`),
      ),
    witnessView(profile.writer.witness, 'Old data that is now invalid'),
    witnessView(profile.reader.witness, 'New data that is invalid against the old version'),
  );
}
