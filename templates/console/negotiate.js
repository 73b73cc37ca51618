// The tab that negotiates: one client, one server or several.

import { h, fill, button, chip, field, folded, newId, number, say, select } from './dom.js';
import { agreementView } from './agreement.js';
import { editor } from './editor.js';
import { Refused, faultView, isCancelled, once, post, runner } from './service.js';
import { AGREEMENT } from './words.js';
import { CLIENTS, SCOPE, SERVERS, SMART } from './samples.js';

const KINDS = [
  ['text', 'Capability statement'],
  ['guide', 'Implementation guide'],
  ['party', 'Party kept by this service'],
];
const FLOWS = [
  ['', 'standalone'],
  ['ehr', 'EHR launch'],
  ['backend', 'backend service'],
  ['refresh', 'token refresh'],
];
const CLIENT_TYPES = [
  ['', 'public'],
  ['confidential-symmetric', 'confidential, symmetric'],
  ['confidential-asymmetric', 'confidential, asymmetric'],
];
/** How many servers there may be. */
const MOST = 20;

export function negotiateTab(panel) {
  const client = side('Client', CLIENTS);
  const servers = [];
  const list = h('div', {});
  const scope = h('textarea', {
    rows: '2',
    spellcheck: 'false',
    autocapitalize: 'off',
    class: 'expression',
    autocomplete: 'off',
    placeholder: 'patient/Patient.rs launch/patient',
  });
  const flow = select(FLOWS);
  const kind = select(CLIENT_TYPES);
  const results = h('div', { class: 'results', role: 'region', 'aria-label': 'Result' });
  const work = runner('Negotiate', run);
  const more = button('Add another server', () => addServer().focus(), { class: 'small' });

  function addServer(text, smart) {
    const server = side('Server', SERVERS, true, () => {
      servers.splice(servers.indexOf(server), 1);
      number_();
      more.focus();
    });
    servers.push(server);
    if (text) server.set(text);
    if (smart) server.setSmart(smart);
    number_();
    return server;
  }

  function number_() {
    fill(
      list,
      servers.map((s) => s.element),
    );
    servers.forEach((s, i) => s.name(servers.length > 1 ? `Server ${i + 1}` : 'Server', servers.length > 1));
    more.disabled = servers.length >= MOST;
  }

  function example(many) {
    client.set(CLIENTS[0][1]);
    servers.splice(0);
    (many ? SERVERS : SERVERS.slice(0, 1)).forEach(([, text]) => addServer(text, SMART));
    scope.value = SCOPE;
  }

  async function run({ signal, progress }) {
    const answers = [];
    try {
      const asked = client.get();
      for (const [i, server] of servers.entries()) {
        progress(
          servers.length > 1 ? i / servers.length : null,
          servers.length > 1 ? `${i} of ${servers.length} servers` : 'working',
        );
        const smart = server.smart();
        const body = {
          client: asked,
          server: server.get(),
          ...(smart ? { smart } : {}),
          ...(scope.value.trim() ? { scope: scope.value.trim() } : {}),
          ...(flow.value ? { flow: flow.value } : {}),
          ...(kind.value ? { clientType: kind.value } : {}),
        };
        try {
          answers.push(await post('/negotiate', body, { signal }));
        } catch (error) {
          if (error instanceof Refused && servers.length > 1) error.title = `Server ${i + 1}: ${error.title}`;
          throw error;
        }
      }
      show(answers);
    } catch (error) {
      if (error instanceof Unread) {
        fill(results, h('p', { class: 'fault', role: 'alert' }, error.message));
        error.field.focus();
      } else {
        fill(results, isCancelled(error) ? h('p', { class: 'note', role: 'status' }, 'Cancelled.') : faultView(error));
      }
    }
  }

  function show(answers) {
    const one = h('div', {});
    const open = (i) => fill(one, agreementView(answers[i], nameOf(answers[i], i)));
    if (answers.length === 1) {
      open(0);
      fill(results, one);
      return say(AGREEMENT[answers[0].verdict][1]);
    }
    fill(
      results,
      h('h2', {}, `One client, ${number(answers.length)} servers`),
      matrix(answers, (i) => {
        open(i);
        one.scrollIntoView({ block: 'start' });
        one.querySelector('h2').focus();
      }),
      one,
    );
    say(answers.map((a, i) => `${nameOf(a, i)}: ${AGREEMENT[a.verdict][1]}`).join('. '));
  }

  const nameOf = (answer, i) => answer.parties.server.title ?? answer.parties.server.url ?? `Server ${i + 1}`;

  /** Types by servers. */
  function matrix(answers, open) {
    const types = [...new Set(answers.flatMap((a) => a.resources.map((r) => r.type)))];
    const cell = (answer, type) => {
      const entry = answer.resources.find((r) => r.type === type);
      return h(
        'td',
        {},
        entry
          ? chip(AGREEMENT[entry.verdict][0], AGREEMENT[entry.verdict][1].toLowerCase())
          : h('span', { class: 'note' }, 'not needed'),
      );
    };
    return h(
      'div',
      { class: 'wide', tabindex: '0', role: 'group', 'aria-label': 'Servers compared' },
      h(
        'table',
        {},
        h('caption', {}, 'Servers compared'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'Type'),
            answers.map((a, i) => h('th', { scope: 'col' }, nameOf(a, i))),
          ),
        ),
        h(
          'tbody',
          {},
          h(
            'tr',
            { class: 'total' },
            h('th', { scope: 'row' }, 'All'),
            answers.map((a, i) =>
              h(
                'td',
                {},
                chip(AGREEMENT[a.verdict][0], AGREEMENT[a.verdict][1]),
                ' ',
                button('Details', () => open(i), { class: 'small', 'aria-label': `Details of ${nameOf(a, i)}` }),
              ),
            ),
          ),
          types.map((type) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, type),
              answers.map((a) => cell(a, type)),
            ),
          ),
        ),
      ),
    );
  }

  addServer();
  fill(
    results,
    h(
      'div',
      { class: 'card hint' },
      h('h2', {}, 'Negotiate a client and a server'),
      h(
        'p',
        {},
        'The client’s requirements are compared with what the server offers: interactions, searches, profiles and scopes. You see what works, what does not and why, and which scopes to request.',
      ),
    ),
  );
  fill(
    panel,
    h(
      'div',
      { class: 'one' },
      h(
        'div',
        { class: 'row' },
        button('Example: one server', () => example(false), { class: 'small' }),
        button('Example: two servers', () => example(true), { class: 'small' }),
      ),
      h('div', { class: 'grid even' }, client.element, h('div', {}, list, more)),
      h(
        'div',
        { class: 'grid' },
        field('Requested scopes', scope, 'Leave empty to ignore scopes.'),
        field('Launch', flow),
        field('Client type', kind),
      ),
      work.element,
      results,
    ),
  );
}

