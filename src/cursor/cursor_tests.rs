use super::*;

/// What is at the `|` of a text: the names of the levels, and the spot.
fn at(text: &str) -> (String, Spot) {
    let place = text.find('|').expect("a place");
    let found = cursor(&text.replacen('|', "", 1), place);
    let names: Vec<&str> = found.levels.iter().map(|l| &*l.name).collect();
    (names.join("/"), found.spot)
}

fn name(text: &str) -> (String, String) {
    match at(text) {
        (levels, Spot::Name(token)) => (levels, token.text),
        other => panic!("{other:?}"),
    }
}

fn value(text: &str) -> (String, String, String) {
    match at(text) {
        (levels, Spot::Value { name, token }) => (levels, name, token.text),
        other => panic!("{other:?}"),
    }
}

fn own(parts: (&str, &str)) -> (String, String) {
    (parts.0.to_owned(), parts.1.to_owned())
}

#[test]
fn names_are_found_where_they_are_typed() {
    for (text, levels, written) in [
        (r#"{"na|me":1}"#, "", "name"),
        (r#"{"name":[{"|"#, "/name", ""),
        (r#"{"name":[{"fam|"#, "/name", "fam"),
        (r#"{"name":[{"fam|}],"gender":"male"}"#, "/name", "fam}],"),
        (r#"{"n":[{"f|":[]}],"m":{"c":[{}],"t":1}}"#, "/n", "f"),
        (r#"{"a":1,|}"#, "", ""),
        (r#"{"a":{"b":1}, fa|"#, "", "fa"),
        (r#"{"a":[{"b":[{}]|}]}"#, "/a", ""),
        ("{\"a\":[{\"b\n|}]}", "/a", ""),
    ] {
        assert_eq!(name(text), own((levels, written)), "{text}");
    }
}

#[test]
fn values_are_found_where_they_are_typed() {
    for (text, levels, member, written) in [
        (r#"{"a":|}"#, "", "a", ""),
        (r#"{"a":"x|y"}"#, "", "a", "xy"),
        (r#"{"a":["x","|"]}"#, "", "a", ""),
        (r#"{"n":{"a":tr|"#, "/n", "a", "tr"),
        (r#"{"n":[{"a":[|"#, "/n", "a", ""),
        (r#"{"a":"\"|"}"#, "", "a", r#"\""#),
        (r#"<P><name><use value="o|"/></name></P>"#, "/name", "use", "o"),
        (r#"<P><gender value="|"#, "", "gender", ""),
        (r#"<P><extension url="http://x|"><valueCode value="a"/></extension></P>"#, "/extension", "url", "http://x"),
    ] {
        let expected = (levels.to_owned(), member.to_owned(), written.to_owned());
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn elements_are_found_where_they_are_typed() {
    for (text, levels, written) in [
        ("<Patient><na|", "", "na"),
        ("<Patient><name><fam|\n</name></Patient>", "/name", "fam"),
        ("<Patient><name>|</name><contact><name></name></contact></Patient>", "/name", ""),
        ("<Patient><contained><Observation><st|/></Observation></contained></Patient>", "/contained", "st"),
        ("<Patient><!-- <name> --> |", "", ""),
    ] {
        assert_eq!(name(text), own((levels, written)), "{text}");
    }
    assert_eq!(at("<Patient><!-- <na|me> --></Patient>").1, Spot::Nowhere);
}

#[test]
fn levels_know_what_is_said_behind_the_place() {
    let text = r#"{"contained":[{"status":"|","resourceType":"Observation","meta":{"profile":["http://p"]}}],
        "resourceType":"Patient","gender":"male"}"#;
    let place = text.find('|').unwrap();
    let found = cursor(text, place);
    let said: Vec<_> = found.levels.iter().map(|l| (l.resource_type.as_deref(), l.profiles.len())).collect();
    assert_eq!(said, [(Some("Patient"), 0), (Some("Observation"), 1)]);
    let members: Vec<&str> = found.levels[0].members.iter().map(|m| &*m.name).collect();
    assert_eq!(members, ["contained", "resourceType", "gender"]);
    let xml =
        r#"<Patient><meta><profile value="http://p"/></meta><contact>|</contact><active value="true"/></Patient>"#;
    let found = cursor(xml, xml.find('|').unwrap());
    assert_eq!(found.levels[0].profiles, ["http://p"]);
    assert_eq!(found.levels[0].resource_type.as_deref(), Some("Patient"));
    assert_eq!(found.levels[0].members.len(), 3);
}

#[test]
fn values_end_where_they_end() {
    for (text, end) in [("\"a\\\"b\", 1", 6), ("[1,{\"a\":[]}] ,", 12), ("12,", 2), ("{\"a\":1", 6), ("true}", 4)] {
        assert_eq!(value_end(text, 0), end, "{text}");
    }
    assert_eq!(entries("[1, [2] ,{\"a\":\"]\"}]", 0..19).unwrap(), [1..2, 4..7, 9..18]);
    assert_eq!(entries("[]", 0..2).unwrap().len(), 0);
    assert_eq!(entries("[1", 0..2), None);
}

#[test]
fn no_place_of_a_broken_text_is_too_much() {
    let texts = [
        r#"{"a":[{"b":"c\u00e9","d":[1,[2,{"e":null}]]}],"meta":{"profile":["x"]}} ]]}} " "#,
        "<A><b c='1' d=\"<e/></b><f>&amp;é</f></zz></A></A>\u{1f600}<",
        "{\"é\u{1f600}\":\"\\",
        "]}],\"",
    ];
    for text in texts {
        for (end, _) in text.char_indices() {
            for (place, _) in text.char_indices() {
                cursor(&text[..end], place);
            }
        }
    }
    let deep = "[".repeat(100_000);
    assert_eq!(cursor(&deep, 50_000), Cursor::default());
    assert_eq!(cursor("{}", 1_000).levels.len(), 0);
}

#[test]
fn many_places_are_found_as_one_is() {
    let texts = [
        r#"{"resourceType":"Patient","name":[{"given":["a","b"],"x":{}},{"fam"#,
        r#"{"a":[[1,{"b":2}]],"meta":{"profile":"p"},/* c */"contained":[{"resourceType":"B","c":"#,
        r#"<Bundle><entry><resource><Patient><id value="a"/><extension url="u"><valueCode value="#,
        "<A><contained><B><c value='1'></c></B></contained><!-- x --> <d/></A>",
    ];
    for text in texts {
        let mut places: Vec<usize> =
            text.char_indices().map(|(at, _)| at).chain([text.len(), text.len() + 9]).collect();
        places.reverse();
        let together = cursors(text, &places);
        for (place, found) in places.iter().zip(together) {
            assert_eq!(found, cursor(text, *place), "{place} in {text}");
        }
    }
}
