// A field that suggests what it may contain: the combobox of the ARIA Authoring Practices with a list.

import { h, fill, newId, say } from './dom.js';
import { get, once } from './service.js';

/** How long nothing is typed before something is asked for, in milliseconds. */
const PAUSE = 200;
/** How many packages are shown. */
const SHOWN = 30;

/**
 * A field with suggestions: `suggest(text)` gives `{items: [{value, text, note}], total}`; `chosen(value)` is called with
 * what is taken, or with what was typed and confirmed by Enter.
 */
export function combobox({ label, suggest, chosen, placeholder, note, clears = false }) {
  const listId = newId('list');
  const noteId = note && newId('note');
  const list = h('ul', { role: 'listbox', id: listId, 'aria-label': label, class: 'suggestions', hidden: true });
  const input = h('input', {
    type: 'text',
    role: 'combobox',
    id: newId('combobox'),
    'aria-expanded': 'false',
    'aria-controls': listId,
    'aria-autocomplete': 'list',
    'aria-describedby': noteId,
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder,
    on: {
      input: typed,
      keydown: key,
      blur: () => setTimeout(() => document.activeElement !== input && close(), 150),
      focus: () => !input.value && typed(),
      click: () => list.hidden && typed(),
    },
  });
  const fault = h('p', { class: 'note', role: 'status' });
  let [items, at, timer, asked] = [[], -1, 0, 0];

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(offer, PAUSE);
  }

  async function offer() {
    const own = ++asked;
    try {
      const found = await suggest(input.value.trim());
      if (own !== asked || document.activeElement !== input) return;
      fill(fault);
      items = found.items;
      const more = found.total - items.length;
      fill(
        list,
        items.map((item, i) =>
          h(
            'li',
            {
              role: 'option',
              id: `${listId}-${i}`,
              'aria-selected': 'false',
              on: { mousedown: (e) => (e.preventDefault(), take(i)) },
            },
            h('span', {}, item.text),
            item.note && h('small', {}, item.note),
          ),
        ),
        more > 0 && h('li', { class: 'more', role: 'presentation' }, `${more} more: type another word`),
      );
      at = -1;
      open(items.length > 0);
      say(items.length ? `${found.total} found` : 'nothing found');
    } catch (error) {
      close();
      fill(fault, error.title ?? String(error.message));
    }
  }

  function open(is) {
    list.hidden = !is;
    input.setAttribute('aria-expanded', String(is));
    if (!is) input.removeAttribute('aria-activedescendant');
  }
  function close() {
    asked++;
    clearTimeout(timer);
    open(false);
  }

  function move(to) {
    const options = [...list.querySelectorAll('[role=option]')];
    if (options.length === 0) return;
    options[at]?.setAttribute('aria-selected', 'false');
    at = (to + options.length) % options.length;
    options[at].setAttribute('aria-selected', 'true');
    options[at].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', options[at].id);
  }

  function take(i) {
    const value = items[i]?.value ?? input.value.trim();
    input.value = clears ? '' : value;
    close();
    if (value) chosen?.(value);
  }

  function key(event) {
    const isOpen = !list.hidden;
    if (event.key === 'ArrowDown') isOpen ? move(at + 1) : offer();
    else if (event.key === 'ArrowUp' && isOpen) move(at < 0 ? -1 : at - 1);
    else if (event.key === 'Enter') take(isOpen ? at : -1);
    else if (event.key === 'Escape' && isOpen) close();
    else return;
    event.preventDefault();
  }

  const told = note && h('p', { class: 'note', id: noteId }, note);
  const element = h('div', { class: 'field combobox' }, h('label', { for: input.id }, label), input, list, told, fault);
  return { element, input, get: () => input.value.trim(), set: (value) => (input.value = value) };
}

/** Suggests profiles; `extra(text)` gives items that stand before them, `of()` packages, `version()` a FHIR version. */
export const profiles =
  (of = () => [], extra = async () => [], version = () => '') =>
  async (text) => {
    const query = new URLSearchParams({ text, count: '30' });
    of().forEach((name) => query.append('package', name));
    if (version()) query.set('fhirVersion', version());
    const [first, found] = await Promise.all([extra(text), get(`/profile-search?${query}`)]);
    const items = found.profiles.map((p) => ({
      value: p.canonical,
      text: p.canonical.split('/').pop(),
      note: `${p.type} · ${p.package} · ${p.canonical}`,
    }));
    // Names in which the words begin stand before those in which they are somewhere.
    const parts = (name) => name.toLowerCase().split(/[^a-z0-9]+/);
    const begins = ({ text: name }) => parts(text).every((word) => parts(name).some((part) => part.startsWith(word)));
    items.sort((a, b) => begins(b) - begins(a));
    return { items: [...first, ...items], total: found.total + first.length };
  };

/** Packages by words. */
export const packages = (all) => async (text) => {
  const words = text.toLowerCase().split(/\s+/);
  const names = (await all()).filter((name) => words.every((word) => name.toLowerCase().includes(word)));
  return names.map((name) => ({ value: name, text: name, note: 'all profiles of this package' }));
};

/** Suggests the packages of the service. */
export async function guidesByWords(text) {
  const names = async () => (await once('/packages')).packages.map((p) => `${p.id}#${p.version}`);
  const found = await packages(names)(text.replace(/[\s#.]+/g, ' ').trim());
  return { items: found.slice(0, SHOWN).map(({ value }) => ({ value, text: value })), total: found.length };
}
