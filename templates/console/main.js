// The page: tabs by the address behind #, colours, the token.

import { say } from './dom.js';
import { forget, get, useToken } from './service.js';
import { validateTab } from './validate.js';
import { fhirpathTab } from './fhirpath.js';
import { negotiateTab } from './negotiate.js';
import { compareTab } from './compare.js';

const TABS = { validate: validateTab, fhirpath: fhirpathTab, negotiate: negotiateTab, compare: compareTab };
const names = Object.keys(TABS);
const made = {};
const tabOf = (name) => document.getElementById(`tab-${name}`);
// No id is the name of a tab: the browser would go to it, past the tabs, for the address of a tab.
const panelOf = (name) => document.getElementById(`panel-${name}`);

/** What of a tab is in the address: choices, never texts, which can be about patients. */
function stateOf(name, query) {
  const given = new URLSearchParams(query);
  const kept = new Map();
  return {
    all: (key) => given.getAll(key),
    one: (key) => given.get(key) ?? '',
    keep(key, values) {
      kept.set(key, [values].flat().filter(Boolean));
      const out = new URLSearchParams();
      for (const [k, all] of kept) all.forEach((v) => out.append(k, v));
      const text = out.toString();
      const hash = `#${name}${text && `?${text}`}`;
      made[name].hash = hash;
      if (shown === name) history.replaceState(null, '', hash);
    },
  };
}

let shown = '';
function show(name, query = '', focus = false) {
  const before = shown;
  shown = name;
  for (const other of names) {
    const is = other === name;
    panelOf(other).hidden = !is;
    tabOf(other).setAttribute('aria-selected', String(is));
    tabOf(other).tabIndex = is ? 0 : -1;
  }
  if (!made[name] || (query && query !== made[name].query)) {
    made[name] = { query, hash: `#${name}${query && `?${query}`}` };
    panelOf(name).replaceChildren();
    TABS[name](panelOf(name), stateOf(name, query));
  }
  history.replaceState(null, '', made[name].hash);
  document.title = `${tabOf(name).textContent} · Accord`;
  if (focus) tabOf(name).focus();
  if (before && before !== name) say(`${tabOf(name).textContent} tab shown`);
}

function fromAddress() {
  const [name, query] = location.hash.slice(1).split('?');
  // A link inside the page that names no tab, such as the one to the content.
  if (location.hash && !names.includes(name)) return shown || show('validate');
  show(names.includes(name) ? name : 'validate', query);
}

for (const name of names) {
  tabOf(name).addEventListener('click', () => show(name));
  tabOf(name).addEventListener('keydown', (event) => {
    const at = names.indexOf(name);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + names.length, Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(names[to % names.length], '', true);
  });
}
addEventListener('hashchange', fromAddress);

// A file that is dropped beside a field does not take the page's place.
for (const type of ['dragover', 'drop']) addEventListener(type, (event) => event.preventDefault());

document.getElementById('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = document.getElementById('token-field');
  useToken(field.value);
  forget();
  document.getElementById('token').open = false;
  document.querySelector('#token > summary').textContent = field.value.trim() ? 'Token: in use' : 'Token';
  document.querySelector('#token > summary').focus();
  say(field.value.trim() ? 'token in use' : 'no token in use');
  dispatchEvent(new Event('token'));
});
document.getElementById('token').addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  document.getElementById('token').open = false;
  document.querySelector('#token > summary').focus();
});

const COLOURS = [
  ['', 'system'],
  ['light', 'light'],
  ['dark', 'dark'],
];
let colours = 0;
document.getElementById('theme').addEventListener('click', ({ currentTarget }) => {
  colours = (colours + 1) % COLOURS.length;
  const [theme, name] = COLOURS[colours];
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  currentTarget.textContent = `Colours: ${name}`;
});

fromAddress();
get('/openapi.json').then(
  ({ info }) => {
    document.getElementById('version').textContent = `Accord ${info.version}`;
  },
  () => {},
);