/** A field that cannot be read. */
class Unread extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

function side(label, samples, hasSmart = false, remove) {
  const kind = select(KINDS, { id: newId('kind'), on: { change: turn } });
  const text = editor({
    label: `${label}: statement`,
    samples,
    rows: 12,
    placeholder:
      label === 'Client'
        ? 'A CapabilityStatement, or a CDS Hooks discovery document, in JSON'
        : 'A CapabilityStatement in JSON',
  });
  const guide = select([['', 'choose a guide']]);
  const party = select([['', 'choose a party']]);
  const smart =
    hasSmart &&
    editor({
      label: 'SMART configuration',
      rows: 6,
      placeholder: '.well-known/smart-configuration, in JSON',
      samples: [['A clinic’s configuration', SMART]],
    });
  const fault = h('p', { class: 'note', role: 'status' });
  const guideField = field(`${label}: guide`, guide);
  const partyField = field(`${label}: party`, party, 'Both sides must then be parties.');
  const kindField = field(label, kind);
  const off = button('Remove', () => remove(), { class: 'small', hidden: true });
  const legend = h('legend', {}, label);
  const smartPart = smart && folded('SMART configuration', smart.element);

  async function turn() {
    text.element.hidden = kind.value !== 'text';
    guideField.hidden = kind.value !== 'guide';
    partyField.hidden = kind.value !== 'party';
    fill(fault);
    try {
      if (kind.value === 'guide' && guide.options.length === 1) {
        const { packages } = await once('/packages');
        guide.append(...packages.map((p) => h('option', { value: `ig:${p.id}#${p.version}` }, `${p.id}#${p.version}`)));
      }
      if (kind.value === 'party' && party.options.length === 1) {
        const { parties } = await once('/parties?count=1000');
        if (parties.length === 0) fill(fault, 'This service keeps no parties; PUT /parties/ID adds one.');
        party.append(...parties.map((p) => h('option', { value: p.id }, p.id)));
      }
    } catch (error) {
      fill(fault, error.title ?? String(error.message));
    }
  }

  function json(from, what) {
    try {
      return JSON.parse(from.get());
    } catch (error) {
      throw new Unread(`${what} is not JSON: ${error.message}`, from.area);
    }
  }

  turn();
  return {
    element: h(
      'fieldset',
      { class: 'side' },
      legend,
      kindField,
      text.element,
      guideField,
      partyField,
      fault,
      smartPart,
      off,
    ),
    set: (given) => ((kind.value = 'text'), turn(), text.set(given)),
    setSmart: (given) => smart.set(given),
    name: (name, canGo) => {
      fill(legend, name);
      off.hidden = !canGo;
      off.setAttribute('aria-label', `Remove ${name}`);
    },
    focus: () => kind.focus(),
    smart: () => (smart && smart.get().trim() ? json(smart, 'The SMART configuration') : null),
    get() {
      const what = legend.textContent;
      if (kind.value === 'text') {
        if (!text.get().trim())
          throw new Unread(`${what}: there is no statement. Paste one, open a file, or choose an example.`, text.area);
        return json(text, `${what}: the statement`);
      }
      const chosen = kind.value === 'guide' ? guide : party;
      if (!chosen.value) throw new Unread(`${what}: choose an entry from the list.`, chosen);
      return kind.value === 'guide' ? chosen.value : { party: chosen.value };
    },
  };
}
