use super::*;

const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn contexts_are_read_and_written() {
    let context = TraceContext::parse(GOOD).unwrap();
    assert_eq!((context.to_string(), context.is_sampled), (GOOD.to_owned(), true));
    let later = TraceContext::parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02-more-of-it").unwrap();
    assert_eq!((later.span_id, later.is_sampled), (context.span_id, false));
    let child = context.child();
    assert!(child.trace_id == context.trace_id && child.span_id != context.span_id && child.is_sampled);
    let new = TraceContext::new_trace(true);
    assert_eq!(TraceContext::parse(&new.to_string()), Some(new));
}

#[test]
fn what_is_no_context_is_not_taken() {
    for bad in [
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "+0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ] {
        assert_eq!(TraceContext::parse(bad), None, "{bad}");
    }
}

#[test]
fn states_have_a_bound() {
    let state = |text: &str| TraceContext::parse(GOOD).unwrap().with_state(text).state;
    assert_eq!(state("a=1,b=2").as_deref(), Some("a=1,b=2"));
    assert_eq!((state(""), state(&"a".repeat(513)), state("a=\u{e9}"), state("a\nb")), (None, None, None, None));
}
