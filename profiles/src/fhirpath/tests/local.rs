use super::*;

#[test]
fn references_inside_the_instance() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let bundle = r##"{"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"http://x/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1",
            "managingOrganization":{"reference":"Organization/2"},"generalPractitioner":[{"reference":"#g"}],
            "contained":[{"resourceType":"Practitioner","id":"g","birthDate":"1960"}]}},
        {"fullUrl":"http://x/fhir/Organization/2","resource":{"resourceType":"Organization","id":"2","name":"Acme"}},
        {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Observation","id":"o",
            "subject":{"reference":"Patient/1"},"focus":[{"reference":"http://x/fhir/Patient/1"},
            {"reference":"Patient/9"}]}}]}"##;
    let tape = parse_json(bundle.as_bytes(), model.names(), &Limits::default());
    let root = tape.root().unwrap();
    for (text, want) in [
        ("entry[0].resource.managingOrganization.resolve().name", "Acme"),
        ("entry.resource.ofType(Patient).generalPractitioner.resolve().birthDate", "1960"),
        ("entry.resource.ofType(Observation).subject.resolve().id", "1"),
        ("entry.resource.ofType(Observation).focus[0].resolve() is Patient", "true"),
        ("entry.resource.ofType(Observation).focus[1].resolve()", "?Patient"),
        ("entry.resource.ofType(Patient).generalPractitioner.reference.resolve() is Practitioner", "true"),
    ] {
        let mut pool = String::new();
        let words = Compiler::new(&typing).compile(&parse(text).unwrap(), &mut pool).unwrap();
        let context = Context::new(&typing, root, &LocalPorts);
        let focus = Item::Node(root, typing.resource_type(root));
        let items = evaluate(Code { words: &words, pool: &pool }, &focus, &context, &mut Scratch::default()).unwrap();
        assert_eq!(items.iter().map(|i| show(i, &typing)).collect::<Vec<_>>().join(","), want, "{text}");
    }
}
