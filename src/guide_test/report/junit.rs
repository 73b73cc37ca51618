//! The report as JUnit: a case for each instance, and one for each rule that a mutant breaks.

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::data::{Missing, Report, Result};

/// The document.
///
/// # Errors
/// A message where it cannot be written.
pub fn junit(report: &Report) -> std::result::Result<String, String> {
    let mut document = Document::new(report.guide.as_str());
    let mut suite = TestSuite::new("instances");
    for instance in &report.instances {
        let told = instance.problems.join("\n");
        let status = match instance.result {
            Result::Passed => TestCaseStatus::success(),
            Result::Failed => bad(NonSuccessKind::Failure, "not as expected", &told),
            Result::NotExamined => bad(NonSuccessKind::Error, "not examined", &told),
            Result::Undetermined => skipped(&format!("undetermined: {told}")),
        };
        let mut case = TestCase::new(instance.name.as_str(), status);
        case.set_classname("instances");
        suite.add_test_case(case);
    }
    for (nth, fault) in report.faults.iter().enumerate() {
        let status = bad(NonSuccessKind::Error, "fault", fault);
        suite.add_test_case(TestCase::new(format!("fault {}", nth + 1), status));
    }
    document.add_test_suite(suite);
    for profile in &report.profiles {
        let mut suite = TestSuite::new(format!("rules of {}", profile.url));
        let rules = &profile.rules;
        for rule in rules.noticed.iter().chain(&rules.unnoticed).chain(&rules.unmade) {
            let status = match &rule.mutant {
                Missing::None { reason } => skipped(reason),
                Missing::Made { .. } if !rule.noticed_by.is_empty() => TestCaseStatus::success(),
                // What no instance notices fails no run by itself: a threshold does.
                Missing::Made { of, path, .. } => {
                    skipped(&format!("no negative instance notices it; broken at {path} of {of}"))
                }
            };
            let mut case = TestCase::new(format!("{} {}: {}", rule.rule, rule.element, rule.demands), status);
            case.set_classname(profile.url.as_str());
            suite.add_test_case(case);
        }
        if !suite.test_cases.is_empty() {
            document.add_test_suite(suite);
        }
    }
    document.to_string().map_err(|e| format!("could not write JUnit: {e}"))
}

fn bad(kind: NonSuccessKind, message: &str, told: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(message).set_description(told);
    status
}

fn skipped(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(why);
    status
}
