use super::*;
use crate::guard::rule;
use proptest::prelude::*;

#[test]
fn a_document_is_read_as_it_is_written() {
    let value = read(br#" {"b":[1,null,true],"a":{"x":"\u0042inds","y":-7}} "#).unwrap();
    assert_eq!(
        value.to_json(),
        r#"{"a":{"x":"Binds","y":-7},"b":[1,null,true]}"#
    );
}

#[test]
fn what_go_would_repair_or_merge_is_refused() {
    let deep = "[".repeat(60) + &"]".repeat(60);
    let rows: &[(&[u8], &str, &str)] = &[
        (br#"{"a":1,"a":2}"#, "HAL-G-JSON-DUPLICATE", "a"),
        (br#"{"a":1,"\u0061":2}"#, "HAL-G-JSON-DUPLICATE", "a"),
        (
            br#"{"x":[{"y":{"k":1,"k":null}}]}"#,
            "HAL-G-JSON-DUPLICATE",
            "x[0].y.k",
        ),
        (br#"{"a":1}{"b":2}"#, "HAL-G-JSON", "the body"),
        (br#"{"a":1} x"#, "HAL-G-JSON", "the body"),
        (br"", "HAL-G-JSON", "the body"),
        (br#"{"a":1.5}"#, "HAL-G-JSON", "a"),
        (br#"{"a":1e3}"#, "HAL-G-JSON", "a"),
        (br#"{"a":18446744073709551615}"#, "HAL-G-JSON", "a"),
        (br#"{"a":1e999}"#, "HAL-G-JSON", "the body"),
        (br#"{"a":NaN}"#, "HAL-G-JSON", "the body"),
        (br#"{"a":"\ud800"}"#, "HAL-G-JSON", "the body"),
        (b"{\"a\":\"\xff\"}", "HAL-G-JSON", "the body"),
        (br#"{"a":"x\u0000y"}"#, "HAL-G-JSON", "a"),
        (br#"{"a\u0000":1}"#, "HAL-G-JSON", "the body"),
        (br#"{"a":1,}"#, "HAL-G-JSON", "the body"),
        (deep.as_bytes(), "HAL-G-JSON", ""),
    ];
    for (text, id, field) in rows {
        let refusal = read(text).unwrap_err();
        let shown = String::from_utf8_lossy(text);
        assert_eq!(refusal.rule.id, *id, "{shown}");
        assert!(
            field.is_empty() || refusal.field == *field,
            "{shown}: {}",
            refusal.field
        );
    }
    let refusal = read(&vec![b' '; MAX_BODY + 1]).unwrap_err();
    assert_eq!((refusal.status, refusal.rule), (413, rule::SIZE));
}

#[test]
fn keys_fold_as_gos_decoder_folds_them() {
    for key in ["hostconfig", "HOSTCONFIG", "Ho\u{17f}tConfig", "HostConfig"] {
        assert!(folds_to(key, "HostConfig"), "{key}");
    }
    assert!(folds_to("Networ\u{212a}Mode", "NetworkMode"));
    for key in [
        "HostConfig ",
        "Host-Config",
        "HostC\u{3bf}nfig",
        "Hostconfig\u{301}",
    ] {
        assert!(!folds_to(key, "HostConfig"), "{key}");
    }
}

#[test]
fn zero_is_what_says_nothing() {
    for text in ["null", "false", "0", "\"\"", "[]", "{}", "[0,0]"] {
        assert!(read(text.as_bytes()).unwrap().is_zero(), "{text}");
    }
    for text in [
        "true",
        "-1",
        "\" \"",
        "[null]",
        "{\"a\":null}",
        "[1]",
        "[[]]",
    ] {
        assert!(!read(text.as_bytes()).unwrap().is_zero(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn canonical_text_reads_back_as_itself(text in r#"[{\[]("[a-zA-Z\\u0-9]{0,4}":?[,0-9\-{}\[\]]{0,3}){0,8}[}\]]"#) {
        if let Ok(value) = read(text.as_bytes()) {
            let canonical = value.to_json();
            prop_assert_eq!(read(canonical.as_bytes()).unwrap(), value);
        }
    }
}
