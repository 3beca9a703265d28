//! Settings, each with where it comes from.

use super::table;
use crate::model::Setting;

/// A setting: its name, and what it is where it is set.
type Row = (String, Option<Setting<String>>);

/// As text, for a terminal of so many columns.
pub fn settings_text(rows: &[Row], terminal: Option<usize>) -> String {
    let heading = ["SETTING", "VALUE", "FROM"].map(str::to_owned).to_vec();
    let rows = rows.iter().map(|(name, setting)| {
        let (value, from) = match setting {
            Some(setting) => (
                setting.value.escape_debug().to_string(),
                setting.origin.to_string(),
            ),
            None => ("-".to_owned(), "not set".to_owned()),
        };
        vec![name.clone(), value, from]
    });
    let rows: Vec<Vec<String>> = [heading].into_iter().chain(rows).collect();
    table(&rows, terminal)
}

/// As JSON.
pub fn settings_json(rows: &[Row]) -> serde_json::Value {
    let rows = rows.iter().map(|(name, setting)| {
        serde_json::json!({
            "name": name,
            "value": setting.as_ref().map(|setting| &setting.value),
            "from": setting.as_ref().map(|setting| setting.origin.to_string()),
        })
    });
    serde_json::json!({ "settings": rows.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    #[test]
    fn a_line_each_with_its_origin() {
        let rows = [
            (
                "limits.cpus".to_owned(),
                Some(Setting::built_in("2".to_owned())),
            ),
            (
                "profile".to_owned(),
                Some(Setting {
                    value: "a\u{1b}b".to_owned(),
                    origin: Origin::ProjectFile("/p/.hal-9000.toml:1".to_owned()),
                }),
            ),
            ("ca_bundle".to_owned(), None),
        ];
        let expected = "\
SETTING      VALUE     FROM
limits.cpus  2         built in
profile      a\\u{1b}b  project file /p/.hal-9000.toml:1
ca_bundle    -         not set
";
        assert_eq!(settings_text(&rows, None), expected);
        let json = settings_json(&rows);
        assert_eq!(json["settings"][0]["from"], "built in");
        assert_eq!(json["settings"][2]["value"], serde_json::Value::Null);
    }
}
