//! Examples of an enum, none of whose variants can be forgotten.

/// Examples of each variant, with their names.
macro_rules! every {
    ($type:ident { $($variant:ident: [$($example:expr),+ $(,)?]),+ $(,)? }) => {{
        let name = |it: &$type| match it {
            $($type::$variant { .. } => stringify!($variant)),+
        };
        let mut all = Vec::new();
        $($(
            let example: $type = $example;
            assert_eq!(name(&example), stringify!($variant), "in tests/messages/examples.rs");
            all.push((format!("{}::{}", stringify!($type), stringify!($variant)), example));
        )+)+
        all
    }};
}
