//! What client and server agreed on at the beginning.

use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions, HoverProviderCapability,
    InitializeParams, InitializeResult, PositionEncodingKind, ServerCapabilities, ServerInfo,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
};

use crate::lsp::Encoding;

/// The kind of the action that applies all safe fixes.
pub(super) const FIX_ALL: &str = "source.fixAll.accord";

/// What was agreed on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Session {
    /// What columns are counted in.
    pub encoding: Encoding,
    /// Whether completions may have places to go on at.
    pub has_snippets: bool,
    /// Whether a diagnostic may have further information.
    pub has_related: bool,
}

impl Session {
    /// What the client can do.
    pub fn of(params: &InitializeParams) -> Session {
        let capabilities = &params.capabilities;
        let offered = capabilities.general.as_ref().and_then(|g| g.position_encodings.as_deref()).unwrap_or_default();
        let text = capabilities.text_document.as_ref();
        let completion = text.and_then(|t| t.completion.as_ref()?.completion_item.as_ref());
        let diagnostics = text.and_then(|t| t.publish_diagnostics.as_ref());
        Session {
            encoding: match offered.contains(&PositionEncodingKind::UTF8) {
                true => Encoding::Utf8,
                false => Encoding::Utf16,
            },
            has_snippets: completion.and_then(|c| c.snippet_support).unwrap_or_default(),
            has_related: diagnostics.and_then(|d| d.related_information).unwrap_or_default(),
        }
    }

    /// What the server can do.
    pub fn result(self) -> InitializeResult {
        let encoding = match self.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 | Encoding::Utf32 => PositionEncodingKind::UTF16,
        };
        let triggers = ["\"", "<", ":"].map(str::to_owned).to_vec();
        InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(encoding),
                text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
                    open_close: Some(true),
                    change: Some(TextDocumentSyncKind::INCREMENTAL),
                    ..TextDocumentSyncOptions::default()
                })),
                hover_provider: Some(HoverProviderCapability::Simple(true)),
                completion_provider: Some(CompletionOptions {
                    trigger_characters: Some(triggers),
                    ..CompletionOptions::default()
                }),
                code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
                    code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::new(FIX_ALL)]),
                    ..CodeActionOptions::default()
                })),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "accord".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        }
    }
}
