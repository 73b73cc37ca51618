// The extension for VS Code, with an editor that only notes what it is asked for.

import assert from 'node:assert/strict';
import { createRequire, Module } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const file = require.resolve('../../packaging/vscode/extension.js');
const manifest = require('../../packaging/vscode/package.json');
const defaults = Object.entries(manifest.contributes.configuration.properties).map(([name, property]) => [
  name.replace('accord.', ''),
  property.default,
]);

/** Loads the extension anew; gives it with what it asks for. */
function load(changed = {}, fails = false) {
  const said = { clients: [], stopped: 0, errors: [], commands: new Map(), listeners: [] };
  const settings = new Map([...defaults, ...Object.entries(changed)]);
  class LanguageClient {
    constructor(id, name, server, client) {
      said.clients.push({ id, server, client });
    }
    async start() {
      if (fails) throw new Error('no such file');
    }
    isRunning() {
      return !fails;
    }
    async stop() {
      said.stopped += 1;
    }
  }
  const vscode = {
    workspace: {
      getConfiguration: () => ({ get: (name) => settings.get(name) }),
      onDidChangeConfiguration: (listener) => said.listeners.push(listener),
    },
    window: { showErrorMessage: async (text) => void said.errors.push(text) },
    commands: { registerCommand: (name, run) => said.commands.set(name, run) },
  };
  const stubs = { vscode, 'vscode-languageclient/node': { LanguageClient, TransportKind: { stdio: 0 } } };
  const original = Module._load;
  Module._load = (name, ...rest) => stubs[name] ?? original(name, ...rest);
  try {
    delete require.cache[file];
    return { extension: require(file), said, settings };
  } finally {
    Module._load = original;
  }
}

test('the settings become options', async () => {
  const { extension, said } = load({ packages: ['a#1', 'b#2'], profiles: ['http://p'], fhirVersion: 'R4' });
  await extension.activate({ subscriptions: [] });
  const [{ server, client }] = said.clients;
  assert.equal(server.command, 'accord');
  const options = ['--package', 'a#1', '--package', 'b#2', '--profile', 'http://p', '--fhir-version', 'R4'];
  assert.deepEqual(server.args, ['lsp', ...options]);
  assert.deepEqual(client.documentSelector.map((s) => s.language), ['json', 'jsonc', 'xml']);
  assert.deepEqual(load().extension && said.errors, []);
});

test('a change of a setting starts the server again', async () => {
  const { extension, said, settings } = load();
  await extension.activate({ subscriptions: [] });
  settings.set('path', '/opt/accord');
  await said.listeners[0]({ affectsConfiguration: (name) => name === 'accord.path' });
  await said.listeners[0]({ affectsConfiguration: () => false });
  assert.equal(said.stopped, 1);
  assert.deepEqual(said.clients.map((c) => c.server.command), ['accord', '/opt/accord']);
  await said.commands.get('accord.restart')();
  assert.equal(said.clients.length, 3);
  await extension.deactivate();
  assert.equal(said.stopped, 3);
});

test('a program that cannot be started is named', async () => {
  const { extension, said } = load({ path: 'nowhere' }, true);
  await extension.activate({ subscriptions: [] });
  assert.match(said.errors[0], /`nowhere` could not be started: no such file/);
});
