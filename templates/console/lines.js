// Lines of NDJSON: each is asked about by itself; one that is refused does not keep the others from being judged.

import { h, fill, number, ticked } from './dom.js';
import { Refused } from './service.js';

/** How many lines are validated at once. */
const AT_ONCE = 4;
/** How often a line is tried that the service was too busy for, and how long is waited at most, in milliseconds. */
const [TRIES, WAIT] = [4, 5_000];
/** How many refused lines are named. */
const NAMED = 50;
/** What is said of any line: going on would only ask the same again. */
const OF_ALL = [401, 403, undefined];

const pause = (time, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener('abort', () => (clearTimeout(timer), reject(new DOMException('cancelled', 'AbortError'))));
  });

/** Asks about a line, again where the service is busy. */
async function patiently(judge, content, signal) {
  for (let tries = 1; ; tries++) {
    try {
      return await judge(content, { signal });
    } catch (error) {
      const isBusy = error instanceof Refused && error.status === 503 && error.retry;
      if (!isBusy || tries === TRIES) throw error;
      await pause(Math.min(Number(error.retry) * 1_000 || WAIT, WAIT), signal);
    }
  }
}

/**
 * The reports on lines, in their order; in the place of a report `{refused}` where a line was refused.
 * Throws what concerns all lines.
 */
export async function judgeLines(lines, judge, { signal, progress }) {
  const reports = new Array(lines.length);
  let [next, done] = [0, 0];
  const worker = async () => {
    while (next < lines.length) {
      const at = next++;
      try {
        reports[at] = await patiently(judge, lines[at].content, signal);
      } catch (error) {
        if (!(error instanceof Refused) || OF_ALL.includes(error.status)) {
          next = lines.length;
          if (error instanceof Refused) error.title = `Line ${number(lines[at].line)}: ${error.title}`;
          throw error;
        }
        reports[at] = { refused: error };
      }
      progress(++done / lines.length, `${number(done)} of ${number(lines.length)} lines`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return reports;
}

/** The lines that were not examined, and why; `refused` are `{row, error}`. */
export function refusedView(refused) {
  if (refused.length === 0) return null;
  const element = h('div', { class: 'card open refused' });
  fill(
    element,
    h('h3', {}, `Not examined: ${number(refused.length)} ${refused.length === 1 ? 'line' : 'lines'}`),
    h(
      'ul',
      {},
      refused
        .slice(0, NAMED)
        .map(({ row, error }) =>
          h('li', {}, h('b', {}, `Line ${number(row)}`), `: ${error.title}. `, ticked(error.lines[0] ?? '')),
        ),
    ),
    refused.length > NAMED && h('p', { class: 'note' }, `… and ${number(refused.length - NAMED)} more`),
  );
  return element;
}
