use super::*;

fn error(path: &str, rule: &'static str) -> Seen {
    Seen {
        path: path.to_owned(),
        rule,
        element: "Patient.name:official".to_owned(),
        constraint: String::new(),
        profiles: Vec::new(),
        is_error: true,
        is_open: false,
        text: String::new(),
    }
}

#[test]
fn what_people_wrote_stays() {
    let mut first = expectation(None, Verdict::Invalid, &[error("Patient.name[1]", "pattern")], &[]);
    assert_eq!((&*first.must[0].path, &*first.must[0].element), ("Patient.name", "Patient.name:official"));
    first.must[0].comment = "see the guide".to_owned();
    first.must_not.push(Entry { rule: "fixed".to_owned(), ..Entry::default() });
    first.must.push(Entry { rule: "gone".to_owned(), ..Entry::default() });
    let seen = [error("Patient.name[0]", "pattern"), error("Patient", "element-min"), error("Patient", "element-min")];
    let second = expectation(Some(&first), Verdict::Invalid, &seen, &[]);
    let rules: Vec<&str> = second.must.iter().map(|e| e.rule.as_str()).collect();
    assert_eq!(rules, ["element-min", "pattern"]);
    assert_eq!((&*second.must[1].comment, &second.must_not), ("see the guide", &first.must_not));
    assert_eq!(text(&second), text(&expectation(Some(&second), Verdict::Invalid, &seen, &[])));
}

#[test]
fn what_is_generated_gets_its_expectation_elsewhere() {
    let root = Path::new("g");
    let of = |name: &str| beside(root, &root.join(name), name);
    assert_eq!(of("fsh-generated/resources/Patient-a.json"), root.join("tests/expected/Patient-a.expected.json"));
    assert_eq!(of("x/Patient-a.json"), root.join("x/Patient-a.expected.json"));
}
