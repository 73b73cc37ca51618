// The tab that negotiates: one client, one server or several.

import { h, fill, button, field, folded, newId, say, select } from './dom.js';
import { agreementView } from './agreement.js';
import { editor } from './editor.js';
import { matrixView, pairsView } from './matrix.js';
import { Refused, faultView, isCancelled, once, post, runner } from './service.js';
import { textOf } from './text.js';
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
const MOST = 100;

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
  const leftOut = h('p', { class: 'note', role: 'status' });
  const files = h('input', {
    type: 'file',
    class: 'files',
    multiple: true,
    accept: '.json,application/json,application/fhir+json',
    id: newId('files'),
    on: { change: () => addFiles([...files.files]) },
  });

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

  /** A server for each file; the first takes the place of a server that is empty. */
  async function addFiles(chosen) {
    const [broken, beyond] = [[], []];
    for (const file of chosen) {
      const empty = servers.find((s) => s.isEmpty());
      if (!empty && servers.length >= MOST) {
        beyond.push(file.name);
        continue;
      }
      try {
        const text = await textOf(file);
        if (empty) empty.set(text);
        else addServer(text);
      } catch {
        broken.push(file.name);
      }
    }
    files.value = '';
    const left = [
      broken.length > 0 && `could not be read as UTF-8 text: ${broken.join(', ')}`,
      beyond.length > 0 && `beyond ${MOST} servers: ${beyond.join(', ')}`,
    ].filter(Boolean);
    fill(leftOut, left.length > 0 && `Left out, ${left.join('; ')}.`);
    say(`${chosen.length - broken.length - beyond.length} servers added`);
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

  /** What is asked beside the two sides. */
  const assumed = () => ({
    ...(scope.value.trim() ? { scope: scope.value.trim() } : {}),
    ...(flow.value ? { flow: flow.value } : {}),
    ...(kind.value ? { clientType: kind.value } : {}),
  });

  async function run({ signal, progress }) {
    try {
      const asked = client.get();
      const offered = servers.map((server) => ({ statement: server.get(), smart: server.smart() }));
      const isKept = [asked, ...offered.map((o) => o.statement)].some((s) => typeof s === 'object' && 'party' in s);
      const beside = assumed();
      const pair = (place) => {
        const { statement, smart } = offered[place];
        const body = { client: asked, server: statement, ...(smart ? { smart } : {}), ...beside };
        return post('/negotiate', body, { signal });
      };
      if (servers.length === 1) showOne(await pair(0));
      else if (isKept) await runPairs(pair, signal, progress);
      else {
        const all = offered.map(({ statement, smart }) => ({ statement, ...(smart ? { smart } : {}) }));
        const body = { clients: [{ statement: asked }], servers: all, ...beside };
        showMatrix(await post('/negotiate/matrix', body, { signal }), pair);
      }
    } catch (error) {
      if (error instanceof Unread) {
        fill(results, h('p', { class: 'fault', role: 'alert' }, error.message));
        error.field.focus();
      } else {
        fill(results, isCancelled(error) ? h('p', { class: 'note', role: 'status' }, 'Cancelled.') : faultView(error));
      }
    }
  }

  /** Parties are negotiated one by one: each negotiation is kept. */
  async function runPairs(pair, signal, progress) {
    const answers = [];
    for (const place of servers.keys()) {
      progress(place / servers.length, `${place} of ${servers.length} servers`);
      try {
        answers.push(await pair(place));
      } catch (error) {
        if (error instanceof Refused) error.title = `Server ${place + 1}: ${error.title}`;
        throw error;
      }
    }
    const names = answers.map(nameOf);
    const one = h('div', {});
    fill(
      results,
      pairsView(answers, names, (place) => showIn(one, answers[place], place)),
      one,
    );
    say(answers.map((a, i) => `${names[i]}: ${AGREEMENT[a.verdict][1]}`).join('. '));
  }

  function showOne(answer) {
    fill(results, agreementView(answer, nameOf(answer, 0)));
    say(AGREEMENT[answer.verdict][1]);
  }

  function showMatrix(matrix, pair) {
    const one = h('div', { 'aria-live': 'polite' });
    const open = async (place) => {
      fill(one, h('p', { class: 'note', role: 'status' }, `Negotiating with ${matrix.servers[place].name} …`));
      try {
        showIn(one, await pair(place), place);
      } catch (error) {
        fill(one, faultView(error));
      }
    };
    fill(results, matrixView(matrix, open), one);
    say(matrix.cells.map((c, i) => `${matrix.servers[i].name}: ${AGREEMENT[c.verdict][1]}`).join('. '));
  }

  function showIn(one, answer, place) {
    fill(one, agreementView(answer, nameOf(answer, place)));
    one.scrollIntoView({ block: 'start' });
    one.querySelector('h2').focus();
  }

  const nameOf = (answer, i) => answer.parties.server.title ?? answer.parties.server.url ?? `Server ${i + 1}`;

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
      h(
        'div',
        { class: 'grid even' },
        client.element,
        h('div', {}, list, more, field('Add servers from files', files, 'One statement a file.'), leftOut),
      ),
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

  /** Refuses what is no statement, at the field where it is. */
  function statement(value, what) {
    const isDiscovery = !hasSmart && Array.isArray(value?.services);
    if (isDiscovery || ['CapabilityStatement', 'Conformance'].includes(value?.resourceType)) return value;
    const found = value?.resourceType ? `, and this is a ${value.resourceType}` : '';
    throw new Unread(`${what}: a CapabilityStatement is expected${found}.`, text.area);
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
    isEmpty: () => kind.value === 'text' && !text.get().trim(),
    smart: () => (smart && smart.get().trim() ? json(smart, 'The SMART configuration') : null),
    get() {
      const what = legend.textContent;
      if (kind.value === 'text') {
        if (!text.get().trim())
          throw new Unread(`${what}: there is no statement. Paste one, open a file, or choose an example.`, text.area);
        return statement(json(text, `${what}: the statement`), what);
      }
      const chosen = kind.value === 'guide' ? guide : party;
      if (!chosen.value) throw new Unread(`${what}: choose an entry from the list.`, chosen);
      return kind.value === 'guide' ? chosen.value : { party: chosen.value };
    },
  };
}
