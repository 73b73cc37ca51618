// The tab that evaluates FHIRPath.

import { h, fill, code, count_of, field, folded, say, select, table, tick } from './dom.js';
import { editor } from './editor.js';
import { Refused, ask, faultView, isCancelled, runner, sending } from './service.js';
import { byteLength, isXml, locate } from './text.js';
import { EXPRESSIONS, INSTANCES } from './samples.js';
import { button } from './dom.js';

/** How many items of a result, and steps, are shown. */
const MOST = 500;
const PATH = 'http://fhir.forms-lab.com/StructureDefinition/resource-path';
const JSON_VALUE = 'http://fhir.forms-lab.com/StructureDefinition/json-value';

export function fhirpathTab(panel) {
  const expression = h('textarea', {
    rows: '3',
    spellcheck: 'false',
    autocapitalize: 'off',
    class: 'expression',
    autocomplete: 'off',
    placeholder: 'name.given.first()',
  });
  const context = h('input', {
    type: 'text',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    placeholder: 'Patient.name',
  });
  const resource = editor({
    label: 'Resource',
    samples: INSTANCES.filter(([, text]) => !text.includes('\n{')),
    rows: 18,
    placeholder: 'Paste a resource here, or drop a file: JSON or XML',
  });
  const steps = tick('Show evaluation steps');
  const examples = select([['', 'Examples …'], ...EXPRESSIONS.map(([name], i) => [i, name])], {
    'aria-label': 'Examples of expressions',
    on: { change: example },
  });
  const results = h('div', { class: 'results', role: 'region', 'aria-label': 'Result' });
  const work = runner('Evaluate', run);

  function example() {
    if (examples.value === '') return;
    const [, text, of, instance] = EXPRESSIONS[examples.value];
    expression.value = text;
    context.value = of;
    resource.set(instance);
    examples.value = '';
  }

  async function run({ signal, progress }) {
    const [text, asked] = [resource.get(), expression.value];
    if (!asked.trim()) {
      fill(
        results,
        h('p', { class: 'fault', role: 'alert' }, 'There is no expression. Type one, or choose an example.'),
      );
      return expression.focus();
    }
    const parameter = [
      { name: 'expression', valueString: asked },
      { name: 'validate', valueBoolean: true },
    ];
    if (context.value.trim()) parameter.push({ name: 'context', valueString: context.value.trim() });
    if (steps.input.checked) parameter.push({ name: 'debug_trace', valueBoolean: true });
    if (text.trim()) parameter.push({ name: 'resource', valueString: text });
    const body = JSON.stringify({ resourceType: 'Parameters', parameter });
    try {
      const { value } = await ask('POST', '/$fhirpath', {
        body,
        type: 'application/fhir+json',
        accept: 'application/fhir+json',
        signal,
        progress: sending(byteLength(body), progress),
      });
      show(value, text, asked);
    } catch (error) {
      fill(results, isCancelled(error) ? h('p', { class: 'note', role: 'status' }, 'Cancelled.') : faultView(error));
      if (error instanceof Refused) pointAt(asked, error.lines.join(' '));
    }
  }

  /** Puts the caret where the expression is at fault. */
  function pointAt(asked, told) {
    const place = /\(at line (\d+), column (\d+)\)/.exec(told);
    if (!place) return;
    const before = asked
      .split('\n')
      .slice(0, place[1] - 1)
      .reduce((n, line) => n + line.length + 1, 0);
    const at = before + [...asked.split('\n')[place[1] - 1]].slice(0, place[2] - 1).join('').length;
    expression.focus();
    expression.setSelectionRange(at, Math.min(at + 1, asked.length));
  }

  function show(answer, text, asked) {
    const parts = answer.parameter ?? [];
    const about = parts.find((p) => p.name === 'parameters')?.part ?? [];
    const told = (name) => about.find((p) => p.name === name)?.valueString;
    const found = parts.filter((p) => p.name === 'result');
    const remarks = (about.find((p) => p.name === 'debugOutcome')?.resource?.issue ?? []).filter(
      (i) => i.severity !== 'information',
    );
    const total = found.reduce((n, r) => n + items(r).length, 0);
    fill(
      results,
      h(
        'div',
        { class: 'card' },
        h('h2', {}, count_of(total, 'item')),
        told('expectedReturnType') && h('p', {}, 'Expected type: ', h('code', {}, told('expectedReturnType'))),
      ),
      remarks.map((issue) =>
        h(
          'div',
          { class: `card ${issue.severity}` },
          h('p', {}, issue.details?.text),
          issue.diagnostics && code(issue.diagnostics),
        ),
      ),
      found.map((result) => resultView(result, text)),
      folded('Syntax tree', treeView(told('parseDebugTree'), asked)),
      steps.input.checked &&
        folded(
          'Evaluation steps',
          parts.filter((p) => p.name.startsWith('debug-trace')).map((p) => stepsView(p, asked)),
        ),
    );
    say(`${count_of(total, 'item')} found`);
  }

  const items = (result) => (result.part ?? []).filter((p) => p.name !== 'trace' && p.name !== 'open-question');

  function resultView(result, text) {
    const all = items(result);
    const shown = all.slice(0, MOST);
    const rows = shown.map((part, i) => [String(i + 1), part.name, valueView(part), placeView(pathOf(part), text)]);
    const traces = (result.part ?? []).filter((p) => p.name === 'trace');
    const open = (result.part ?? []).filter((p) => p.name === 'open-question');
    return h(
      'section',
      {},
      result.valueString && h('h3', {}, 'For ', h('code', {}, result.valueString)),
      rows.length > 0
        ? table('Items', ['No.', 'Type', 'Value', 'Path'], rows)
        : h('p', { class: 'note' }, 'Empty result.'),
      all.length > MOST && h('p', { class: 'note' }, `The first ${MOST} of ${all.length} are shown.`),
      open.map((p) => h('p', { class: 'card open' }, 'Undetermined: ', p.valueString)),
      traces.length > 0 &&
        table(
          'Traces',
          ['Label', 'Type', 'Value', 'Path'],
          traces
            .slice(0, MOST)
            .flatMap((t) =>
              (t.part?.length ? t.part : [{ name: 'empty' }])
                .slice(0, MOST)
                .map((p) => [t.valueString, p.name, valueView(p), placeView(pathOf(p), text)]),
            ),
        ),
    );
  }

  const pathOf = (part) =>
    part.extension?.find((e) => e.url === PATH)?.valueString ??
    (part.name === 'resource-path' ? part.valueString : undefined);

  function placeView(path, text) {
    if (!path) return '';
    const place = text.length <= 2_000_000 && !isXml(text) ? locate(text, path) : null;
    if (!place) return h('code', {}, path);
    return button(h('code', {}, path), () => resource.show(place.start, place.end, true), {
      class: 'go',
      'aria-label': `${path}: show in the text`,
    });
  }

  function stepsView(trace, asked) {
    if (trace.name !== 'debug-trace') return h('p', { class: 'note' }, trace.valueString);
    const rows = (trace.part ?? []).slice(0, MOST).map((step, i) => {
      const [at, length, name] = [...step.name.split(',', 2).map(Number), step.name.split(',').slice(2).join(',')];
      const of = (n) => step.part?.find((p) => p.name === n);
      const given = (step.part ?? []).filter((p) => !/^(focus-|this-)|^index$/.test(p.name));
      return [
        String(i + 1),
        h('code', {}, asked.slice(at, at + length) || name),
        given.map((p) => [valueView(p), ' ']),
        h('code', {}, of('focus-resource-path')?.valueString ?? ''),
      ];
    });
    return [
      trace.valueString && h('p', {}, 'For ', h('code', {}, trace.valueString)),
      table('Steps', ['No.', 'Expression', 'Result', 'Focus'], rows),
      (trace.part?.length ?? 0) > MOST &&
        h('p', { class: 'note' }, `The first ${MOST} of ${trace.part.length} are shown.`),
    ];
  }

  fill(
    results,
    h(
      'div',
      { class: 'card hint' },
      h('h2', {}, 'Evaluate an expression'),
      h('p', {}, 'You get each item of the result with its path, the output of trace(), and the syntax tree.'),
    ),
  );
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) (event.preventDefault(), work.run());
  });
  fill(
    panel,
    h(
      'div',
      { class: 'two' },
      h(
        'div',
        {},
        h('div', { class: 'row' }, examples),
        field('Expression', expression),
        field('Context', context, 'Optional: the expression is evaluated once for each item of the context.'),
        resource.element,
        steps.element,
        work.element,
      ),
      results,
    ),
  );
}

