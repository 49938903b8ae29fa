//! A page whose process died comes back by itself.
//!
//! The engine runs the page in a process of its own, which can die while the program lives: out of
//! memory, or of a fault of the engine's. What the user made is in the archive by then, and so is the
//! layout of the window; without this the window would stay empty.

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::RefCell;
    use std::time::{Duration, Instant};
    use tauri::WebviewWindow;
    use webkit2gtk::WebViewExt;

    /// A page that dies more often than this in a while is left alone: it would only die again.
    const TIMES: usize = 3;
    const WHILE: Duration = Duration::from_mins(1);

    /// Loads the page of a window anew whenever its process has died.
    pub(crate) fn watch(window: &WebviewWindow) {
        // Without it a page that died stays empty, as it would have.
        let _ = window.with_webview(|webview| {
            let deaths: RefCell<Vec<Instant>> = RefCell::default();
            webview.inner().connect_web_process_terminated(move |page, reason| {
                eprintln!("The page's process ended: {reason:?}.");
                let mut deaths = deaths.borrow_mut();
                deaths.retain(|at| at.elapsed() < WHILE);
                deaths.push(Instant::now());
                if deaths.len() <= TIMES {
                    page.reload();
                }
            });
        });
    }
}

#[cfg(target_os = "linux")]
pub(crate) use linux::watch;

/// Only WebKitGTK is watched.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_: &tauri::WebviewWindow) {}
