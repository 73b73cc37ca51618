// What is asked of the service, and what its refusals mean.

import { h, number, button, size, ticked } from './dom.js';

let token = '';
/** Keeps a bearer token for the requests to come. */
export function useToken(text) {
  token = text.trim();
}

/** A request that was not served, in words. */
export class Refused extends Error {
  constructor(title, lines, { status = 0, retry } = {}) {
    super(title);
    Object.assign(this, { title, lines, status, retry });
  }
}

/** A request that was given up. */
export const isCancelled = (error) => error?.name === 'AbortError';

/**
 * Sends a request; gives status and text. XMLHttpRequest, because it tells how much of a body is sent.
 * `progress` is called with a part of 1, or with `null` once all is sent.
 */
function send(method, path, { body, type, accept = 'application/json', signal, progress } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const cancel = () => request.abort();
    if (signal?.aborted) return reject(new DOMException('cancelled', 'AbortError'));
    request.open(method, path);
    request.setRequestHeader('accept', accept);
    if (type) request.setRequestHeader('content-type', type);
    if (token) request.setRequestHeader('authorization', `Bearer ${token}`);
    signal?.addEventListener('abort', cancel);
    request.upload.addEventListener('progress', (e) =>
      progress?.(e.lengthComputable && e.total ? e.loaded / e.total : 0),
    );
    request.upload.addEventListener('load', () => progress?.(null));
    request.addEventListener('loadend', () => signal?.removeEventListener('abort', cancel));
    request.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
    request.addEventListener('error', () =>
      reject(
        new Refused('The service did not answer', ['It may have been stopped, or the connection was lost. Try again.']),
      ),
    );
    request.addEventListener('load', () => resolve(request));
    request.send(body ?? null);
  });
}

/** Asks for JSON; throws {@link Refused} for a status that is none of `taken`. */
export async function ask(method, path, options = {}) {
  const { taken = [200], ...rest } = options;
  const answer = await send(method, path, rest);
  let value;
  try {
    value = JSON.parse(answer.responseText);
  } catch {
    value = undefined;
  }
  if (value !== undefined && taken.includes(answer.status)) return { value, status: answer.status };
  throw refusal(answer, value);
}

export const get = async (path, options) => (await ask('GET', path, options)).value;

/** Posts a JSON document that is not FHIR. */
export const post = async (path, body, options) =>
  (await ask('POST', path, { body: JSON.stringify(body), type: 'application/json', ...options })).value;

const TITLES = {
  400: 'The request was not understood',
  401: 'This service requires a token',
  403: 'This is not allowed here',
  404: 'Not found',
  406: 'The response is not available in this format',
  408: 'The request took too long to arrive',
  409: 'This conflicts with what the service keeps',
  410: 'This has expired',
  413: 'Too large for the service',
  415: 'This media type is not supported',
  422: 'The request was understood, but cannot be answered',
  431: 'The headers of the request are too long',
  500: 'The service failed',
  502: 'Another server did not answer the service',
  503: 'The service is busy or ran out of time',
  507: 'The service has no storage left',
};

function refusal(answer, value) {
  const { status } = answer;
  const lines = (value?.resourceType === 'OperationOutcome' ? (value.issue ?? []) : []).map((issue) => {
    const where = issue.diagnostics && !issue.diagnostics.startsWith('at the root') ? ` (${issue.diagnostics})` : '';
    return `${issue.details?.text ?? issue.code ?? 'no reason is told'}${where}`;
  });
  if (lines.length === 0)
    lines.push(
      `The response with status ${status} does not come from this service; a proxy in between may have sent it.`,
    );
  const retry = answer.getResponseHeader('retry-after');
  return new Refused(`${TITLES[status] ?? 'The request was refused'} (${status})`, lines, { status, retry });
}

/** What is shown of a request that was not served. */
export function faultView(error) {
  if (!(error instanceof Refused)) {
    console.error(error);
    return h(
      'div',
      { class: 'fault', role: 'alert' },
      h('h3', {}, 'This page failed'),
      h('p', {}, String(error?.message ?? error)),
    );
  }
  const advice = [];
  if (error.status === 401) {
    advice.push(
      h('p', {}, 'Ask the operator of the service for one. ', button('Enter a token', openToken, { class: 'small' })),
    );
  }
  if (error.status === 413)
    advice.push(h('p', {}, 'Split it (for example a Bundle into NDJSON), or ask the operator to raise the limit.'));
  if (error.retry)
    advice.push(
      h(
        'p',
        {},
        /^\d+$/.test(error.retry)
          ? `Try again in ${error.retry} ${error.retry === '1' ? 'second' : 'seconds'}.`
          : `Try again after ${error.retry}.`,
      ),
    );
  return h(
    'div',
    { class: 'fault', role: 'alert' },
    h('h3', {}, error.title),
    error.lines.slice(0, 20).map((line) => h('p', {}, ticked(line))),
    error.lines.length > 20 && h('p', {}, `… and ${number(error.lines.length - 20)} more`),
    advice,
  );
}

function openToken() {
  document.getElementById('token').open = true;
  document.getElementById('token-field').focus();
}

const kept = new Map();
/** A list of the service that is read once; it is read again where that failed, or another token is used. */
export function once(path) {
  if (!kept.has(path)) {
    const asked = get(path);
    kept.set(path, asked);
    asked.catch(() => kept.delete(path));
  }
  return kept.get(path);
}
export const forget = () => kept.clear();

/** The rules by id. */
export async function rules() {
  const { rules } = await once('/rules');
  return new Map(rules.map((rule) => [rule.id, rule]));
}

/** A button that starts work, one that ends it, and how far it is. */
export function runner(label, work) {
  let controller;
  const bar = h('progress', { max: '1', 'aria-label': 'Progress' });
  const told = h('span', { class: 'note' });
  const start = button(label, run, { class: 'primary' });
  const cancel = button('Cancel', () => controller?.abort());
  const busy = h('span', { class: 'busy', hidden: true }, bar, told, cancel);
  const progress = (part, text) => {
    if (part === null || part === undefined) bar.removeAttribute('value');
    else bar.value = part;
    told.textContent = text ?? (part === null ? 'working' : '');
  };
  async function run() {
    controller?.abort();
    const own = (controller = new AbortController());
    progress(null, '');
    const wasThere = document.activeElement === start;
    start.disabled = true;
    // What is answered at once needs no bar.
    const shown = setTimeout(() => (busy.hidden = false), 200);
    try {
      await work({ signal: own.signal, progress });
    } finally {
      clearTimeout(shown);
      if (controller === own) {
        // What is hidden or disabled loses the focus; where the work has moved it, it stays.
        const at = document.activeElement;
        const back = busy.contains(at) || (wasThere && (at === document.body || at === start));
        busy.hidden = true;
        start.disabled = false;
        if (back) start.focus();
      }
    }
  }
  return { element: h('div', { class: 'run' }, start, busy), run };
}

/** How a body is on its way, in words. */
export const sending = (bytes, progress) => (part) =>
  progress(part, part === null ? 'working' : `${Math.round(part * 100)} % of ${size(bytes)} sent`);
