//! One Tauri command for each row of the protocol's table.

use crate::windows::Windows;
use anjuan_protocol::{CommandError, ErrorCode};
use std::sync::Arc;
use tauri::{State, WebviewWindow};

macro_rules! commands {
    ($( $(#[$doc:meta])* $name:ident($request:ty) -> $response:ty, )*) => {
        $(
            $(#[$doc])*
            #[tauri::command]
            pub(crate) async fn $name(
                window: WebviewWindow,
                windows: State<'_, Arc<Windows>>,
                request: $request,
            ) -> Result<$response, CommandError> {
                let app = windows.app(window.label()).ok_or_else(gone)?;
                // Never on the window's thread, nor on the few that drive the runtime.
                tokio::task::spawn_blocking(move || app.$name(request))
                    .await
                    .unwrap_or_else(|fault| Err(broken(stringify!($name), &fault)))
            }
        )*

        /// Hands each call of the page to its command.
        pub(crate) fn handler()
        -> impl Fn(tauri::ipc::Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),*]
        }
    };
}

anjuan_protocol::with_commands!(commands);

/// A page may still ask while its window is being closed.
fn gone() -> CommandError {
    CommandError::new(ErrorCode::Cancelled, "The window is being closed.")
}

fn broken(name: &str, fault: &tokio::task::JoinError) -> CommandError {
    CommandError::new(ErrorCode::Internal, format!("The command {name} broke off: {fault}"))
        .hint("Nothing that was saved is lost. Please report it with these details.")
}

#[cfg(test)]
mod tests {
    /// The page may call exactly the commands of the table.
    #[test]
    fn the_capability_lists_the_table() {
        let file = include_str!("../capabilities/main.json");
        let capability: serde_json::Value = serde_json::from_str(file).expect("valid JSON");
        let mut listed: Vec<String> = capability["permissions"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|p| p.as_str()?.strip_prefix("allow-").map(|n| n.replace('-', "_")))
            .collect();
        let mut table: Vec<String> = anjuan_protocol::NAMES.iter().map(|&n| n.to_owned()).collect();
        listed.sort();
        table.sort();
        assert_eq!(listed, table);
    }
}
