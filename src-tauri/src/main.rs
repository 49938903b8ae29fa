//! The window: a thin shell around [`anjuan_archive::App`].
//!
//! It takes folders and the clock from the system, shows the system's dialogs, hands the files
//! that the system opens to the page, and turns each row of the protocol's table into a command.
//! There is no domain logic here.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod desktop;

use anjuan_archive::{App, Event, Folders, Shell, SystemClock};
use std::path::PathBuf;
use std::sync::Arc;
use tauri::{Emitter, Manager};

fn main() {
    quiet_webkit();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let builder = single_instance(tauri::Builder::default());
    let outcome = builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .setup(move |tauri| {
            let app = Arc::new(App::new(shell(tauri.handle())?));
            open_at_start(&app, &arguments);
            tauri.manage(app);
            Ok(())
        })
        .on_page_load(|webview, load| {
            // The window shows itself with its first page in it, not before.
            if load.event() == tauri::webview::PageLoadEvent::Finished {
                let _ = webview.window().show();
            }
        })
        .invoke_handler(commands::handler())
        .run(tauri::generate_context!());
    if let Err(error) = outcome {
        eprintln!("Anjuan could not start: {error}");
        std::process::exit(1);
    }
}

/// WebKitGTK paints nothing on some drivers and virtual machines unless its DMABUF renderer is off
/// (tauri#9394); a value set by the user stays.
fn quiet_webkit() {
    #[cfg(target_os = "linux")]
    if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        // Safety: nothing else runs yet, so no thread can read the environment meanwhile.
        #[allow(unsafe_code)]
        unsafe {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
}

/// A second start hands its files to the first. On Linux this needs a session bus; without one
/// each start is its own.
fn single_instance(builder: tauri::Builder<tauri::Wry>) -> tauri::Builder<tauri::Wry> {
    let alone = std::env::var_os("ANJUAN_OWN_INSTANCE").is_some();
    let bus = !cfg!(target_os = "linux") || std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some();
    if alone || !bus {
        return builder;
    }
    builder.plugin(tauri_plugin_single_instance::init(|handle, arguments, folder| {
        if let Some(app) = handle.try_state::<Arc<App>>() {
            let files = arguments.iter().skip(1).filter(|a| !a.starts_with("--"));
            let base = PathBuf::from(folder);
            app.paths_opened(files.map(|f| base.join(f).to_string_lossy().into_owned()));
        }
        if let Some(window) = handle.get_webview_window("main") {
            let _ = window.unminimize();
            let _ = window.set_focus();
        }
    }))
}

/// Opens what the command line names: an archive, files to import, or the example.
fn open_at_start(app: &Arc<App>, arguments: &[String]) {
    let folder = std::env::current_dir().unwrap_or_default();
    let mut files = Vec::new();
    for argument in arguments {
        if argument == "--example" {
            // Made on first use, which takes a moment: the window does not wait for it, and the
            // page hears when the archive is open.
            let app = Arc::clone(app);
            std::thread::spawn(move || {
                if let Err(error) = app.open_example(anjuan_protocol::Nothing {}) {
                    eprintln!("{error}");
                }
            });
        } else if !argument.starts_with("--") {
            files.push(folder.join(argument).to_string_lossy().into_owned());
        }
    }
    if !files.is_empty() {
        app.paths_opened(files);
    }
}

fn shell(handle: &tauri::AppHandle) -> Result<Shell, Box<dyn std::error::Error>> {
    let folders = directories::ProjectDirs::from("io.github", "anjuan", "anjuan")
        .ok_or("the system names no home folder")?;
    let mut fonts = Vec::new();
    if let Ok(resources) = handle.path().resource_dir() {
        fonts.push(resources.join("fonts"));
    }
    fonts.extend(anjuan_archive::system_font_folders(
        directories::BaseDirs::new().as_ref().map(directories::BaseDirs::home_dir),
    ));
    let emitter = handle.clone();
    Ok(Shell {
        folders: Folders {
            config: folders.config_dir().to_owned(),
            data: folders.data_dir().to_owned(),
            cache: folders.cache_dir().to_owned(),
            fonts,
        },
        clock: Arc::new(SystemClock),
        desktop: Box::new(desktop::TauriDesktop::new(handle.clone())),
        emit: Box::new(move |event| {
            let _ = match event {
                Event::ArchiveChanged(change) => emitter.emit("archive_changed", change),
                Event::JobChanged(job) => emitter.emit("job_changed", job),
                Event::PathsOpened => emitter.emit("paths_opened", anjuan_protocol::Nothing {}),
            };
        }),
        version: env!("CARGO_PKG_VERSION").into(),
        platform: std::env::consts::OS.into(),
        user: std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default(),
    })
}
