// The issues of a report as a list: kinds and rules to filter by, why, what to do, what was tried.

import { h, fill, button, chip, count_of, folded, number, paged, select, table, ticked } from './dom.js';
import { rules } from './service.js';
import { KIND, KINDS } from './words.js';

const EXTENSION = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-';
const DETAILS = 'https://accord.example/StructureDefinition/issue-details';
const RULE = 'https://accord.example/rule';
const VERDICT = 'https://accord.example/verdict';
/** What would decide a question for which no rule knows more. */
const NOTHING = 'it cannot be decided here';
/** How many issues are shown at a time. */
const PAGE = 50;

/** What an OperationOutcome says: the verdict, issues about the instance, remarks. */
export function read(outcome) {
  const verdict = outcome.meta?.tag?.find((tag) => tag.system === VERDICT)?.code;
  const [issues, remarks] = [[], []];
  for (const issue of outcome.issue ?? []) {
    const rule = issue.details?.coding?.find((c) => c.system === RULE)?.code;
    // That there are no issues is what the verdict says already.
    const isPlain = verdict && issue.severity === 'information' && !issue.details?.coding;
    if (isPlain) continue;
    if (!rule) remarks.push(issue.details?.text ?? issue.diagnostics ?? issue.code);
    else issues.push(one(issue, rule));
  }
  return { verdict, issues, remarks };
}

function one(issue, rule) {
  const extension = (url) => issue.extension?.find((e) => e.url === url);
  const parts = extension(DETAILS)?.extension ?? [];
  const value = (e) => e?.valueString ?? e?.valueInteger ?? e?.valueBoolean;
  const single = (url) => value(parts.find((p) => p.url === url));
  const open = single('open') === true;
  const kind = open ? 'open' : issue.severity === 'fatal' ? 'error' : issue.severity;
  const evidence = parts
    .filter((p) => p.url === 'evidence')
    .map((p) => {
      const of = (url) => value(p.extension?.find((e) => e.url === url)) ?? '';
      return { about: of('about'), says: of('says') };
    });
  return {
    kind,
    rule,
    text: issue.details?.text ?? '',
    expression: issue.expression?.[0] ?? '',
    line: value(extension(`${EXTENSION}line`)),
    column: value(extension(`${EXTENSION}col`)),
    start: single('start'),
    end: single('end'),
    element: single('element'),
    constraint: single('constraint'),
    help: single('help'),
    profiles: parts.filter((p) => p.url === 'profile').map(value),
    evidence,
  };
}

