//! What `doctor` has found, in words.

use crate::plan::{Finding, Health};
use std::fmt::Write as _;

/// As text: a line each, with the way out below.
pub fn checkup_text(findings: &[Finding]) -> String {
    let widest = findings.iter().map(|finding| finding.about.len()).max();
    let width = widest.unwrap_or_default();
    let mut text = String::new();
    for finding in findings {
        let health = word(finding.health);
        let (about, says) = (finding.about, &finding.says);
        let _ = writeln!(text, "{health:7}  {about:width$}  {says}");
        if let Some(remedy) = &finding.remedy {
            let _ = writeln!(text, "{:7}  {:width$}  → {remedy}", "", "");
        }
    }
    text
}

/// As JSON.
pub fn checkup_json(findings: &[Finding]) -> serde_json::Value {
    let findings = findings.iter().map(|finding| {
        serde_json::json!({
            "about": finding.about,
            "health": word(finding.health),
            "says": finding.says,
            "remedy": finding.remedy,
        })
    });
    serde_json::json!({ "findings": findings.collect::<Vec<_>>() })
}

fn word(health: Health) -> &'static str {
    match health {
        Health::Well => "ok",
        Health::Warning => "warning",
        Health::Failure => "failure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_each_with_its_way_out_below() {
        let findings = [
            Finding::well("engine", "Docker 26"),
            Finding::warning("docker inside", "root", "`--docker=guard`"),
        ];
        let expected = "\
ok       engine         Docker 26
warning  docker inside  root
                        → `--docker=guard`
";
        assert_eq!(checkup_text(&findings), expected);
        let json = checkup_json(&findings);
        assert_eq!(json["findings"][1]["health"], "warning");
        assert_eq!(json["findings"][0]["remedy"], serde_json::Value::Null);
    }
}
