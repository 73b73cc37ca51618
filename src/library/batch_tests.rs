use super::*;

fn doubled(threads: Option<usize>, texts: &[u32]) -> Vec<Option<u32>> {
    let worker = || |n: &u32| if *n == 13 { panic!("expected") } else { n * 2 };
    work(texts, worker, Crew { threads, stop: &Stop::default(), wait: &mut || () })
}

#[test]
fn results_are_in_the_order_of_the_texts() {
    let texts: Vec<u32> = (100..1_100).collect();
    let expected: Vec<Option<u32>> = texts.iter().map(|n| Some(n * 2)).collect();
    for threads in [None, Some(0), Some(1), Some(3), Some(usize::MAX)] {
        assert_eq!(doubled(threads, &texts), expected);
    }
    assert!(doubled(Some(2), &[]).is_empty());
}

#[test]
fn a_breakdown_costs_one_text() {
    assert_eq!(doubled(Some(1), &[1, 13, 2]), [Some(2), None, Some(4)]);
}

#[test]
fn who_waits_may_end_the_work() {
    let stop = Stop::default();
    let texts = [(); 1_000];
    let worker = || |(): &()| thread::sleep(Duration::from_millis(20));
    let mut told = || stop.now();
    let done = work(&texts, worker, Crew { threads: Some(2), stop: &stop, wait: &mut told });
    let count = done.iter().flatten().count();
    assert!(count > 0 && count < 1_000, "{count}");
}
