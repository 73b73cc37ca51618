// The tab that validates.

import { choices } from './chosen.js';
import { h, fill, chip, count_of, field, number, say, select, tick } from './dom.js';
import { editor } from './editor.js';
import { issueList, questions, read } from './issues.js';
import { judgeLines, refusedView } from './lines.js';
import { combobox, guidesByWords, profiles } from './picker.js';
import { Refused, ask, faultView, isCancelled, runner, sending } from './service.js';
import { byteLength, markOf, mediaType, ndjson, placesOf } from './text.js';
import { VERDICT } from './words.js';
import { INSTANCES } from './samples.js';

/** How many issues of NDJSON are kept. */
const MOST = 20_000;
const VERSIONS = [
  ['', 'detect'],
  ['4.0', 'R4'],
  ['4.3', 'R4B'],
  ['5.0', 'R5'],
  ['3.0', 'STU3'],
  ['1.0', 'DSTU2'],
];

export function validateTab(panel, state) {
  let [list, isStale] = [null, true];
  const instance = editor({
    label: 'Instance',
    samples: INSTANCES,
    placeholder: 'Paste a FHIR instance here, or drop a file: JSON, XML or NDJSON',
    looked: (i, isThere) => pick(i, isThere ? 'text' : 'mark'),
    changed: stale,
    rows: 16,
  });
  const guides = choices({
    label: 'Chosen guides',
    key: 'guide',
    state,
    changed: () => rechosen(),
    focus: () => guide.input.focus(),
  });
  const guide = combobox({
    label: 'Add a guide',
    placeholder: 'us core',
    clears: true,
    suggest: guidesByWords,
    chosen: guides.add,
    note: 'Without one, all guides of the service are used; otherwise only those chosen and what they depend on.',
  });
  const version = select(VERSIONS, { on: { change: () => rechosen() } });
  const chosen = choices({
    label: 'Chosen profiles',
    key: 'profile',
    state,
    changed: () => rechosen(),
    focus: () => profile.input.focus(),
  });
  const profile = combobox({
    label: 'Add a profile',
    placeholder: 'us core patient',
    clears: true,
    suggest: profiles(guides.values, undefined, () => version.value),
    chosen: chosen.add,
    note: 'The instance is checked against each one added, and against those it claims.',
  });
  const information = tick('Include information-level issues');
  const results = h('div', { class: 'results', 'aria-label': 'Result', role: 'region' });
  const work = runner('Validate', run);

  function stale() {
    if (isStale) return;
    isStale = true;
    outdated('The text has changed. Validate again.');
  }

  /** Says that the verdict is about something else than what is there now. */
  function outdated(text) {
    const said = results.querySelector('.stale');
    if (said) said.textContent = text;
    else results.querySelector('.verdict')?.after(h('p', { class: 'note stale' }, text));
  }
  const rechosen = () => !isStale && outdated('The guides, the profiles or the FHIR version have changed. Validate again.');

  /** Makes an issue the current one, in the list and in the text. */
  function pick(index, from) {
    list?.choose(index, from === 'mark');
    if (from === 'text' || from === 'mark') instance.note(index);
    else if (!isStale) instance.choose(index, true);
  }

  function query() {
    const query = new URLSearchParams({
      _details: 'true',
      _level: information.input.checked ? 'information' : 'warning',
    });
    chosen.values().forEach((value) => query.append('profile', value));
    guides.values().forEach((value) => query.append('package', value));
    if (version.value) query.set('fhirVersion', version.value);
    return query;
  }

  const judge = async (text, { signal, progress }) => {
    const options = {
      body: text,
      type: mediaType(text),
      accept: 'application/fhir+json',
      taken: [200, 413, 503],
      signal,
      progress,
    };
    const { value, status } = await ask('POST', `/$validate?${query()}`, options);
    const report = read(value);
    if (status !== 200 && !report.verdict)
      throw new Refused(
        `The instance was not examined (${status})`,
        report.remarks.length ? report.remarks : (value.issue ?? []).map((i) => i.details?.text),
        { status, retry: status === 503 ? '5' : undefined },
      );
    return report;
  };

  async function run({ signal, progress }) {
    const text = instance.get();
    if (!text.trim()) {
      fill(
        results,
        h(
          'p',
          { class: 'fault', role: 'alert' },
          'There is nothing to validate. Paste an instance, open a file, or choose an example.',
        ),
      );
      instance.area.focus();
      return;
    }
    try {
      const lines = ndjson(text);
      const report = lines
        ? await runLines(lines, { signal, progress })
        : await judge(text, { signal, progress: sending(byteLength(text), progress) });
      if (!lines) placed(text, 0, report.issues);
      show(text, report);
    } catch (error) {
      fill(results, isCancelled(error) ? h('p', { class: 'note', role: 'status' }, 'Cancelled.') : faultView(error));
    }
  }

  /** Turns places in bytes into places in the text. */
  function placed(text, base, issues) {
    const places = placesOf(
      text,
      issues.flatMap((i) => [i.start ?? 0, i.end ?? 0]),
    );
    for (const issue of issues)
      [issue.from, issue.to] = [base + places.get(issue.start ?? 0), base + places.get(issue.end ?? 0)];
  }

  async function runLines(lines, work) {
    const counts = { valid: 0, undetermined: 0, invalid: 0 };
    const all = { issues: [], remarks: [], refused: [], counts, lines: lines.length };
    const reports = await judgeLines(lines, judge, work);
    const remarks = new Set();
    reports.forEach((report, at) => {
      const row = lines[at].line;
      if (report.refused) return all.refused.push({ row, error: report.refused });
      report.remarks.forEach((remark) => remarks.add(remark));
      counts[report.verdict]++;
      placed(lines[at].content, lines[at].start, report.issues);
      for (const issue of report.issues) {
        issue.row = row;
        if (all.issues.length < MOST) all.issues.push(issue);
        else all.cut = true;
      }
    });
    all.remarks = [...remarks];
    // What was not examined is undetermined.
    const isOpen = counts.undetermined + all.refused.length > 0;
    all.verdict = counts.invalid ? 'invalid' : isOpen ? 'undetermined' : 'valid';
    return all;
  }

  function show(text, report) {
    const [kind, name, meaning] = VERDICT[report.verdict] ?? [
      'open',
      'No verdict',
      'The instance was not examined completely.',
    ];
    isStale = false;
    list = issueList(report.issues, (i) => pick(i, 'list'));
    const of = ['error', 'open', 'warning', 'information'].map((k) => report.issues.filter((i) => i.kind === k).length);
    const told = [
      count_of(of[0], 'error'),
      of[1] && count_of(of[1], 'open question'),
      of[2] && count_of(of[2], 'warning'),
    ]
      .filter(Boolean)
      .join(', ');
    fill(
      results,
      h(
        'div',
        { class: `card verdict ${kind}` },
        h('h2', {}, name),
        h('p', {}, meaning),
        report.lines &&
          h(
            'p',
            {},
            `${number(report.lines)} lines: `,
            Object.entries(report.counts).map(([v, n]) => [chip(VERDICT[v][0], `${v} ${number(n)}`), ' ']),
            report.refused.length > 0 && chip('open', `not examined ${number(report.refused.length)}`),
          ),
      ),
      report.lines && refusedView(report.refused),
      report.cut && h('p', { class: 'note' }, `The first ${number(MOST)} issues are listed.`),
      report.remarks.map((r) => h('p', { class: 'note' }, r[0].toUpperCase() + r.slice(1))),
      questions(report.issues),
      report.issues.length > 0 && [
        h('h3', {}, count_of(report.issues.length, 'issue')),
        h(
          'p',
          { class: 'note' },
          'Select a location to see it in the text, or a mark in the text to see its issue. F8 and Shift+F8 move to the next and previous issue.',
        ),
      ],
      list.element,
    );
    // What was edited meanwhile has other places.
    if (instance.get() !== text) stale();
    else
      instance.mark(
        report.issues.map((issue, index) => ({ ...markOf(text, issue.from, issue.to), kind: issue.kind, index })),
      );
    say(`${name}. ${told}`);
  }

  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) (event.preventDefault(), work.run());
    if (event.key === 'F8' && list) {
      event.preventDefault();
      const index = list.beside(event.shiftKey ? -1 : 1);
      if (index >= 0) pick(index, 'list');
    }
  });
  fill(
    results,
    h(
      'div',
      { class: 'card hint' },
      h('h2', {}, 'Validate an instance'),
      h(
        'p',
        {},
        'The instance is checked against its FHIR version, the profiles it claims, and any that you add. Each issue is shown in place, with the rule behind it and what to do about it.',
      ),
    ),
  );
  fill(
    panel,
    h(
      'div',
      { class: 'two' },
      h(
        'div',
        {},
        instance.element,
        h(
          'div',
          { class: 'grid' },
          guide.element,
          profile.element,
          field('FHIR version', version),
        ),
        guides.element,
        chosen.element,
        information.element,
        work.element,
      ),
      results,
    ),
  );
  guides.draw();
  chosen.draw();
  return { ready: () => {}, run: work.run };
}
