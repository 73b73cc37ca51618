//! FHIR's rules for narratives: basic formatting elements only, no scripts, no forms, some content
//! (https://hl7.org/fhir/R4/narrative.html#xhtml).

/// Elements of chapters 7 to 11 and 15 of HTML 4.0, links and images.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "map",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// Attributes that any element may have.
const ATTRIBUTES: &[&str] = &[
    "abbr",
    "accesskey",
    "align",
    "axis",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "char",
    "charoff",
    "charset",
    "class",
    "clear",
    "colspan",
    "compact",
    "coords",
    "datetime",
    "dir",
    "frame",
    "headers",
    "height",
    "href",
    "hreflang",
    "hspace",
    "id",
    "lang",
    "longdesc",
    "name",
    "noshade",
    "nowrap",
    "rel",
    "rev",
    "rowspan",
    "rules",
    "scope",
    "shape",
    "size",
    "span",
    "src",
    "start",
    "style",
    "summary",
    "tabindex",
    "title",
    "type",
    "usemap",
    "valign",
    "value",
    "vspace",
    "width",
    "xmlns",
    "xml:lang",
    "xml:space",
    "alt",
    "cite",
    "target",
];

const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Whether a narrative's text is one `div` of well-formed XHTML that holds only what FHIR allows, with some text or an
/// image in it.
pub fn is_allowed(text: &str) -> bool {
    let mut scan = Scan { rest: text.trim(), open: Vec::new(), content: false, roots: 0 };
    scan.document().is_some() && scan.open.is_empty() && scan.roots == 1 && scan.content
}

struct Scan<'s> {
    rest: &'s str,
    open: Vec<&'s str>,
    content: bool,
    roots: u32,
}

impl<'s> Scan<'s> {
    /// Reads to the end; `None` at the first thing that is not allowed.
    fn document(&mut self) -> Option<()> {
        while !self.rest.is_empty() {
            let Some(at) = self.rest.find('<') else { return self.characters(self.rest.len()) };
            self.characters(at)?;
            if let Some(comment) = self.rest.strip_prefix("<!--") {
                (_, self.rest) = comment.split_once("-->")?;
            } else if let Some(end) = self.rest.strip_prefix("</") {
                let (name, behind) = end.split_once('>')?;
                if self.open.pop() != Some(name.trim_end()) {
                    return None;
                }
                self.rest = behind;
            } else {
                self.tag()?;
            }
        }
        Some(())
    }

    /// The characters up to `len`: entities must be well-formed, and outside the root only white space may stand.
    fn characters(&mut self, len: usize) -> Option<()> {
        let (text, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        let blank = text.trim().is_empty();
        if self.open.is_empty() && !blank {
            return None;
        }
        self.content |= !blank;
        let mut tail = text;
        while let Some((_, behind)) = tail.split_once('&') {
            tail = behind;
            let (entity, _) = tail.split_once(';')?;
            let name = entity.strip_prefix('#').unwrap_or(entity);
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return None;
            }
        }
        Some(())
    }

    fn tag(&mut self) -> Option<()> {
        let inside = self.rest.strip_prefix('<')?;
        let end = inside.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/')?;
        let (name, behind) = inside.split_at_checked(end)?;
        if !ELEMENTS.contains(&name) {
            return None;
        }
        let is_root = self.open.is_empty();
        self.rest = behind;
        let mut namespace = None;
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix("/>") {
                self.rest = rest;
                break;
            }
            if let Some(rest) = self.rest.strip_prefix('>') {
                self.rest = rest;
                self.open.push(name);
                break;
            }
            let (attribute, value) = self.attribute()?;
            if attribute == "xmlns" {
                namespace = Some(value);
            }
        }
        self.content |= name == "img";
        if is_root {
            self.roots += 1;
        }
        let right_root = name == "div" && namespace.is_none_or(|n| n == XHTML);
        (!is_root || right_root).then_some(())
    }

    fn attribute(&mut self) -> Option<(&'s str, &'s str)> {
        let (name, behind) = self.rest.split_once('=')?;
        let name = name.trim_end();
        if !ATTRIBUTES.contains(&name) {
            return None;
        }
        let mut value = behind.trim_start().chars();
        let quote = value.next().filter(|c| matches!(c, '"' | '\''))?;
        let (text, rest) = value.as_str().split_once(quote)?;
        self.rest = rest;
        let script =
            matches!(name, "href" | "src") && text.trim_start().to_ascii_lowercase().starts_with("javascript:");
        (!text.contains('<') && !script).then_some((name, text))
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn narratives() {
        for (text, good) in [
            ("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a &lt; b<br/></p></div>", true),
            ("<div xmlns='http://www.w3.org/1999/xhtml'><img src='x' alt='y'/></div>", true),
            ("<div xmlns='http://www.w3.org/1999/xhtml'> <p> </p></div>", false),
            ("<div><script>x</script></div>", false),
            ("<div onclick='x'>y</div>", false),
            ("<div><p>x</div>", false),
            ("<p>x</p>", false),
            ("<div>x", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(text), good, "{text}");
        }
    }
}
