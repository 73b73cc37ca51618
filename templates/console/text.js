// Texts: bytes and places in them, how XML and NDJSON are told, JSON put into lines.

/** Places in a string for byte offsets of its UTF-8, in one pass. */
export function placesOf(text, offsets) {
  const sorted = [...new Set(offsets)].sort((a, b) => a - b);
  const places = new Map();
  let [bytes, at, next] = [0, 0, 0];
  while (next < sorted.length) {
    if (bytes >= sorted[next] || at >= text.length) {
      places.set(sorted[next++], Math.min(at, text.length));
      continue;
    }
    const unit = text.charCodeAt(at);
    const isPair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
    bytes += isPair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    at += isPair ? 2 : 1;
  }
  return places;
}

/** The text of a file; throws a `TypeError` for what is not UTF-8. */
export const textOf = async (file) => new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());

/** How many bytes a string has in UTF-8. */
export const byteLength = (text) => new Blob([text]).size;

/** Whether a text is XML, as far as its first character tells. */
export const isXml = (text) => /^\s*</.test(text.slice(0, 1000));

/** The content type in which a text is sent. */
export const mediaType = (text) => (isXml(text) ? 'application/fhir+xml' : 'application/fhir+json');

/** How many lines tell whether a text is NDJSON. */
const HEADS = 5;

/** Whether each of the first lines begins an object, and one of them is whole: another may be broken. */
function isNdjson(text) {
  const heads = [];
  for (let at = 0; at < text.length && heads.length < HEADS; ) {
    const end = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    const head = text.slice(at, end).trim();
    if (head && !head.startsWith('{')) return false;
    if (head) heads.push(head);
    at = end + 1;
  }
  const isWhole = (head) => {
    try {
      return Boolean(JSON.parse(head));
    } catch {
      return false;
    }
  };
  return heads.length > 1 && heads.some(isWhole);
}

/** The lines of NDJSON that have something in them, or `null` where a text is none. */
export function ndjson(text) {
  if (!isNdjson(text)) return null;
  const lines = [];
  let [start, line] = [0, 1];
  while (start <= text.length) {
    const end = text.indexOf('\n', start) < 0 ? text.length : text.indexOf('\n', start);
    const content = text.slice(start, end);
    if (content.trim()) lines.push({ start, line, content });
    [start, line] = [end + 1, line + 1];
  }
  return lines;
}

/** What of a text is underlined for an issue: its first line, with the name before it. */
export function markOf(text, start, end) {
  const before = text.slice(Math.max(0, start - 200), start);
  const name =
    /"(?:[^"\\\n]|\\.)*"\s*:\s*"?$/.exec(before) ??
    /<[\w:-]+\s+value\s*=\s*["']?$/.exec(before) ??
    /["']$/.exec(before);
  const from = name ? start - name[0].length : start;
  const line = text.indexOf('\n', start);
  const isQuoted = name && /["']$/.test(before) && text[end] === before.at(-1);
  let to = Math.min(Math.max(end, start + 1) + (isQuoted ? 1 : 0), line < 0 ? text.length : line, start + 160);
  // An element of XML is underlined by its tag.
  if (text[start] === '<') to = Math.min(to, text.indexOf('>', start) + 1 || to);
  return { from, to: Math.max(to, from + 1) };
}

/** JSON in lines; numbers and texts keep their characters. What is no JSON stays as it is. */
export function inLines(text) {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  const out = [];
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const last = out.at(-1);
    if (part === '}' || part === ']') {
      depth--;
      out.push(last === '{' || last === '[' ? part : line() + part);
      continue;
    }
    const isFirst = last === '{' || last === '[';
    out.push(isFirst ? line() + part : part);
    if (part === '{' || part === '[') {
      depth++;
      out[out.length - 1] = out.at(-1).slice(0, -1);
      out.push(part);
    } else if (part === ',') out.push(line());
    else if (part === ':') out.push(' ');
  }
  return out.join('');
}

/** Where in a JSON text the value at a path like `Patient.name[0].given[1]` stands; `null` where it is not found. */
export function locate(text, path) {
  const steps = [...path.matchAll(/\.([A-Za-z]\w*)(?!\()|\[(\d+)\]/g)].map((m) => m[1] ?? Number(m[2]));
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  let token;
  const next = () => (token = tokens.exec(text));
  /** Passes over the value that begins at the token; gives its end. */
  const pass = () => {
    let depth = 0;
    do {
      if (token[0] === '{' || token[0] === '[') depth++;
      else if (token[0] === '}' || token[0] === ']') depth--;
    } while (depth > 0 && next());
    return tokens.lastIndex;
  };
  const found = (step) => {
    if (typeof step === 'number') {
      if (token[0] !== '[') return step === 0;
      for (let i = 0; next() && token[0] !== ']'; i++) {
        if (i === step) return true;
        pass();
        if (!next() || token[0] === ']') return false;
      }
      return false;
    }
    if (token[0] !== '{') return false;
    while (next() && token[0] !== '}') {
      const name = token[0];
      next();
      next();
      if (!token) return false;
      if (name === JSON.stringify(step) || (isChoice(name, step) && name !== '"')) return true;
      pass();
      if (!next() || token[0] === '}') return false;
    }
    return false;
  };
  const isChoice = (name, step) => step === 'value' && /^"value[A-Z]/.test(name);
  if (!next()) return null;
  for (const step of steps) if (!found(step)) return null;
  const start = token.index;
  return { start, end: pass() };
}
