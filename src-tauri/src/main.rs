//! The windows: a thin shell around [`anjuan_archive::App`], one for each.
//!
//! It takes folders and the clock from the system, opens and places windows, shows the system's
//! dialogs, hands the files that the system opens to the right page, and turns each row of the
//! protocol's table into a command.
//! There is no domain logic here.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod bus;
mod commands;
mod desktop;
mod menu;
mod place;
mod revive;
mod windows;

use anjuan_archive::{Desk, Folders, Shell, SystemClock};
use arguments::Start;
use std::path::Path;
use std::sync::Arc;
use tauri::{Manager, RunEvent};
use windows::Windows;

fn main() {
    let here = std::env::current_dir().unwrap_or_default();
    let arguments = match arguments::read(std::env::args_os().skip(1), &here) {
        Start::Run(arguments) => arguments,
        Start::Print(text) => {
            print!("{text}");
            return;
        }
        Start::Refuse(text) => {
            eprint!("{text}");
            std::process::exit(2);
        }
    };
    quiet_webkit();
    let folders = project_folders();
    if let Some(folders) = &folders {
        anjuan_archive::note_panics(folders.data_dir(), env!("CARGO_PKG_VERSION"));
    }
    let builder = single_instance(tauri::Builder::default());
    let program = builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .setup(move |tauri| {
            let folders = folders.ok_or("the system names no home folder")?;
            let desk = Desk::new(shell(tauri.handle(), &folders));
            desk.keep_backups();
            let windows = Windows::new(tauri.handle().clone(), desk);
            tauri.manage(Arc::clone(&windows));
            windows.begin(arguments)?;
            Ok(())
        })
        .on_page_load(|webview, load| {
            // The window shows itself with its first page in it, not before.
            if load.event() == tauri::webview::PageLoadEvent::Finished {
                let _ = webview.window().show();
            }
        })
        .on_window_event(|window, event| {
            if let Some(windows) = window.try_state::<Arc<Windows>>() {
                windows.happened(window.label(), event);
            }
        })
        .on_menu_event(|handle, event| {
            if let Some(windows) = handle.try_state::<Arc<Windows>>() {
                windows.menu_chosen(&event.id().0);
            }
        })
        .invoke_handler(commands::handler())
        .build(tauri::generate_context!());
    match program {
        Ok(program) => program.run(|handle, event| heed(handle, &event)),
        Err(error) => {
            eprintln!("Anjuan could not start: {error}");
            std::process::exit(1);
        }
    }
}

/// Hears what happens to the program as a whole.
fn heed(handle: &tauri::AppHandle, event: &RunEvent) {
    let Some(windows) = handle.try_state::<Arc<Windows>>() else { return };
    match event {
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            let mut arguments = arguments::Arguments::default();
            for path in urls.iter().filter_map(|url| url.to_file_path().ok()) {
                arguments.add(path);
            }
            windows.serve_again(arguments);
        }
        RunEvent::Exit => windows.end(),
        _ => {}
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
    if alone || !bus::answers() {
        return builder;
    }
    builder.plugin(tauri_plugin_single_instance::init(|handle, words, folder| {
        let words = words.into_iter().skip(1).map(Into::into);
        let Start::Run(arguments) = arguments::read(words, Path::new(&folder)) else { return };
        if let Some(windows) = handle.try_state::<Arc<Windows>>() {
            windows.serve_again(arguments);
        }
    }))
}

fn project_folders() -> Option<directories::ProjectDirs> {
    directories::ProjectDirs::from("io.github", "anjuan", "anjuan")
}

fn shell(handle: &tauri::AppHandle, folders: &directories::ProjectDirs) -> Shell {
    let mut fonts = Vec::new();
    if let Ok(resources) = handle.path().resource_dir() {
        fonts.push(resources.join("fonts"));
    }
    fonts.extend(anjuan_archive::system_font_folders(
        directories::BaseDirs::new().as_ref().map(directories::BaseDirs::home_dir),
    ));
    let emitter = handle.clone();
    Shell {
        folders: Folders {
            config: folders.config_dir().to_owned(),
            data: folders.data_dir().to_owned(),
            cache: folders.cache_dir().to_owned(),
            fonts,
            programs: anjuan_archive::program_folders(std::env::var_os("PATH").as_deref()),
        },
        clock: Arc::new(SystemClock),
        desktop: Box::new(desktop::TauriDesktop::new(handle.clone())),
        emit: Box::new(move |event| Windows::tell(&emitter, event)),
        version: env!("CARGO_PKG_VERSION").into(),
        platform: std::env::consts::OS.into(),
        user: std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default(),
    }
}
