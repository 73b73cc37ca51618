use super::*;

/// An open question goes through all operations; what does not rest on it is decided.
#[test]
fn open_questions() {
    check(
        PATIENT,
        &[
            ("active.memberOf('http://x')", "?"),
            ("active.memberOf('http://x') and false", "false"),
            ("active.memberOf('http://x') or true", "true"),
            ("active.memberOf('http://x').not()", "?"),
            ("false implies active.memberOf('http://x')", "true"),
            ("active.memberOf('http://x') implies true", "true"),
            ("active.memberOf('http://x') implies false", "?"),
            ("name.where(use.memberOf('http://x')).exists()", "?"),
            ("name.where(use.memberOf('http://x') and false).exists()", "false"),
            ("name.all(use.memberOf('http://x'))", "?"),
            ("name.all(use.memberOf('http://x') and family.exists())", "false"),
            ("managingOrganization.resolve()", "?Organization"),
            ("managingOrganization.resolve() is Patient", "false"),
            ("managingOrganization.resolve() is Organization", "?"),
            ("managingOrganization.resolve().name = 'x'", "?"),
            ("managingOrganization.resolve().count()", "?"),
            ("conformsTo('http://x')", "?"),
            ("conformsTo('http://hl7.org/fhir/StructureDefinition/Person')", "false"),
            ("('x' | managingOrganization.resolve()).exists()", "true"),
        ],
    );
}

/// What a terminology service would say is open; the result of a validation is a membership.
#[test]
fn terminologies() {
    check(
        PATIENT,
        &[
            ("%terminologies.expand('http://x').expansion.contains.exists()", "?"),
            ("%terminologies.lookup(%resource.gender).parameter.where(name = 'display').value", "?"),
            ("%terminologies.subsumes('http://x', 'a', 'b') = 'subsumes'", "?"),
            ("%terminologies.subsumes('http://x', 'a', 'b') = 'subsumes' and false", "false"),
            ("%terminologies.validateVS('http://x', active).parameter.where(name = 'result').value = true", "?"),
            ("%terminologies.validateVS('http://x', {}).parameter.where(name = 'result').value", ""),
            (
                "(%terminologies.validateVS(%`vs-x`, name).parameter.where(name = 'result').value as boolean)",
                "!Singleton",
            ),
            (
                "%terminologies.validateVS('http://x')",
                "!compile `%terminologies.validateVS` expects 2 or 3 arguments, found 1",
            ),
            ("%terminologies.nosuch()", "!compile unknown function `%terminologies.nosuch`"),
        ],
    );
}

#[test]
fn invariants() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let tape = parse_json(PATIENT.as_bytes(), model.names(), &Limits::default());
    let root = tape.root().unwrap();
    let mut scratch = Scratch::default();
    for (text, want) in [
        ("{}", Truth::Empty),
        ("active.not()", Truth::False),
        (
            "name",
            Truth::Error(EvalError {
                kind: ErrorKind::Singleton,
                at: 0,
                message: "expected one item, found more".into(),
            }),
        ),
        ("active", Truth::True),
        ("active.memberOf('http://x')", Truth::Unknown(vec![Question::MemberOf("http://x".into())])),
        (
            "%terminologies.validateVS('http://x', active).parameter.where(name='result').value.ofType(boolean)",
            Truth::Unknown(vec![Question::MemberOf("http://x".into())]),
        ),
        (
            "%terminologies.validateCS('http://x', active).parameter.where(name='result').value",
            Truth::Unknown(vec![Question::Definition("%terminologies.validateCS")]),
        ),
    ] {
        let mut pool = String::new();
        let words = Compiler::new(&typing).compile(&parse(text).unwrap(), &mut pool).unwrap();
        let context = Context::new(&typing, root, &NoPorts);
        let focus = Item::Node(root, typing.resource_type(root));
        assert_eq!(test(Code { words: &words, pool: &pool }, &focus, &context, &mut scratch), want, "{text}");
    }
}

#[test]
fn an_address_names_a_type_where_options_say_so() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let tape = parse_json(PATIENT.as_bytes(), model.names(), &Limits::default());
    let root = tape.root().unwrap();
    for (text, want) in [
        ("managingOrganization.resolve() is Organization", Truth::True),
        ("managingOrganization.resolve() is DomainResource", Truth::True),
        ("managingOrganization.resolve() is Patient", Truth::False),
        ("managingOrganization.where(resolve() is Organization).exists()", Truth::True),
        ("managingOrganization.where(resolve() is Patient).exists()", Truth::False),
    ] {
        let mut pool = String::new();
        let words = Compiler::new(&typing).compile(&parse(text).unwrap(), &mut pool).unwrap();
        let options = Options { addressed_types: true, ..Options::default() };
        let context = Context { options, ..Context::new(&typing, root, &NoPorts) };
        let focus = Item::Node(root, typing.resource_type(root));
        let truth = test(Code { words: &words, pool: &pool }, &focus, &context, &mut Scratch::default());
        assert_eq!(truth, want, "{text}");
    }
}
