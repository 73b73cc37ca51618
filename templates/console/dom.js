// Elements are made here, and nowhere from markup: whatever the server or an instance says becomes text.

/** An element with attributes, listeners (`on: {click}`) and children; strings become text nodes. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'on') Object.entries(value).forEach(([type, listener]) => element.addEventListener(type, listener));
    else if (key === 'value') element.value = value;
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Puts these children in place of all that an element has. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

let count = 0;
/** An id that no other element has. */
export const newId = (of) => `${of}-${++count}`;

/** A label over a field; `note` is told with it. */
export function field(label, input, note) {
  input.id ||= newId('field');
  const noteId = note && `${input.id}-note`;
  if (note) input.setAttribute('aria-describedby', noteId);
  return h(
    'div',
    { class: 'field' },
    h('label', { for: input.id }, label),
    input,
    note && h('p', { class: 'note', id: noteId }, note),
  );
}

/** A select of `[value, text]`. */
export function select(options, attributes = {}) {
  return h(
    'select',
    attributes,
    options.map(([value, text]) => h('option', { value }, text)),
  );
}

/** A box to tick, with its label behind it. */
export function tick(label, checked = false) {
  const input = h('input', { type: 'checkbox', id: newId('tick'), checked });
  return { input, element: h('div', { class: 'tick' }, input, h('label', { for: input.id }, label)) };
}

export function button(text, click, attributes = {}) {
  return h('button', { type: 'button', on: { click }, ...attributes }, text);
}

/** A message: what stands between backticks is data. */
export const ticked = (text) =>
  String(text)
    .split('`')
    .map((part, i) => (i % 2 ? h('code', {}, part) : part));

/** A coloured word. */
export const chip = (kind, text) => h('span', { class: `chip ${kind}` }, text);

/** A folded part. */
export const folded = (title, ...children) =>
  h('details', {}, h('summary', {}, title), h('div', { class: 'inner' }, children));

/** A table; cells that are arrays have several children. What is too wide for the page scrolls by itself. */
export function table(caption, heads, rows) {
  const cell = (tag, scope) => (c) => h(tag, scope ? { scope } : {}, c);
  const body = rows.map((row) => h('tr', {}, h('th', { scope: 'row' }, row[0]), row.slice(1).map(cell('td'))));
  return h(
    'div',
    { class: 'wide', tabindex: '0', role: 'group', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, heads.map(cell('th', 'col')))),
      h('tbody', {}, body),
    ),
  );
}

/** Text of data, in its own lines; long ones are cut, which is said. */
export function code(text, limit = 20000) {
  const whole = String(text);
  const shown = whole.length > limit ? whole.slice(0, limit) : whole;
  return [
    h('pre', { class: 'code', tabindex: '0', role: 'group', 'aria-label': 'Text' }, shown),
    whole.length > limit &&
      h('p', { class: 'note' }, `The first ${number(limit)} of ${number(whole.length)} characters.`),
  ];
}

/** A button that puts a text into the clipboard. */
export function copier(text, what) {
  return button(
    'Copy',
    async () => {
      try {
        await navigator.clipboard.writeText(text());
        say(`${what} copied`);
      } catch {
        say('the browser does not let this page write to the clipboard');
      }
    },
    { class: 'small', 'aria-label': `Copy ${what}` },
  );
}

/** Items of which a page is shown at a time. */
export function paged(items, size, what, render) {
  const list = h('ul', { class: 'plain' });
  const place = h('span', { class: 'place' });
  let page = 0;
  const pages = Math.max(1, Math.ceil(items.length / size));
  const show = (at) => {
    page = Math.min(Math.max(at, 0), pages - 1);
    fill(
      list,
      items.slice(page * size, (page + 1) * size).map((item, i) => render(item, page * size + i)),
    );
    fill(place, `Page ${number(page + 1)} of ${number(pages)}`);
    earlier.disabled = page === 0;
    later.disabled = page === pages - 1;
  };
  const turn = (by) => {
    show(page + by);
    say(`${what}, page ${page + 1} of ${pages}`);
    list.scrollIntoView({ block: 'nearest' });
  };
  const earlier = button('Previous', () => turn(-1), { class: 'small' });
  const later = button('Next', () => turn(1), { class: 'small' });
  const nav = pages > 1 && h('nav', { class: 'pages', 'aria-label': `Pages of ${what}` }, earlier, place, later);
  show(0);
  return { element: h('div', {}, nav, list), list, toItem: (i) => show(Math.floor(i / size)) };
}

/** Tells those who listen to the page rather than see it. */
export function say(text) {
  fill(document.getElementById('spoken'), text);
}

export const number = (n) => n.toLocaleString('en');

/** A size in bytes, for people. */
export function size(bytes) {
  const [unit, by] = bytes < 1e3 ? ['bytes', 1] : bytes < 1e6 ? ['KB', 1e3] : ['MB', 1e6];
  return `${(bytes / by).toFixed(by === 1 ? 0 : 1)} ${unit}`;
}

/** `1 issue`, `2 issues` */
export const count_of = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

/** The last part of a canonical, with its version. */
export const short = (canonical) => String(canonical).split('/').pop();
