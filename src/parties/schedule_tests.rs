//! When parties are fetched again.

use super::*;

#[test]
fn moments_are_spread() {
    let ids: Vec<String> = (0..1000).map(|i| format!("p{i}")).collect();
    let all: Vec<u64> = ids.iter().filter_map(|id| after_success(7, id, 1_000, 3_600)).collect();
    assert!(all.iter().all(|at| (4_240..=4_960).contains(at)));
    let distinct: std::collections::BTreeSet<&u64> = all.iter().collect();
    assert!(distinct.len() > 450, "{}", distinct.len());
    assert_eq!(after_success(7, "a", 5, 0), None);
    assert!(after_success(7, "a", 0, 1).is_some_and(|at| at >= 54), "never sooner than the least");
    assert_eq!(after_success(7, "a", 5, 600), after_success(7, "a", 5, 600));
    assert!(ids.iter().all(|id| after_start(7, id, 0, 3_600).is_some_and(|at| at < 60)));
}

#[test]
fn failures_wait_longer_each_time_up_to_the_interval() {
    let wait = |failures| after_failure(7, "a", 0, 600, failures).unwrap();
    assert!((60..=66).contains(&wait(1)) && (120..=132).contains(&wait(2)) && (240..=264).contains(&wait(3)));
    assert!((600..=660).contains(&wait(9)) && (600..=660).contains(&wait(u32::MAX)));
    assert_eq!(after_failure(7, "a", 0, 0, 1), None, "it is fetched when it is asked for alone");
    assert_eq!(after_failure(7, "a", u64::MAX, 600, 40), Some(u64::MAX));
}
