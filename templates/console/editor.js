// A text with underlined places. A textarea over a layer of marks, as long as the text is short; what is longer is held
// in memory, and shown around the place that is looked at.

import { h, fill, button, field, select, number, say, size } from './dom.js';
import { byteLength, inLines, isXml, textOf } from './text.js';

/** Texts with more characters are not put into the textarea. */
export const LARGE = 200_000;
/** How much of a large text is shown. */
const WINDOW = 3000;

/**
 * A field for a text with a file button and examples. `samples` are `[name, text]`; `looked(i)` is called where the
 * reader goes to mark `i`, `changed` when the text is another.
 */
export function editor({ label, samples = [], looked, changed, rows = 22, placeholder, note }) {
  let text = '';
  let isLarge = false;
  let marks = [];
  let at = 0;
  let chosen = -1;

  const area = h('textarea', {
    rows,
    wrap: 'off',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    placeholder,
    on: { input: edited, scroll: follow, click: look, keyup: look, paste: pasted },
  });
  const layer = h('pre', { class: 'layer', 'aria-hidden': 'true' });
  const gutter = h('pre', { class: 'gutter', 'aria-hidden': 'true' });
  const small = h('div', { class: 'small-text' }, gutter, h('div', { class: 'stack' }, layer, area));
  const excerpt = h('pre', { class: 'code excerpt', tabindex: '0', role: 'group', 'aria-label': 'Excerpt' });
  const place = h('p', { class: 'note' });
  const earlier = button('Earlier', () => shift(-WINDOW), { class: 'small' });
  const later = button('Later', () => shift(WINDOW), { class: 'small' });
  const large = h(
    'div',
    { class: 'large-text', hidden: true },
    place,
    excerpt,
    h('div', { class: 'row' }, earlier, later),
  );
  const told = h('p', { class: 'fault', role: 'alert', hidden: true });

  const picker = h('input', {
    type: 'file',
    class: 'aside',
    tabindex: '-1',
    'aria-hidden': 'true',
    on: { change: () => open(picker.files[0]) },
  });
  const examples =
    samples.length > 0 &&
    select([['', 'Examples …'], ...samples.map(([name], i) => [i, name])], {
      'aria-label': `Examples: ${label}`,
      on: {
        change: () => {
          if (examples.value !== '') set(samples[examples.value][1]);
          examples.value = '';
        },
      },
    });
  const lines = button('Format', () => set(inLines(text)), { class: 'small', title: 'Puts JSON on several lines' });
  const bar = h(
    'div',
    { class: 'row' },
    button('Open a file', () => picker.click(), { class: 'small' }),
    picker,
    examples,
    lines,
    button('Clear', () => set(''), { class: 'small' }),
  );
  const main = field(label, area, note);
  main.classList.add('editor');
  area.before(bar, told, small, large);
  small.querySelector('.stack').append(area);
  for (const type of ['dragenter', 'dragover'])
    main.addEventListener(type, (e) => (e.preventDefault(), main.classList.add('over')));
  for (const type of ['dragleave', 'drop']) main.addEventListener(type, () => main.classList.remove('over'));
  main.addEventListener('drop', (e) => {
    e.preventDefault();
    if (e.dataTransfer.files[0]) open(e.dataTransfer.files[0]);
    else if (e.dataTransfer.getData('text')) set(e.dataTransfer.getData('text'));
  });

  /** Reads a file; what is not UTF-8 is refused. */
  async function open(file) {
    picker.value = '';
    if (!file) return;
    told.hidden = true;
    try {
      set(await textOf(file));
      say(`${file.name} opened, ${size(file.size)}`);
    } catch (error) {
      fill(
        told,
        error instanceof TypeError
          ? `${file.name} is not UTF-8 text, which FHIR requires.`
          : `${file.name} could not be read.`,
      );
      told.hidden = false;
    }
  }

  function pasted(event) {
    const given = event.clipboardData?.getData('text') ?? '';
    if (given.length + text.length <= LARGE) return;
    event.preventDefault();
    set(text.slice(0, area.selectionStart) + given + text.slice(area.selectionEnd));
  }

  function edited() {
    text = area.value;
    if (text.length > LARGE) return set(text);
    unmark();
    changed?.();
  }

  function set(given) {
    text = given;
    isLarge = text.length > LARGE;
    told.hidden = true;
    [small.hidden, large.hidden] = [isLarge, !isLarge];
    area.value = isLarge ? '' : text;
    // A textarea has its own ends of lines.
    if (!isLarge) text = area.value;
    lines.disabled = isXml(text) || isLarge;
    at = 0;
    area.scrollTo(0, 0);
    unmark();
    changed?.();
  }

  function unmark() {
    [marks, chosen] = [[], -1];
    draw();
  }

  function draw() {
    if (isLarge) return drawExcerpt();
    fill(layer, marked(0, text.length, false), '\n');
    let count = 1;
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) count++;
    if (gutter.childElementCount !== count || marks.length) {
      const kinds = lineKinds();
      fill(
        gutter,
        Array.from({ length: count }, (_, i) => h('span', kinds.has(i) ? { class: kinds.get(i) } : {}, `${i + 1}\n`)),
      );
    }
    follow();
  }

  /** The worst mark that begins on each line, from 0. */
  function lineKinds() {
    const order = ['error', 'open', 'warning', 'information'];
    const kinds = new Map();
    let [line, from] = [0, 0];
    for (const mark of marks) {
      for (let i = text.indexOf('\n', from); i >= 0 && i < mark.from; i = text.indexOf('\n', from))
        [line, from] = [line + 1, i + 1];
      const had = kinds.get(line);
      if (!had || order.indexOf(mark.kind) < order.indexOf(had)) kinds.set(line, mark.kind);
    }
    return kinds;
  }

  /** A part of the text with the marks in it; those that overlap are cut at the next. */
  function marked(from, to, active) {
    const out = [];
    let done = from;
    // The first mark that can reach into the part.
    let [low, high] = [0, marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (marks[middle].from < from - 400) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < marks.length && marks[i].from < to; i++) {
      const mark = marks[i];
      const [start, end] = [Math.max(mark.from, done), Math.min(mark.to, to)];
      if (end <= start) continue;
      out.push(text.slice(done, start));
      const kinds = { class: `${mark.kind}${mark.index === chosen ? ' chosen' : ''}` };
      out.push(
        active
          ? h(
              'mark',
              {
                ...kinds,
                role: 'button',
                tabindex: '0',
                on: {
                  click: () => looked?.(mark.index),
                  keydown: (e) => (e.key === 'Enter' || e.key === ' ') && (e.preventDefault(), looked?.(mark.index)),
                },
              },
              text.slice(start, end),
            )
          : h('mark', kinds, text.slice(start, end)),
      );
      done = end;
    }
    out.push(text.slice(done, to));
    return out;
  }

  function drawExcerpt() {
    const end = Math.min(at + WINDOW, text.length);
    fill(excerpt, at > 0 && '… ', marked(at, end, true), end < text.length && ' …');
    fill(
      place,
      `${size(byteLength(text))}, kept in memory. Showing characters ${number(at + 1)} to ${number(end)} of ${number(text.length)}.`,
    );
    [earlier.disabled, later.disabled] = [at === 0, end >= text.length];
  }

  function shift(by) {
    at = Math.max(0, Math.min(at + by, text.length - 1));
    drawExcerpt();
    say(place.textContent);
  }

  function follow() {
    layer.style.transform = `translate(${-area.scrollLeft}px, ${-area.scrollTop}px)`;
    gutter.style.transform = `translateY(${-area.scrollTop}px)`;
  }

  /** Tells which mark the caret is in. */
  function look() {
    if (!looked || area.selectionStart !== area.selectionEnd) return;
    const caret = area.selectionStart;
    const mark = marks.find((m) => m.from <= caret && caret <= m.to);
    if (mark && mark.index !== chosen) looked(mark.index, true);
  }

  /** Shows a part of the text; the focus goes there where `focus` says so. */
  function show(from, to, focus) {
    if (isLarge) {
      at = Math.max(0, from - 600);
      drawExcerpt();
      if (focus) excerpt.focus();
      return;
    }
    draw();
    const before = text.slice(0, from);
    const line = before.split('\n').length - 1;
    const column = from - (before.lastIndexOf('\n') + 1);
    const style = getComputedStyle(area);
    const high = parseFloat(style.lineHeight);
    const wide = parseFloat(style.fontSize) * 0.6;
    if (focus) area.focus({ preventScroll: true });
    area.setSelectionRange(from, focus ? to : from);
    area.scrollTo({
      top: Math.max(0, line * high - area.clientHeight / 3),
      left: column * wide > area.clientWidth * 0.7 ? column * wide - area.clientWidth / 3 : 0,
    });
    follow();
  }

  set('');
  return {
    element: main,
    area,
    get: () => text,
    set,
    isLarge: () => isLarge,
    /** Marks `{from, to, kind, index}` in the order of the text. */
    mark: (given) => {
      marks = given.slice().sort((a, b) => a.from - b.from || a.to - b.to);
      draw();
    },
    /** Goes to a mark by its index. */
    choose: (index, focus) => {
      chosen = index;
      const mark = marks.find((m) => m.index === index);
      if (mark) show(mark.from, mark.to, focus);
      else draw();
    },
    /** Makes a mark the chosen one, where the reader is already. */
    note: (index) => {
      chosen = index;
      draw();
    },
    show,
  };
}
