// What is chosen out of many, such as profiles: a list from which each can be taken again.

import { h, fill, button, say } from './dom.js';

/**
 * A list of what is chosen under `key` of the address; `changed()` is called after each change, and `focus()` after the
 * removal of an entry.
 */
export function choices({ label, key, state, changed, focus }) {
  const all = new Set(state.all(key));
  const element = h('ul', { class: 'picked', 'aria-label': label });

  function draw() {
    fill(
      element,
      [...all].map((value) =>
        h(
          'li',
          {},
          h('code', {}, value),
          button('Remove', () => (all.delete(value), draw(), changed(), focus()), {
            class: 'small',
            'aria-label': `Remove ${value}`,
          }),
        ),
      ),
    );
    element.hidden = all.size === 0;
    state.keep(key, [...all]);
  }

  return {
    element,
    draw,
    values: () => [...all],
    add: (value) => (all.add(value), draw(), changed(), say(`${value} added`)),
  };
}