/** The value of a part of Parameters. */
function valueView(part) {
  if (part.name === 'empty') return h('span', { class: 'note' }, 'nothing');
  const text = part.extension?.find((e) => e.url === JSON_VALUE)?.valueString;
  if (text) return code(text, 4000);
  if (part.name === 'resource-path') return h('code', {}, part.valueString);
  const key = Object.keys(part).find((k) => k.startsWith('value') || k === 'resource');
  if (!key) return part.part ? code(JSON.stringify(part.part, null, 2), 4000) : '';
  return typeof part[key] === 'object'
    ? code(JSON.stringify(part[key], null, 2), 4000)
    : h('code', {}, String(part[key]));
}

/** The tree as nested lists: what a step is applied to stands below it. */
function treeView(text, asked) {
  let tree;
  try {
    tree = JSON.parse(text);
  } catch {
    return h('p', { class: 'note' }, 'No syntax tree.');
  }
  const node = (n) =>
    h(
      'li',
      {},
      h('code', {}, n.Name),
      ' ',
      h(
        'small',
        {},
        n.ExpressionType.replace(/Expression$/, '')
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .toLowerCase(),
      ),
      n.Position !== undefined && h('small', {}, ` at ${n.Position + 1}`),
      n.Arguments?.length > 0 && h('ul', {}, n.Arguments.map(node)),
    );
  return [h('p', {}, h('code', {}, asked)), h('ul', { class: 'tree' }, node(tree))];
}
