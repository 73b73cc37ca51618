use super::*;

#[test]
fn what_is_about_a_connection_stays() {
    let mut asking = Asking::new();
    for (name, value) in [
        ("connection", "close, X-Secret"),
        ("connection", "authorization"),
        ("x-secret", "1"),
        ("authorization", "Bearer x"),
        ("te", "trailers"),
        ("transfer-encoding", "chunked"),
        ("host", "proxy.test"),
        ("x-forwarded-for", "6.6.6.6"),
        ("forwarded", "for=6.6.6.6"),
        ("x-forwarded-uri", "/admin"),
        ("x-forwarded-user", "root"),
        ("accept", "a"),
        ("accept", "b"),
    ] {
        asking.append(AskingName::from_static(name), value.parse().unwrap());
    }
    let headers = of_request(&asking, Some("192.0.2.1".parse().unwrap()), false);
    let mut all: Vec<String> = headers.iter().map(|(n, v)| format!("{n}: {}", v.to_str().unwrap())).collect();
    all.sort();
    assert_eq!(
        all,
        [
            "accept: a",
            "accept: b",
            "x-forwarded-for: 192.0.2.1",
            "x-forwarded-host: proxy.test",
            "x-forwarded-proto: http"
        ]
    );
}

#[test]
fn answers_keep_each_of_several_values() {
    let mut headers = HeaderMap::new();
    headers.append("set-cookie", "a=1".parse().unwrap());
    headers.append("set-cookie", "b=2".parse().unwrap());
    headers.append("connection", "x-hop".parse().unwrap());
    headers.append("x-hop", "1".parse().unwrap());
    let passed: Vec<String> =
        of_answer(headers).map(|(n, v)| format!("{n}={}", String::from_utf8(v).unwrap())).collect();
    assert_eq!(passed, ["set-cookie=a=1", "set-cookie=b=2"]);
}
