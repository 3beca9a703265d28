//! A configuration directory with which the real Claude Code starts at a ready prompt.

use std::fs;
use std::path::Path;

use serde_json::json;

/// A key of the right shape that opens nothing.
pub(crate) const KEY: &str = "sk-ant-api03-hal9000-tests-0123456789abcdefghijklmnop";

/// Seed `config_dir` (what `CLAUDE_CONFIG_DIR` names) so that no dialog stands before the prompt
/// in any of `projects`, and the Bash tool runs without asking.
pub(crate) fn seed(config_dir: &Path, projects: &[&Path]) {
    write(config_dir, projects, &json!({}));
}

/// The same, and Claude itself finds the scripted API: no variable has to be handed to it.
pub(crate) fn seed_with_api(config_dir: &Path, projects: &[&Path], api_url: &str) {
    let pairs = env(config_dir, api_url).into_iter();
    let own = pairs.filter(|(name, _)| name != "CLAUDE_CONFIG_DIR");
    let variables: serde_json::Map<_, _> = own.map(|(name, value)| (name, json!(value))).collect();
    write(config_dir, projects, &variables.into());
}

fn write(config_dir: &Path, projects: &[&Path], variables: &serde_json::Value) {
    fs::create_dir_all(config_dir).expect("the configuration directory can be made");
    let projects: serde_json::Map<_, _> = projects
        .iter()
        .map(|path| {
            let trusted = json!({
                "hasTrustDialogAccepted": true, "hasCompletedProjectOnboarding": true,
            });
            (path.to_string_lossy().into_owned(), trusted)
        })
        .collect();
    let state = json!({
        "hasCompletedOnboarding": true,
        "hasSeenAutoDefaultNudge": true,
        "theme": "dark",
        // Claude identifies an approved key by its tail.
        "customApiKeyResponses": { "approved": [&KEY[KEY.len() - 20..]], "rejected": [] },
        "projects": projects,
    });
    // Without a mode of its own 2.1.330 starts in auto mode, which asks the API about every tool
    // call and complains in a dialog about a gateway that lacks its server side.
    let settings = json!({
        "permissions": { "defaultMode": "default", "allow": ["Bash"] },
        "env": variables,
    });
    for (name, value) in [(".claude.json", state), ("settings.json", settings)] {
        fs::write(config_dir.join(name), value.to_string()).expect("the seed can be written");
    }
}

/// The environment that points Claude at the scripted API and keeps it there.
pub(crate) fn env(config_dir: &Path, api_url: &str) -> Vec<(String, String)> {
    let pairs = [
        ("CLAUDE_CONFIG_DIR", config_dir.to_string_lossy()),
        ("ANTHROPIC_BASE_URL", api_url.into()),
        ("ANTHROPIC_API_KEY", KEY.into()),
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1".into()),
    ];
    pairs
        .map(|(name, value)| (name.to_owned(), value.into_owned()))
        .to_vec()
}
