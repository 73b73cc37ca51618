// Starts `accord lsp`, and hands it the documents that may be FHIR instances; the server leaves other files alone.
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const SELECTOR = ["json", "jsonc", "xml"].map((language) => ({ language }));

let client;

/** The options of `accord lsp` by the settings. */
function options(settings) {
  const version = settings.get("fhirVersion");
  return [
    "lsp",
    ...settings.get("packages").flatMap((name) => ["--package", name]),
    ...settings.get("profiles").flatMap((url) => ["--profile", url]),
    ...(version ? ["--fhir-version", version] : []),
    ...settings.get("arguments"),
  ];
}

async function start() {
  const settings = vscode.workspace.getConfiguration("accord");
  const command = settings.get("path");
  const server = { command, args: options(settings), transport: TransportKind.stdio };
  client = new LanguageClient("accord", "Accord", server, { documentSelector: SELECTOR });
  try {
    await client.start();
  } catch (error) {
    const text = `Accord: \`${command}\` could not be started: ${error.message ?? error}`;
    const choice = await vscode.window.showErrorMessage(text, "Open settings");
    if (choice) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "accord.path");
    }
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running?.isRunning()) {
    await running.stop();
  }
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(vscode.commands.registerCommand("accord.restart", restart));
  const concerns = (change) =>
    ["path", "packages", "profiles", "fhirVersion", "arguments"].some((name) =>
      change.affectsConfiguration(`accord.${name}`),
    );
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((change) => (concerns(change) ? restart() : undefined)),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
