//! What is said of the faults of a narrative.

use crate::assertion::xhtml::XhtmlFaultKind as Kind;

/// The text of a fault; `found` is what stands there.
pub fn text(kind: Kind, found: &str) -> String {
    match kind {
        Kind::NotWellFormed => format!("the markup of the narrative is not well-formed at `{found}`"),
        Kind::EndTag => format!("the end tag of `{found}` closes another element of the narrative"),
        Kind::Unclosed => format!("`{found}` is not closed in the narrative"),
        Kind::Doctype => "a document type declaration stands in the narrative".to_owned(),
        Kind::Entity => format!("`{found}` is no entity of XML"),
        Kind::CharacterReference => format!("`{found}` refers to no character of XML"),
        Kind::Root => format!("the root of the narrative is `{found}`, not `div`"),
        Kind::Namespace => format!("`{found}` in the narrative is not of the XHTML namespace"),
        Kind::Element => format!("a narrative may not hold the element `{found}`"),
        Kind::Attribute => format!("the attribute `{found}` may not stand there in a narrative"),
        Kind::DuplicateAttribute => format!("the attribute `{found}` stands twice in one tag of the narrative"),
        Kind::Placement => format!("`{found}` stands outside of the element that it needs around it"),
        Kind::Content => format!("`{found}` stands in an element that does not take it"),
        Kind::Block => format!("the block `{found}` stands inside an element of text"),
        Kind::UrlCharacters => format!("the link `{found}` holds characters that no url has"),
        Kind::EmptyLink => "a link of the narrative is empty".to_owned(),
        Kind::ActiveLink => format!("the link `{found}` runs a script"),
        Kind::LinkScheme => format!("the link `{found}` has a scheme that no browser follows"),
        Kind::NoContent => "the narrative holds neither text nor an image".to_owned(),
        Kind::ControlCharacter => "a control character stands in the narrative".to_owned(),
        Kind::TooDeep => format!("the narrative is nested too deeply at `{found}`"),
    }
}
