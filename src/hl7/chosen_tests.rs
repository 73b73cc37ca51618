use super::*;

#[test]
fn the_defaults_are_those_of_the_official_validator() {
    let policies = Chosen::default().policies(&Policies { issues: 7, ..Policies::default() });
    assert_eq!((policies.example_urls, policies.unknown_extensions), (Level::Error, Level::Error));
    assert_eq!((policies.best_practice, policies.display), (Level::Warn, Level::Error));
    assert_eq!((policies.level, policies.issues), (Severity::Information, 7));
}

#[test]
fn what_is_chosen_counts() {
    let chosen = Chosen {
        example_urls: true,
        any_extension: true,
        best_practice: BestPractice::parse("I").unwrap(),
        display_warnings: true,
        html: Html::Error,
        least: Least::parse("Errors").unwrap(),
        ..Chosen::default()
    };
    let policies = chosen.policies(&Policies::default());
    assert_eq!((policies.example_urls, policies.unknown_modifiers), (Level::Allow, Some(Level::Allow)));
    assert_eq!((policies.best_practice, policies.display, policies.html), (Level::Allow, Level::Warn, Level::Error));
    assert_eq!(policies.level, Severity::Warning);
    assert_eq!((BestPractice::parse("strict"), Least::parse("all")), (None, None));
}
