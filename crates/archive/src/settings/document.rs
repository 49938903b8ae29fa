//! The file of settings as JSON: what this version does not know stays in it.

use anjuan_protocol::Settings;
use serde_json::{Map, Value};
use std::fs;
use std::path::{Path, PathBuf};

/// Reads the file; an empty document where there is none. One that cannot be read is put aside,
/// and its new path returned.
pub(super) fn read(path: &Path) -> (Value, Option<PathBuf>) {
    let empty = || Value::Object(Map::new());
    let Ok(bytes) = fs::read(path) else { return (empty(), None) };
    if let Ok(document @ Value::Object(_)) = serde_json::from_slice(&bytes) {
        return (document, None);
    }
    let aside = free_name(path);
    let moved = fs::rename(path, &aside).is_ok();
    (empty(), moved.then_some(aside))
}

/// A name beside the file that nothing has yet: `settings.json.unreadable`, `….unreadable-2`, …
pub(super) fn free_name(path: &Path) -> PathBuf {
    let name = |n: u32| {
        let ending = if n == 1 { String::new() } else { format!("-{n}") };
        path.with_extension(format!("json.unreadable{ending}"))
    };
    (1..10_000).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(1))
}

/// Holds a file that only one process can hold, until the value is dropped. A system without such
/// locks does without.
pub(super) fn lock(path: &Path) -> Option<fs::File> {
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(path).ok()?;
    file.lock().ok()?;
    Some(file)
}

/// Applies a change: what it names is set, members of an object one by one, and what is `null` is
/// taken out and so goes back to what it was at first.
pub(super) fn merge(document: &mut Value, patch: &Value) {
    let (Value::Object(members), Value::Object(changes)) = (document, patch) else { return };
    for (key, change) in changes {
        match (members.get_mut(key), change) {
            (Some(Value::Object(inner)), Value::Object(changes)) => {
                for (name, value) in changes {
                    set(inner, name, value);
                }
            }
            (_, Value::Object(changes)) => {
                let given = changes.iter().filter(|(_, value)| !value.is_null());
                let inner = given.map(|(name, value)| (name.clone(), value.clone())).collect();
                members.insert(key.clone(), Value::Object(inner));
            }
            _ => set(members, key, change),
        }
    }
}

fn set(members: &mut Map<String, Value>, key: &str, value: &Value) {
    if value.is_null() {
        members.remove(key);
    } else {
        members.insert(key.to_owned(), value.clone());
    }
}

/// A patch as a document of its own.
pub(super) fn only(patch: &Value) -> Value {
    let mut document = Value::Object(Map::new());
    merge(&mut document, patch);
    document
}

/// The settings of a document, and whether any value was of a wrong form and is left out.
pub(super) fn settings(document: &Value) -> (Settings, bool) {
    if let Ok(settings) = serde_json::from_value(document.clone()) {
        return (settings, false);
    }
    // Some value is not of its form: take each by itself, and members of objects one by one.
    let mut kept = Value::Object(Map::new());
    for patch in leaves(document) {
        let mut tried = kept.clone();
        merge(&mut tried, &patch);
        if serde_json::from_value::<Settings>(tried.clone()).is_ok() {
            kept = tried;
        }
    }
    (serde_json::from_value(kept).unwrap_or_default(), true)
}

/// Each value of a document, no deeper than members of members, as a patch.
fn leaves(document: &Value) -> Vec<Value> {
    let object = |key: &String, value: Value| Value::Object(Map::from_iter([(key.clone(), value)]));
    let mut patches = Vec::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        match value {
            Value::Object(members) if !members.is_empty() => patches.extend(
                members.iter().map(|(name, inner)| object(key, object(name, inner.clone()))),
            ),
            other => patches.push(object(key, other.clone())),
        }
    }
    patches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_patch_sets_resets_and_leaves_the_rest() {
        let mut document = json!({
            "theme": "dark",
            "backups": { "everyHours": 3, "fromTheFuture": [1] },
            "page": { "a": 1, "b": { "x": 1, "y": 2 } },
            "alsoFromTheFuture": { "deep": true },
        });
        merge(
            &mut document,
            &json!({
                "theme": null,
                "coder": "林",
                "backups": { "keepDaily": 2 },
                "page": { "a": null, "b": { "y": 3 }, "c": [null] },
            }),
        );
        assert_eq!(
            document,
            json!({
                "coder": "林",
                "backups": { "everyHours": 3, "keepDaily": 2, "fromTheFuture": [1] },
                "page": { "b": { "y": 3 }, "c": [null] },
                "alsoFromTheFuture": { "deep": true },
            })
        );
    }

    #[test]
    fn a_wrong_value_costs_itself_only() {
        let (settings, wrong) = settings(&json!({
            "theme": 7,
            "readingSize": 21,
            "backups": { "everyHours": "often", "keepDaily": 3 },
            "shortcuts": { "view.library": ["Mod+L"], "view.search": "F" },
        }));
        assert!(wrong);
        assert_eq!(settings.theme, "system");
        assert_eq!(settings.reading_size, 21);
        assert_eq!((settings.backups.every_hours, settings.backups.keep_daily), (24, 3));
        assert_eq!(settings.shortcuts.len(), 1);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::btree_map("theme|page|backups|keepDaily|x", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Whatever stands in the file, there are settings; and a patch is idempotent.
        #[test]
        fn any_document_gives_settings(document in any_json(), patch in any_json()) {
            let _ = settings(&document);
            let mut once = document;
            merge(&mut once, &patch);
            let mut twice = once.clone();
            merge(&mut twice, &patch);
            prop_assert_eq!(once, twice);
        }
    }
}
