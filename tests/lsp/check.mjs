// Speaks to `accord lsp` by the library that editors use: what it gives has to be what the protocol says.
// Needs $ACCORD (the binary; default target/debug/accord).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';
import protocol from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const accord = process.env.ACCORD ?? new URL('../../target/debug/accord', import.meta.url).pathname;
const running = new Set();

after(() => running.forEach((child) => child.kill()));

/** A server with a client that can do what VS Code can, and its open documents. */
async function start(more = {}) {
  const child = spawn(accord, ['lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(child.stdout),
    new protocol.StreamMessageWriter(child.stdin),
  );
  const published = new Map();
  const waiting = [];
  connection.onNotification(protocol.PublishDiagnosticsNotification.type, (params) => {
    published.set(`${params.uri} ${params.version}`, params.diagnostics);
    waiting.splice(0).forEach((wake) => wake());
  });
  connection.onError(([error]) => assert.fail(error));
  connection.listen();
  const { capabilities } = await connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      textDocument: {
        completion: { completionItem: { snippetSupport: true } },
        publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
      },
      ...more,
    },
  });
  await connection.sendNotification(protocol.InitializedNotification.type, {});
  return {
    connection,
    capabilities,
    async diagnostics(document) {
      const key = `${document.uri} ${document.version}`;
      while (!published.has(key)) await new Promise((wake) => waiting.push(wake));
      return published.get(key);
    },
    async stop() {
      await connection.sendRequest(protocol.ShutdownRequest.type);
      await connection.sendNotification(protocol.ExitNotification.type);
      assert.equal(await ended, 0);
      running.delete(child);
    },
  };
}

async function open({ connection }, uri, text, languageId = 'json') {
  const textDocument = { uri, languageId, version: 1, text };
  await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, { textDocument });
  return TextDocument.create(uri, languageId, 1, text);
}

/** Types a text over a range, as the editor and as the server have it. */
async function type({ connection }, document, range, text) {
  const contentChanges = [{ range, text }];
  const version = document.version + 1;
  const textDocument = { uri: document.uri, version };
  await connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, { textDocument, contentChanges });
  return TextDocument.update(document, contentChanges, version);
}

const patient = `{
  "resourceType": "Patient",
  "meta": {"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]},
  "language": "\u{1f600}", "name": {"family": "\u{1f600}", "given": ["a"]},
  "identifier": [{"system": "http://example.org", "value": "1"}],
  "maritalStatus": {"coding": [{
    "system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M", "display": "Wedded"}]},
  "gender": "man"
}`;

test('diagnostics are where the editor has what they are about', async () => {
  const server = await start();
  const document = await open(server, 'file:///p.json', patient);
  const found = await server.diagnostics(document);
  const at = (code) => {
    const one = found.find((d) => d.code === code);
    assert.ok(one, code);
    return [document.getText(one.range), one];
  };
  assert.equal(at('binding-required')[0], 'man');
  assert.equal(at('display')[0], 'Wedded');
  assert.equal(at('element-array')[0], '{');
  const [, binding] = at('binding-required');
  assert.equal(binding.source, 'accord');
  assert.equal(binding.severity, protocol.DiagnosticSeverity.Error);
  assert.match(binding.codeDescription.href, /^https:/);
  assert.ok(binding.relatedInformation.some((r) => r.message.startsWith('demanded by ')));
  await server.stop();
});

test('safe fixes together leave a text with fewer problems', async () => {
  const server = await start();
  let document = await open(server, 'file:///p.json', patient);
  const before = await server.diagnostics(document);
  const [action] = await server.connection.sendRequest(protocol.CodeActionRequest.type, {
    textDocument: { uri: document.uri },
    range: { start: { line: 0, character: 0 }, end: document.positionAt(patient.length) },
    context: { diagnostics: before, only: ['source.fixAll.accord'] },
  });
  assert.ok(protocol.CodeAction.is(action));
  const [edit, ...others] = action.edit.changes[document.uri];
  assert.deepEqual(others, []);
  document = await type(server, document, edit.range, edit.newText);
  const text = document.getText();
  assert.ok(text.includes('"name": [{"family": "\u{1f600}", "given": ["a"]}],') && text.includes('"Married"'), text);
  const left = await server.diagnostics(document);
  assert.ok(left.length < before.length);
  assert.ok(!left.some((d) => d.code === 'display' || d.code === 'element-array'));
  await server.stop();
});

test('what is completed can be written', async () => {
  const server = await start();
  const text = '{"resourceType": "Observation", "status": "';
  let document = await open(server, 'file:///o.json', text);
  const ask = async (offset) =>
    server.connection.sendRequest(protocol.CompletionRequest.type, {
      textDocument: { uri: document.uri },
      position: document.positionAt(offset),
    });
  const codes = await ask(text.length);
  const final = codes.items.find((item) => item.label === 'final');
  assert.ok(protocol.TextEdit.is(final.textEdit));
  document = await type(server, document, final.textEdit.range, final.textEdit.newText);
  assert.equal(document.getText(), `${text}final"`);
  document = await type(server, document, { start: document.positionAt(999), end: document.positionAt(999) }, ', ');
  const names = await ask(document.getText().length);
  const code = names.items.find((item) => item.label === 'code');
  assert.match(code.detail, /^required, CodeableConcept 1\.\.1/);
  assert.equal(code.insertTextFormat, protocol.InsertTextFormat.Snippet);
  const written = TextDocument.applyEdits(document, [code.textEdit]);
  assert.ok(written.endsWith(', "code": {$0\\}'), written);
  await server.stop();
});

test('hover is Markdown about an element', async () => {
  const server = await start();
  const document = await open(server, 'file:///p.json', patient);
  const hover = await server.connection.sendRequest(protocol.HoverRequest.type, {
    textDocument: { uri: document.uri },
    position: document.positionAt(patient.indexOf('family') + 2),
  });
  assert.ok(protocol.Hover.is(hover));
  assert.equal(hover.contents.kind, 'markdown');
  assert.match(hover.contents.value, /HumanName\.family.*0\.\.1/);
  assert.equal(document.getText(hover.range), 'family');
  await server.stop();
});

test('columns are bytes where the client counts so', async () => {
  const server = await start({ general: { positionEncodings: ['utf-8', 'utf-16'] } });
  assert.equal(server.capabilities.positionEncoding, 'utf-8');
  const document = await open(server, 'file:///p.json', '{"resourceType":"Patient","language":"\u{e4}","active":1}');
  const found = await server.diagnostics(document);
  const active = found.find((d) => d.code === 'primitive-lexeme');
  assert.equal(active.range.start.character, 51);
  await server.stop();
});

test('XML has positions and fixes too', async () => {
  const server = await start();
  const text = '<Patient xmlns="http://hl7.org/fhir">\n  <name>\n    <use value="offical"/>\n  </name>\n</Patient>';
  const document = await open(server, 'file:///p.xml', text, 'xml');
  const [one] = await server.diagnostics(document);
  assert.equal(document.getText(one.range), 'offical');
  const actions = await server.connection.sendRequest(protocol.CodeActionRequest.type, {
    textDocument: { uri: document.uri },
    range: one.range,
    context: { diagnostics: [one] },
  });
  assert.equal(actions[0].isPreferred, undefined);
  const written = TextDocument.applyEdits(document, actions[0].edit.changes[document.uri]);
  assert.ok(written.includes('<use value="official"/>'), written);
  await server.stop();
});