/** A list of issues; `go(i)` is called where the reader asks for the place of issue `i`. */
export function issueList(issues, go) {
  const box = h('div', { class: 'issues' });
  const shown = new Set(KINDS.map(([kind]) => kind));
  let rule = '';
  let [current, list, listed] = [-1, null, []];
  let known = new Map();
  const ruled = [...issues.reduce((all, i) => all.set(i.rule, (all.get(i.rule) ?? 0) + 1), new Map())].sort(
    (a, b) => b[1] - a[1],
  );
  const counts = Object.fromEntries(KINDS.map(([kind]) => [kind, issues.filter((i) => i.kind === kind).length]));

  const toggles = KINDS.filter(([kind]) => counts[kind]).map(([kind, name]) => {
    const toggle = button(
      [name, ' ', h('b', {}, number(counts[kind]))],
      () => {
        shown.has(kind) ? shown.delete(kind) : shown.add(kind);
        toggle.setAttribute('aria-pressed', String(shown.has(kind)));
        draw();
      },
      { class: `toggle ${kind}`, 'aria-pressed': 'true' },
    );
    return toggle;
  });
  const ruleField =
    ruled.length > 1 &&
    select([['', 'All rules'], ...ruled.map(([id, n]) => [id, `${id} (${n})`])], {
      'aria-label': 'Filter by rule',
      on: { change: () => ((rule = ruleField.value), draw()) },
    });
  const bar = h('div', { class: 'row filters', role: 'group', 'aria-label': 'Filter issues' }, toggles, ruleField);
  const body = h('div', {});

  function draw() {
    listed = issues
      .map((issue, index) => ({ issue, index }))
      .filter(({ issue: i }) => shown.has(i.kind) && (!rule || i.rule === rule));
    if (listed.length === 0) return fill(body, h('p', { class: 'note' }, 'No issues of these kinds.'));
    list = paged(listed, PAGE, 'issues', ({ issue, index }) => item(issue, index));
    fill(body, list.element);
  }

  function item(issue, index) {
    const place = issue.line
      ? `${issue.row ? `Line ${issue.row}` : `Line ${issue.line}, column ${issue.column}`}`
      : 'Whole text';
    const to = button(
      [
        h('span', { class: 'where' }, place),
        h('code', {}, issue.expression),
        h('span', { class: 'aside' }, ' show in the text'),
      ],
      () => go(index),
      { class: 'go', 'data-issue': index },
    );
    const isCurrent = index === current;
    return h(
      'li',
      {
        class: `issue ${issue.kind}${isCurrent ? ' current' : ''}`,
        'data-issue': index,
        'aria-current': isCurrent ? 'true' : undefined,
      },
      h('p', { class: 'says' }, chip(issue.kind, KIND[issue.kind]), ' ', h('span', {}, ticked(issue.text))),
      to,
      reasons(issue),
    );
  }

  function reasons(issue) {
    const about = known.get(issue.rule);
    const tried = issue.evidence.filter((e) => e.about.startsWith('slice'));
    const rest = issue.evidence.filter((e) => !e.about.startsWith('slice'));
    const term = (name, ...text) => text.flat().some(Boolean) && [h('dt', {}, name), h('dd', {}, text)];
    const decide = issue.kind === 'open' ? 'What would decide it' : 'What to do';
    return folded(
      ['Why: ', h('code', {}, issue.rule)],
      h(
        'dl',
        {},
        term('Rule', about && ticked(about.meaning)),
        term(decide, ticked(issue.help ?? (about?.help || (issue.kind === 'open' ? NOTHING : '')))),
        term(
          'Demanded by',
          issue.profiles.map((p) => h('code', { class: 'block' }, p)),
        ),
        term('Element', issue.element && h('code', {}, issue.element)),
        term('Constraint', issue.constraint && h('code', {}, issue.constraint)),
        rest.map((e) =>
          term(
            e.about[0].toUpperCase() + e.about.slice(1),
            e.says.includes('`') ? ticked(e.says) : h('code', {}, e.says),
          ),
        ),
        term('Specification', about?.source && h('span', { class: 'source' }, about.source)),
      ),
      tried.length > 0 &&
        table(
          'Slices tried',
          ['Slice and entry', 'Why it did not match'],
          tried.map((e) => [e.about.replace(/^slice /, ''), ticked(e.says)]),
        ),
    );
  }

  rules().then(
    (all) => ((known = all), issues.length && draw()),
    () => {},
  );
  if (issues.length) {
    fill(box, bar, body);
    draw();
  }
  return {
    element: box,
    /** Makes an issue the current one; the focus goes there where `focus` says so. */
    choose(index, focus) {
      current = index;
      let at = listed.findIndex((l) => l.index === index);
      if (at < 0) {
        KINDS.forEach(([kind]) => shown.add(kind));
        toggles.forEach((t) => t.setAttribute('aria-pressed', 'true'));
        rule = '';
        if (ruleField) ruleField.value = '';
        draw();
        at = index;
      }
      list.toItem(at);
      const line = body.querySelector(`li[data-issue="${index}"]`);
      line?.scrollIntoView({ block: 'nearest' });
      if (focus) line?.querySelector('.go').focus({ preventScroll: true });
    },
    /** The issue behind or before the current one, of those that are shown. */
    beside(by) {
      if (listed.length === 0) return -1;
      const at = listed.findIndex((l) => l.index === current);
      const from = at < 0 && by < 0 ? 0 : at;
      return listed[(from + by + listed.length) % listed.length].index;
    },
    current: () => current,
  };
}

/** What would decide the questions that are open, each said once. */
export function questions(issues) {
  const open = issues.filter((i) => i.kind === 'open');
  if (open.length === 0) return null;
  const by = new Map();
  for (const i of open) {
    const [help, error] = [i.help ?? NOTHING, i.evidence.find((e) => e.about === 'error')?.says];
    by.set(help, [...(by.get(help) ?? []), error ? `${i.text}: ${error}` : i.text]);
  }
  return h(
    'div',
    { class: 'card open' },
    h('h3', {}, `${count_of(open.length, 'open question')}: what would decide ${open.length === 1 ? 'it' : 'them'}`),
    h(
      'ul',
      {},
      [...by]
        .slice(0, 20)
        .map(([help, texts]) =>
          h(
            'li',
            {},
            h('b', {}, help[0].toUpperCase() + help.slice(1)),
            ': ',
            ticked([...new Set(texts)].slice(0, 3).join('; ')),
            texts.length > 3 && ` … (${texts.length} in total)`,
          ),
        ),
    ),
  );
}
